import { expect, test } from 'vitest';
import { codesOf, convertYaml, filters, objectsOf, patchesOf, routesOf, statusOf } from '../convert.ts';
import { type ClusterText, clusterYaml } from '../upstreams.ts';

const bundle = { bundle: ['ca.crt', 'tls.crt', 'tls.key'], ca: ['ca.crt'], pair: ['tls.crt', 'tls.key'] };

const web = (annotations: Record<string, string>, more: Partial<ClusterText> = {}) =>
  clusterYaml({
    ingresses: [{ name: 'web', to: [{ service: 'web' }], annotations }],
    secrets: bundle,
    ...more,
  });

function subsets(
  yaml: string,
): readonly { name: string; trafficPolicy?: { tls?: unknown; connectionPool?: unknown } }[] {
  return objectsOf(convertYaml(yaml), 'DestinationRule').flatMap(
    ({ spec }) => (spec as { subsets: { name: string }[] }).subsets,
  );
}

const unverified = { mode: 'SIMPLE', insecureSkipVerify: true };
const http2 = { http: { h2UpgradePolicy: 'UPGRADE' } };

test.each([
  ['HTTPS', [{ name: 'https', trafficPolicy: { tls: unverified } }]],
  ['https', [{ name: 'https', trafficPolicy: { tls: unverified } }]],
  ['GRPC', [{ name: 'grpc', trafficPolicy: { connectionPool: http2 } }]],
  ['GRPCS', [{ name: 'grpcs', trafficPolicy: { connectionPool: http2, tls: unverified } }]],
  ['HTTP', []],
])('backend-protocol %s', (protocol, expected) => {
  expect(subsets(web({ 'backend-protocol': protocol }))).toEqual(expected);
});

test('AUTO_HTTP speaks the scheme of the client', () => {
  const yaml = clusterYaml({
    ingresses: [
      {
        name: 'web',
        tls: 'pair',
        to: [{ service: 'web' }],
        annotations: { 'backend-protocol': 'AUTO_HTTP', 'ssl-redirect': 'false' },
      },
    ],
    secrets: bundle,
  });
  const routes = routesOf(convertYaml(yaml)).filter(({ route }) => route !== undefined);
  expect(routes.map(({ match, route }) => [match?.[0]?.port, route?.[0]?.destination.subset])).toEqual([
    [443, 'https'],
    [undefined, undefined],
  ]);
});

test('FastCGI closes the location', () => {
  const conversion = convertYaml(web({ 'backend-protocol': 'FCGI' }));
  expect(codesOf(conversion)).toContain('backend-protocol/fastcgi');
  expect(routesOf(conversion).every(({ route }) => route === undefined)).toBe(true);
});

test.each([
  ['grpc-web', {}, 'backend-protocol/http2-port'],
  ['https', {}, 'backend-protocol/tls-port'],
  ['http', { 'backend-protocol': 'HTTPS' }, 'backend-protocol/server-name'],
])('a port named %s', (portName, annotations, code) => {
  const named = web(annotations, { services: [{ name: 'web', portName }] });
  expect(codesOf(convertYaml(named))).toContain(code);
  const plain = web({}, { services: [{ name: 'web', portName: 'http-api' }] });
  expect(codesOf(convertYaml(plain))).not.toContain(code);
});

const https = { 'backend-protocol': 'HTTPS' };

test.each<[string, Record<string, string>, object]>([
  [
    'a client certificate',
    { 'proxy-ssl-secret': 'demo/pair' },
    { mode: 'MUTUAL', credentialName: 'demo-pair', insecureSkipVerify: true },
  ],
  [
    'a name that is sent',
    { 'proxy-ssl-secret': 'demo/ca', 'proxy-ssl-name': 'x.example.com', 'proxy-ssl-server-name': 'on' },
    { mode: 'SIMPLE', sni: 'x.example.com', insecureSkipVerify: true },
  ],
  [
    'a check',
    { 'proxy-ssl-secret': 'demo/ca', 'proxy-ssl-verify': 'on', 'proxy-ssl-name': 'x.example.com' },
    { mode: 'SIMPLE', credentialName: 'demo-ca', subjectAltNames: ['x.example.com'] },
  ],
  [
    'a check that always fails',
    { 'proxy-ssl-secret': 'demo/bundle', 'proxy-ssl-verify': 'on' },
    { mode: 'MUTUAL', credentialName: 'demo-bundle', subjectAltNames: ['upstream_balancer'] },
  ],
  ['a check without a Secret, which nginx does not read', { 'proxy-ssl-verify': 'on' }, unverified],
])('proxy-ssl: %s', (_, annotations, tls) => {
  expect(subsets(web({ ...https, ...annotations }))).toEqual([{ name: 'https', trafficPolicy: { tls } }]);
});

test('a check without a name is told, and the Secret is copied', () => {
  const conversion = convertYaml(
    web({ ...https, 'proxy-ssl-secret': 'demo/bundle', 'proxy-ssl-verify': 'on' }),
  );
  expect(codesOf(conversion)).toContain('proxy-ssl/verify-without-name');
  expect(conversion.secretCopies).toEqual([
    { from: { namespace: 'demo', name: 'bundle' }, to: { namespace: 'istio-system', name: 'demo-bundle' } },
  ]);
});

test('a location without a Secret takes over the check of its host', () => {
  const yaml = clusterYaml({
    ingresses: [
      {
        name: 'a',
        to: [{ path: '/a', service: 'web' }],
        annotations: {
          ...https,
          'proxy-ssl-secret': 'demo/ca',
          'proxy-ssl-verify': 'on',
          'proxy-ssl-name': 'n',
        },
      },
      { name: 'b', to: [{ path: '/b', service: 'other' }], annotations: https },
    ],
    secrets: bundle,
  });
  const settings = subsets(yaml).map(({ trafficPolicy }) => trafficPolicy?.tls);
  expect(settings).toEqual([settings[0], settings[0]]);
  expect(settings[0]).toMatchObject({ subjectAltNames: ['n'] });
});

test('a certificate and a CA from two Secrets close the location', () => {
  const yaml = clusterYaml({
    ingresses: [
      {
        name: 'a',
        to: [{ path: '/a', service: 'web' }],
        annotations: { ...https, 'proxy-ssl-secret': 'demo/ca', 'proxy-ssl-verify': 'on' },
      },
      {
        name: 'b',
        to: [{ path: '/b', service: 'other' }],
        annotations: { ...https, 'proxy-ssl-secret': 'demo/pair' },
      },
    ],
    secrets: bundle,
  });
  const conversion = convertYaml(yaml);
  expect(codesOf(conversion)).toContain('proxy-ssl/closed');
  expect(JSON.stringify(routesOf(conversion))).not.toContain('other.demo');
});

test.each([
  [
    'proxy-ssl-ciphers',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'converted',
    '"cipher_suites":["ECDHE-RSA-AES128-GCM-SHA256"]',
  ],
  ['proxy-ssl-ciphers', 'HIGH:!aNULL', 'manual', ''],
  ['proxy-ssl-protocols', 'TLSv1.3', 'converted', '"tls_minimum_protocol_version":"TLSv1_3"'],
  ['proxy-ssl-verify-depth', '2', 'converted', '"max_verify_depth":2'],
])('%s %s needs an EnvoyFilter', (name, value, status, written) => {
  const yaml = web({ ...https, 'proxy-ssl-secret': 'demo/ca', 'proxy-ssl-verify': 'on', [name]: value });
  const stable = convertYaml(yaml);
  expect(codesOf(stable)).toContain('proxy-ssl/opt-in');
  expect(statusOf(stable, name)).toBe('opt-in');
  const allowed = convertYaml(yaml, filters);
  expect(statusOf(allowed, name)).toBe(status);
  expect(JSON.stringify(patchesOf(allowed, 'tls-limits'))).toContain(written);
  expect(codesOf(allowed).includes('proxy-ssl/ciphers')).toBe(status === 'manual');
});

const passthrough = clusterYaml({
  ingresses: [
    { name: 'web', to: [{ service: 'web', port: 443 }], annotations: { 'ssl-passthrough': 'true' } },
  ],
  services: [{ name: 'web', port: 443, portName: 'https' }],
});

test('ssl-passthrough needs the flag of the controller', () => {
  const off = convertYaml(passthrough);
  expect(statusOf(off, 'ssl-passthrough')).toBe('no-effect-today');
  const on = convertYaml(passthrough, {
    ...filters,
    controllerFlags: ['--enable-ssl-passthrough'],
    defaultCertificate: 'c',
  });
  expect(statusOf(on, 'ssl-passthrough')).toBe('converted');
  expect(codesOf(on)).toContain('ssl-passthrough/plain-http');
  expect(objectsOf(on, 'Gateway')[0]?.spec).toMatchObject({
    servers: [{ port: { protocol: 'HTTP' } }, { port: { protocol: 'TLS' }, tls: { mode: 'PASSTHROUGH' } }],
  });
  expect(objectsOf(on, 'VirtualService')[0]?.spec).toMatchObject({
    tls: [{ match: [{ port: 443, sniHosts: ['a.example.com'] }] }],
  });
  expect(routesOf(on).flatMap(({ match = [] }) => match.map(({ port }) => port))).not.toContain(443);
});
