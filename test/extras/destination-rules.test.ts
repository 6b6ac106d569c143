import { describe, expect, it } from 'vitest';
import type { DestinationRuleSpec } from '../../src/istio-api/types.ts';
import { outputStream } from '../../src/output/files.ts';
import { converted, extrasOf, ingress, service, told } from './converted.ts';

const both = { with: 'connection-pool,outlier-detection' };
const sticky = { affinity: 'cookie', 'proxy-connect-timeout': '2' };

function foreign(namespace: string, host: string, name = 'theirs'): string {
  return `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { host: '${host}', trafficPolicy: { tls: { mode: DISABLE } } }`;
}

describe('rules with limits', () => {
  it('are for the gateway only, and repeat the subsets with the limits in each', () => {
    const conversion = converted([ingress('a', 'web', sticky), ingress('b', 'web'), service('web')], both);
    const [name, spec] = Object.entries(extrasOf(conversion, 'DestinationRule'))[0]!;
    const rule = spec as DestinationRuleSpec;
    expect(name).toBe('istio-system/limits-shop-web');
    expect(rule.workloadSelector).toEqual({ matchLabels: { istio: 'ingressgateway' } });
    const written = conversion.objects.find(({ object }) => object.kind === 'DestinationRule')!;
    const own = written.object.spec as DestinationRuleSpec;
    expect(written.object.metadata.namespace).toBe('shop');
    expect(rule.subsets?.map((subset) => subset.name)).toEqual(own.subsets?.map((subset) => subset.name));
    for (const [index, { trafficPolicy }] of rule.subsets!.entries()) {
      const before = own.subsets![index]!.trafficPolicy!;
      if (before.connectionPool !== undefined)
        expect(trafficPolicy?.connectionPool).toEqual({
          tcp: { ...rule.trafficPolicy?.connectionPool?.tcp, ...before.connectionPool.tcp },
          http: { ...rule.trafficPolicy?.connectionPool?.http, ...before.connectionPool.http },
        });
      if (before.loadBalancer !== undefined)
        expect(trafficPolicy?.loadBalancer).toEqual({
          ...before.loadBalancer,
          localityLbSetting: { enabled: false },
        });
    }
    expect(rule.subsets!.some(({ trafficPolicy }) => trafficPolicy?.connectionPool !== undefined)).toBe(true);
  });

  it.each([
    ['in its namespace', foreign('shop', 'web'), true],
    ['by its full name', foreign('istio-system', 'web.shop.svc.cluster.local'), true],
    ['for a whole namespace', foreign('istio-system', '*.shop.svc.cluster.local'), true],
    ['for another Service', foreign('shop', 'other'), false],
    ['that the gateway does not use', foreign('elsewhere', 'web.shop.svc.cluster.local'), false],
  ])('respect a rule %s', (_, rule, respected) => {
    const conversion = converted([ingress('a', 'web'), service('web'), rule], both);
    expect(Object.keys(extrasOf(conversion, 'DestinationRule'))).toHaveLength(respected ? 0 : 1);
    expect(told(conversion).map((text) => text.split(':')[0])).toEqual(
      respected ? ['extras/destination-rule-exists'] : [],
    );
  });

  it('take what they wrote before for their own', () => {
    const documents = [ingress('a', 'web', sticky), service('web')];
    const first = converted(documents, both);
    const written = outputStream([...first.objects, ...first.extras!]);
    const again = converted([...documents, written], both);
    expect(outputStream(again.extras!)).toBe(outputStream(first.extras!));
    expect(told(again)).toEqual([]);
    expect(again.findings.map(({ type }) => type.code)).not.toContain('check/destination-rule-exists');
  });

  it('are none for what is closed', () => {
    const closed = ingress('a', 'web', { 'auth-type': 'basic', 'auth-secret': 'users' });
    const conversion = converted([closed, service('web')], both);
    expect(extrasOf(conversion, 'DestinationRule')).toEqual({});
  });

  it('are for hosts outside, too', () => {
    const outside = service('web', 'type: ExternalName, externalName: api.example.org');
    const conversion = converted([ingress('a', 'web'), outside], both);
    const rules = extrasOf(conversion, 'DestinationRule');
    expect(Object.values(rules).map((spec) => (spec as DestinationRuleSpec).host)).toEqual([
      'api.example.org',
    ]);
  });
});
