import { expect, test } from 'vitest';
import { codesOf, convertYaml, objectsOf, routesOf, statusOf } from '../convert.ts';
import { clusterYaml } from '../upstreams.ts';

const web = (annotations: Record<string, string>) =>
  convertYaml(clusterYaml({ ingresses: [{ name: 'web', to: [{ service: 'web' }], annotations }] }));

const inside = { host: 'other.demo.svc.cluster.local', port: { number: 80 } };

test.each([
  ['http://other.demo.svc.cluster.local$request_uri', inside],
  ['http://other.demo.svc:80$request_uri', inside],
  ['https://other.demo.svc.cluster.local:80$request_uri', { ...inside, subset: 'https' }],
  ['http://Mirror.Example.org:8080$request_uri', { host: 'mirror.example.org', port: { number: 8080 } }],
  [
    'https://mirror.example.org$request_uri',
    { host: 'mirror.example.org', subset: 'https', port: { number: 443 } },
  ],
])('requests are copied to %s', (target, destination) => {
  const conversion = web({ 'mirror-target': target });
  expect(routesOf(conversion)[0]?.mirrors).toEqual([{ destination, percentage: { value: 100 } }]);
  expect(statusOf(conversion, 'mirror-target')).toBe('converted');
  expect(codesOf(conversion)).toContain('mirror/host');
  expect(codesOf(conversion)).not.toContain('mirror/path');
});

test('a host outside gets a ServiceEntry, and TLS without a check', () => {
  const conversion = web({ 'mirror-target': 'https://mirror.example.org$request_uri' });
  expect(objectsOf(conversion, 'ServiceEntry').map(({ spec }) => spec)).toEqual([
    {
      hosts: ['mirror.example.org'],
      location: 'MESH_EXTERNAL',
      ports: [{ number: 443, name: 'http-443', protocol: 'HTTP' }],
      resolution: 'DNS',
    },
  ]);
  expect(objectsOf(conversion, 'DestinationRule').map(({ spec }) => spec)).toEqual([
    {
      host: 'mirror.example.org',
      subsets: [
        {
          name: 'https',
          trafficPolicy: { tls: { mode: 'SIMPLE', sni: 'mirror.example.org', insecureSkipVerify: true } },
        },
      ],
    },
  ]);
});

test('a Service of the cluster needs no ServiceEntry', () => {
  const conversion = web({ 'mirror-target': 'https://other.demo.svc.cluster.local:80$request_uri' });
  expect(objectsOf(conversion, 'ServiceEntry')).toEqual([]);
  expect(objectsOf(conversion, 'DestinationRule')).toHaveLength(1);
});

test.each([
  ['http://$host$request_uri', 'mirror/variable'],
  ['ftp://mirror.example.org', 'mirror/variable'],
  ['http://mirror.example.org:0', 'mirror/variable'],
  ['http://ghost.demo.svc.cluster.local$request_uri', 'mirror/service-missing'],
  ['http://other.demo.svc.cluster.local:81$request_uri', 'mirror/service-missing'],
])('%s is left to a person', (target, code) => {
  const conversion = web({ 'mirror-target': target });
  expect(codesOf(conversion)).toContain(code);
  expect(statusOf(conversion, 'mirror-target')).toBe('manual');
  expect(routesOf(conversion)[0]?.mirrors).toBeUndefined();
});

test.each([
  ['another path', { 'mirror-target': 'http://other.demo.svc/copies' }, 'mirror/path'],
  [
    'a rewritten path',
    { 'mirror-target': 'http://other.demo.svc$request_uri', 'rewrite-target': '/x' },
    'mirror/path',
  ],
  [
    'no body',
    { 'mirror-target': 'http://other.demo.svc$request_uri', 'mirror-request-body': 'off' },
    'mirror/body',
  ],
])('%s is told', (_, annotations, code) => {
  expect(codesOf(web(annotations))).toContain(code);
});

test('without a target the others have no effect', () => {
  const conversion = web({ 'mirror-host': 'x', 'mirror-request-body': 'off' });
  expect(statusOf(conversion, 'mirror-host')).toBe('no-effect-today');
  expect(codesOf(conversion).filter((code) => code.startsWith('mirror/'))).toEqual([]);
});

test('Ingresses of several namespaces that copy to one host outside share its objects', () => {
  const ingress = (namespace: string) =>
    clusterYaml({
      ingresses: [
        {
          name: 'web',
          host: `${namespace}.example.com`,
          to: [{ service: 'web' }],
          annotations: { 'mirror-target': 'https://mirror.example.org$request_uri' },
        },
      ],
    }).replaceAll('"namespace":"demo"', `"namespace":"${namespace}"`);
  const conversion = convertYaml(`${ingress('one')}\n---\n${ingress('two')}`);
  for (const kind of ['ServiceEntry', 'DestinationRule'])
    expect(objectsOf(conversion, kind).map(({ metadata }) => metadata.namespace)).toEqual(['istio-system']);
  expect(codesOf(conversion)).not.toContain('check/two-destination-rules');
});
