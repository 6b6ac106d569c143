import { expect, it } from 'vitest';
import { outputStream } from '../../src/output/files.ts';
import { classOf, deployment, ingress } from '../controllers/objects.ts';
import { converted, extrasOf, service, told } from './converted.ts';

const documents = [
  deployment('external', []),
  deployment('internal', ['--controller-class=k8s.io/ingress-inner', '--ingress-class=inner']),
  classOf('nginx', 'k8s.io/ingress-nginx'),
  classOf('inner', 'k8s.io/ingress-inner'),
  ingress('out', 'nginx', 'shop.example.com', { annotations: { 'proxy-connect-timeout': '2' } }),
  ingress('in', 'inner', 'shop.internal', { annotations: { 'proxy-connect-timeout': '3' } }),
  service('web'),
];

function gateway(namespace: string, account: string): string {
  return [
    'apiVersion: apps/v1',
    'kind: Deployment',
    `metadata: { name: gateway, namespace: ${namespace} }`,
    `spec: { template: { metadata: { labels: { istio: ${namespace} } }, spec: { serviceAccountName: ${account}, containers: [{ name: istio-proxy, image: 'istio/proxyv2:1.30.0' }] } } }`,
  ].join('\n');
}

const flags = {
  'gateway-for': ['nginx=edge/istio=edge', 'inner=inner/istio=inner'],
  with: 'connection-pool,gateway-only,telemetry',
};

it('has limits for each gateway of several, and lets all of them in', () => {
  const conversion = converted([...documents, gateway('edge', 'out'), gateway('inner', 'in')], flags);
  expect(Object.keys(extrasOf(conversion, 'DestinationRule')).sort()).toEqual([
    'edge/limits-shop-web-nginx',
    'inner/limits-shop-web-inner',
  ]);
  expect(Object.keys(extrasOf(conversion, 'Telemetry')).sort()).toEqual([
    'edge/gateway-telemetry-nginx',
    'inner/gateway-telemetry-inner',
  ]);
  expect(JSON.stringify(extrasOf(conversion, 'AuthorizationPolicy'))).toContain(
    '["cluster.local/ns/edge/sa/out","cluster.local/ns/inner/sa/in"]',
  );
});

it('writes no policy that would shut one of the gateways out', () => {
  const conversion = converted([...documents, gateway('edge', 'out')], flags);
  expect(extrasOf(conversion, 'AuthorizationPolicy')).toEqual({});
  expect(told(conversion).map((text) => text.split(':')[0])).toEqual(['extras/no-service-account']);
});

it('takes what it wrote before for its own', () => {
  const all = [...documents, gateway('edge', 'out'), gateway('inner', 'in')];
  const first = converted(all, flags);
  const again = converted([...all, outputStream([...first.objects, ...first.extras!])], flags);
  expect(outputStream(again.extras!)).toBe(outputStream(first.extras!));
  expect(again.findings.map(({ type }) => type.code)).toEqual(first.findings.map(({ type }) => type.code));
});
