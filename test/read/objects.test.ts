import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { rawObject } from '../../src/read/source.ts';
import { CERTIFICATE } from './certificate.ts';
import { codes, placed, read } from './reading.ts';

test('Services', () => {
  const cluster = read(`apiVersion: v1
kind: Service
metadata: {name: a}
spec:
  clusterIP: None
  ports:
  - {name: http, port: 80, targetPort: web, appProtocol: kubernetes.io/ws}
  - {port: 90, targetPort: 9090, protocol: UDP}
  - {port: 0}
---
apiVersion: v1
kind: Service
metadata: {name: b, namespace: n1}
spec: {type: ExternalName, externalName: db.example.com.}
---
apiVersion: v1
kind: Service
metadata: {name: c}
spec: {type: ExternalName, externalName: "a b"}
`);
  expect(cluster.services).toMatchObject([
    {
      ref: { kind: 'Service', namespace: 'default', name: 'a' },
      type: 'ClusterIP',
      headless: true,
      ports: [
        { name: 'http', port: 80, targetPort: 'web', protocol: 'TCP', appProtocol: 'kubernetes.io/ws' },
        { name: undefined, port: 90, targetPort: 9090, protocol: 'UDP', appProtocol: undefined },
      ],
    },
    { type: 'ExternalName', externalName: undefined, headless: false },
    { type: 'ExternalName', externalName: 'db.example.com.', ports: [] },
  ]);
  expect(placed(cluster)).toEqual(['input/bad-value 9:12', 'input/bad-value 19:42']);
});

describe('Secrets', () => {
  const secret = (body: string) =>
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '{"data":{"k":"SECRET"}}'\n    a: b\n${body}`;

  test('names of keys and of the certificate, and no value', () => {
    const { secrets, findings } = read(
      secret(
        `type: kubernetes.io/tls\ndata:\n  tls.key: U0VDUkVU\n  tls.crt: ${CERTIFICATE}\nstringData:\n  a: SECRET\n`,
      ),
    );
    expect(secrets).toMatchObject([
      { type: 'kubernetes.io/tls', keys: ['a', 'tls.crt', 'tls.key'], certificateNames: ['a.example.com'] },
    ]);
    expect([...secrets[0]!.annotations]).toEqual([['a', 'b']]);
    expect(
      JSON.stringify({ ...secrets[0], annotations: [...secrets[0]!.annotations], source: undefined }),
    ).not.toMatch(/SECRET|U0VDUkVU/);
    expect(findings).toEqual([]);
  });

  test('without data nothing is known of the keys', () => {
    expect(read(secret('type: kubernetes.io/tls\n')).secrets[0]).toMatchObject({
      keys: undefined,
      certificateNames: undefined,
    });
  });

  test('a certificate that is none', () => {
    const cluster = read(secret('data:\n  tls.crt: U0VDUkVU\n'));
    expect(cluster.secrets[0]).toMatchObject({
      type: 'Opaque',
      keys: ['tls.crt'],
      certificateNames: undefined,
    });
    expect(placed(cluster)).toEqual(['input/unreadable-certificate 9:12']);
  });

  test('values of the wrong type are not shown', () => {
    const cluster = read(secret('data: SECRET\n'));
    expect(JSON.stringify(cluster.findings.map(({ args }) => args))).not.toContain('SECRET');
    expect(codes(cluster)).toEqual(['input/wrong-type']);
  });
});

test('IngressClasses are cluster-scoped, ConfigMaps keep their data', () => {
  const cluster = read(`apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx, namespace: ignored}
spec: {controller: k8s.io/ingress-nginx}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {a: "1", b: true}
binaryData: {x: AA==}
`);
  expect(cluster.ingressClasses).toMatchObject([
    { ref: { namespace: '', name: 'nginx' }, controller: 'k8s.io/ingress-nginx' },
  ]);
  expect([...cluster.configMaps[0]!.data]).toEqual([
    ['a', '1'],
    ['b', 'true'],
  ]);
  expect(codes(cluster)).toEqual(['input/not-text']);
});

describe('controllers', () => {
  const workload = (container: string, kind = 'Deployment') =>
    `apiVersion: apps/v1\nkind: ${kind}\nmetadata: {name: c, namespace: ingress-nginx}\nspec:\n  template:\n    spec:\n      containers:\n      - image: sidecar\n      - ${container}\n`;
  const ENV =
    'env: [{name: NS, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}, {name: X, value: v}]';

  test.each([
    [
      'registry.k8s.io/ingress-nginx/controller:v1.15.1',
      'args: [/nginx-ingress-controller, --a=1, --b, "2", --c]',
      ['--a=1', '--b=2', '--c'],
    ],
    [
      'bitnami/nginx-ingress-controller:1',
      'args: [--a=$(NS)/x, --b=$(X)$(Z)]',
      ['--a=ingress-nginx/x', '--b=v$(Z)'],
    ],
    [
      'own/image',
      'command: [dumb-init, --, /nginx-ingress-controller, --a]\n        args: [--b=c]',
      ['--a', '--b=c'],
    ],
    ['own/image', 'command: [sh, -c, exec /nginx-ingress-controller --a=b --c]', ['--a=b', '--c']],
    ['registry.k8s.io/ingress-nginx/controller', 'ports: []', []],
  ])('%s with %s', (image, rest, args) => {
    const { controllers } = read(workload(`image: ${image}\n        ${rest}\n        ${ENV}`, 'DaemonSet'));
    expect(controllers).toMatchObject([{ ref: { namespace: 'ingress-nginx', name: 'c' }, args }]);
  });

  test('other workloads are counted', () => {
    const { controllers, others } = read(workload('image: nginx/nginx-ingress # not ingress-nginx'));
    expect(controllers).toEqual([]);
    expect([...others]).toEqual([['Deployment', 1]]);
  });
});

test('Istio objects and related kinds are kept as they stand', () => {
  const gateway =
    'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: g}\nspec: {servers: []}\n';
  const policy = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\n';
  const other = 'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g}\n';
  const { istioObjects, related, others } = read([gateway, policy, other].join('---\n'));
  expect(istioObjects).toMatchObject([{ apiVersion: 'networking.istio.io/v1', body: load(gateway) }]);
  expect(related).toMatchObject([{ ref: { kind: 'NetworkPolicy' } }]);
  expect([...others]).toEqual([['Gateway', 1]]);
});

test('the raw object can be had back from its source', () => {
  const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\n';
  const texts = [
    service,
    `kind: List\napiVersion: v1\nitems:\n- ${service.replaceAll('\n', '\n  ')}`,
    JSON.stringify(load(service)),
  ];
  for (const text of texts) expect(rawObject(read(text).services[0]!.source)).toEqual(load(service));
});
