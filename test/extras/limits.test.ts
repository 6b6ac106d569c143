import { describe, expect, it } from 'vitest';
import type { DestinationRuleSpec } from '../../src/istio-api/types.ts';
import { converted, extrasOf, ingress, service, settings, told } from './converted.ts';

const both = { with: 'connection-pool,outlier-detection' };

function ruleOf(documents: readonly string[], flags: Record<string, unknown> = both): DestinationRuleSpec {
  const conversion = converted([...documents, service('web')], flags);
  expect(told(conversion)).toEqual([]);
  const rule = extrasOf(conversion, 'DestinationRule')['istio-system/limits-shop-web'];
  return rule as unknown as DestinationRuleSpec;
}

describe('limits', () => {
  const usual = {
    tcp: { maxConnections: 16384, connectTimeout: '5s', maxConnectionDuration: '3600s' },
    http: {
      http1MaxPendingRequests: 16384,
      http2MaxRequests: 16384,
      maxRequestsPerConnection: 10000,
      idleTimeout: '60s',
    },
  };
  const { tcp, http } = usual;
  const many = { http1MaxPendingRequests: 40000, http2MaxRequests: 40000 };

  it.each<[string, config: Record<string, string>, annotations: Record<string, string>, pool: object]>([
    ['the defaults of nginx', {}, {}, usual],
    [
      'connections of all workers',
      { 'max-worker-connections': '10000', 'worker-processes': '4' },
      {},
      { tcp: { ...tcp, maxConnections: 40000 }, http: { ...http, ...many } },
    ],
    ['as many workers as cores', { 'worker-processes': 'auto' }, {}, usual],
    [
      'what makes no sense, or overflows',
      {
        'max-worker-connections': '0',
        'worker-processes': '-3',
        'upstream-keepalive-timeout': 'soon',
        'upstream-keepalive-requests': '99999999999999999999',
        'upstream-keepalive-time': '1h30m',
      },
      {},
      usual,
    ],
    [
      'keepalive',
      {
        'upstream-keepalive-requests': '100',
        'upstream-keepalive-timeout': '5',
        'upstream-keepalive-time': '10m',
      },
      {},
      {
        tcp: { ...tcp, maxConnectionDuration: '600s' },
        http: { ...http, maxRequestsPerConnection: 100, idleTimeout: '5s' },
      },
    ],
    [
      'no keepalive',
      { 'upstream-keepalive-connections': '0' },
      {},
      {
        tcp,
        http: { http1MaxPendingRequests: 16384, http2MaxRequests: 16384, maxRequestsPerConnection: 1 },
      },
    ],
    [
      'the time to connect',
      { 'proxy-connect-timeout': '7' },
      {},
      { tcp: { ...tcp, connectTimeout: '7s' }, http },
    ],
    [
      'that of an Ingress',
      { 'proxy-connect-timeout': '7' },
      { 'proxy-connect-timeout': '9' },
      { tcp: { ...tcp, connectTimeout: '9s' }, http },
    ],
  ])('take %s', (_, config, annotations, pool) => {
    const rule = ruleOf([settings(config), ingress('a', 'web', annotations)]);
    expect(rule.trafficPolicy?.connectionPool).toEqual(pool);
  });

  it.each<[string, annotations: Record<string, string>[], [local: number, gateway: number, server: number]]>([
    ['by default', [{}], [3, 0, 0]],
    ['with more tries', [{ 'proxy-next-upstream-tries': '4' }], [4, 0, 0]],
    ['without other tries', [{ 'proxy-next-upstream': 'off' }], [5, 0, 0]],
    ['with one try', [{ 'proxy-next-upstream-tries': '1' }], [5, 0, 0]],
    ['without a limit for tries', [{ 'proxy-next-upstream-tries': '0' }], [10, 0, 0]],
    ['by statuses of a gateway', [{ 'proxy-next-upstream': 'error http_503' }], [3, 3, 0]],
    ['by every 5xx', [{ 'proxy-next-upstream': 'error http_500 http_502' }], [3, 3, 3]],
    [
      'as the most patient Ingress has it',
      [{ 'proxy-next-upstream': 'error http_502', 'proxy-next-upstream-tries': '6' }, {}],
      [6, 0, 0],
    ],
  ])('leave pods out %s', (_, annotations, [local, gateway, server]) => {
    const rule = ruleOf(annotations.map((own, index) => ingress(`i${index}`, 'web', own)));
    expect(rule.trafficPolicy?.outlierDetection).toEqual({
      splitExternalLocalOriginErrors: true,
      consecutiveLocalOriginFailures: local,
      consecutiveGatewayErrors: gateway,
      consecutive5xxErrors: server,
      interval: '10s',
      baseEjectionTime: '30s',
      maxEjectionPercent: 50,
      minHealthPercent: 50,
    });
    expect(rule.trafficPolicy?.loadBalancer).toEqual({ localityLbSetting: { enabled: false } });
  });

  it('are for TCP what they are for TCP in nginx', () => {
    const ports =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: tcp-services, namespace: ingress-nginx }\ndata: { "5432": shop/web:80 }';
    const config = settings({ 'proxy-stream-timeout': '30m' });
    expect(ruleOf([config, ports]).trafficPolicy?.connectionPool).toEqual({
      tcp: { maxConnections: 16384, idleTimeout: '1800s' },
    });
    expect(ruleOf([config, ports, ingress('a', 'web')]).trafficPolicy?.connectionPool).toEqual({
      tcp: { maxConnections: 16384, connectTimeout: '5s', idleTimeout: '1800s' },
      http,
    });
  });

  it.each([
    ['by default', {}, 3],
    ['with other tries', { 'proxy-stream-next-upstream-tries': '7' }, 7],
    ['without other tries', { 'proxy-stream-next-upstream': 'false' }, 5],
  ])('leave pods of a TCP port out %s', (_, config, errors) => {
    const ports =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: tcp-services, namespace: ingress-nginx }\ndata: { "5432": shop/web:80 }';
    const rule = ruleOf([settings(config as Record<string, string>), ports]);
    expect(rule.trafficPolicy?.outlierDetection?.consecutiveLocalOriginFailures).toBe(errors);
  });

  it('are those that were asked for', () => {
    const pool = ruleOf([ingress('a', 'web')], { with: 'connection-pool' });
    expect(Object.keys(pool.trafficPolicy!)).toEqual(['connectionPool']);
    const outliers = ruleOf([ingress('a', 'web')], { with: 'outlier-detection' });
    expect(Object.keys(outliers.trafficPolicy!)).toEqual(['loadBalancer', 'outlierDetection']);
  });
});
