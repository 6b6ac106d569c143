import { describe, expect, it } from 'vitest';
import { converted, extrasOf, ingress, service, told } from './converted.ts';

const named = { with: 'gateway-only', 'gateway-service-account': 'gw' };
const base = [ingress('a', 'web'), service('web')];
const principals = (conversion: ReturnType<typeof converted>) =>
  Object.values(extrasOf(conversion, 'AuthorizationPolicy')).map(
    (spec) =>
      (spec as { rules: { from: { source: { principals: string[] } }[] }[] }).rules[0]!.from[0]!.source,
  );
const codes = (conversion: ReturnType<typeof converted>) =>
  told(conversion).map((text) => text.slice(0, text.indexOf(':')));

function gateway(account: string, labels: string, namespace = 'istio-system'): string {
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: gw-${account}, namespace: ${namespace} }\nspec: { template: { metadata: { labels: ${labels} }, spec: { serviceAccountName: ${account}, containers: [{ name: istio-proxy, image: 'docker.io/istio/proxyv2:1.30.2' }] } } }`;
}

function networkPolicy(spec: string): string {
  return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: np, namespace: shop }\nspec: { podSelector: { matchLabels: { app: web } }, ${spec} }`;
}

describe('access from the gateway only', () => {
  it.each([
    ['the flag', [], named, ['cluster.local/ns/istio-system/sa/gw']],
    [
      "the gateway's workload",
      [gateway('edge', '{ istio: ingressgateway, zone: a }')],
      { with: 'gateway-only' },
      ['cluster.local/ns/istio-system/sa/edge'],
    ],
    [
      'the flag before the workload',
      [gateway('edge', '{ istio: ingressgateway }')],
      named,
      ['cluster.local/ns/istio-system/sa/gw'],
    ],
  ])('takes the account of %s', (_, more, flags, expected) => {
    expect(principals(converted([...base, ...more], flags))).toEqual([{ principals: expected }]);
  });

  it.each([
    ['no workload', []],
    ['that of another gateway', [gateway('edge', '{ istio: egressgateway }')]],
    ['that of another namespace', [gateway('edge', '{ istio: ingressgateway }', 'edge')]],
  ])('is not written where the input shows %s', (_, more) => {
    const conversion = converted([...base, ...more], { with: 'gateway-only' });
    expect(extrasOf(conversion, 'AuthorizationPolicy')).toEqual({});
    expect(codes(conversion)).toEqual(['extras/no-service-account']);
  });

  it('is one policy for Services of the same pods', () => {
    const conversion = converted(
      [
        ingress('a', 'web'),
        ingress('b', 'again'),
        service('web'),
        service('again', 'selector: { app: web }'),
      ],
      named,
    );
    expect(extrasOf(conversion, 'AuthorizationPolicy')).toEqual({
      'shop/gateway-only-again': {
        selector: { matchLabels: { app: 'web' } },
        action: 'ALLOW',
        rules: [{ from: [{ source: { principals: ['cluster.local/ns/istio-system/sa/gw'] } }] }],
      },
    });
  });

  it.each([
    ['without selector', 'clusterIP: None', ['extras/no-selector']],
    ['outside', 'type: ExternalName, externalName: api.example.org', ['extras/no-selector']],
  ])('has no pods for a Service %s', (_, spec, expected) => {
    const conversion = converted([ingress('a', 'web'), service('web', spec)], named);
    expect(extrasOf(conversion, 'AuthorizationPolicy')).toEqual({});
    expect(codes(conversion)).toEqual(expected);
  });

  it('is not written where the gateway opens TLS of its own', () => {
    const secured = ingress('a', 'web', { 'backend-protocol': 'HTTPS' });
    const flags = { ...named, with: 'gateway-only,peer-authentication,sidecar' };
    const conversion = converted([secured, service('web')], flags);
    expect((conversion.extras ?? []).map(({ object }) => object.kind)).toEqual(['Sidecar']);
    expect(codes(conversion)).toEqual(['extras/own-tls']);
  });

  const refused = 'extras/other-callers: With access from the gateway only, shop/web refuses ';
  it.each([
    ['nobody', [], undefined],
    ['everybody', [networkPolicy('ingress: [{}]')], 'everybody, which NetworkPolicy shop/np admits.'],
    [
      'pods of the namespace',
      [networkPolicy('ingress: [{ from: [{ podSelector: { matchLabels: { app: job } } }] }]')],
      'pods with app=job in namespace shop, which NetworkPolicy shop/np admits.',
    ],
    [
      'addresses',
      [networkPolicy('ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }]')],
      'addresses 10.0.0.0/8, which NetworkPolicy shop/np admits.',
    ],
    [
      'not ingress-nginx',
      [
        networkPolicy(
          'ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress-nginx } } }] }]',
        ),
      ],
      undefined,
    ],
    [
      'another controller',
      [ingress('b', 'web').replace('ingressClassName: nginx', 'ingressClassName: traefik')],
      "Ingress shop/b, which ingress-nginx doesn't serve.",
    ],
    [
      'routes that are there',
      [
        'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: inner, namespace: shop }\nspec: { hosts: [web], http: [{ route: [{ destination: { host: web } }] }] }',
      ],
      'callers that VirtualService shop/inner sends there.',
    ],
    [
      'what a terminal would obey as text',
      [networkPolicy('ingress: [{ from: [{ podSelector: { matchLabels: { app: "\\e[2J" } } }] }]')],
      'pods with app=\\x1b[2J in namespace shop, which NetworkPolicy shop/np admits.',
    ],
  ])('tells of other callers: %s', (_, more, expected) => {
    const conversion = converted([...base, ...more], named);
    expect(told(conversion).filter((text) => text.startsWith('extras/other-callers'))).toEqual(
      expected === undefined ? [] : [`${refused}${expected}`],
    );
  });
});

describe('other policies', () => {
  it.each([
    [
      'PeerAuthentication',
      'peer-authentication',
      'security.istio.io/v1',
      '{ selector: { matchLabels: { app: web } }, mtls: { mode: PERMISSIVE } }',
    ],
    [
      'Sidecar',
      'sidecar',
      'networking.istio.io/v1',
      '{ workloadSelector: { labels: { app: web } }, egress: [{ hosts: ["*/*"] }] }',
    ],
  ])('leaves a %s that is there', (kind, extra, version, spec) => {
    const there = `apiVersion: ${version}\nkind: ${kind}\nmetadata: { name: own, namespace: shop }\nspec: ${spec}`;
    const without = converted(base, { with: extra });
    expect(Object.keys(extrasOf(without, kind))).toHaveLength(1);
    const conversion = converted([...base, there], { with: extra });
    expect(conversion.extras).toEqual([]);
    expect(codes(conversion)).toEqual(['extras/exists']);
  });
});
