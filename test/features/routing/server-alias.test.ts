import { expect, test } from 'vitest';
import { CERTIFICATE } from '../../read/certificate.ts';
import { codesOf, convertYaml, objectsOf, statusOf } from '../convert.ts';
import { clusterYaml } from '../upstreams.ts';

const aliased = (aliases: string, host = 'a.example.com') =>
  convertYaml(
    clusterYaml({
      ingresses: [
        { name: 'web', host, to: [{ service: 'web' }], annotations: { 'server-alias': aliases } },
        { name: 'taken', host: 'taken.example.com', to: [{ service: 'other' }] },
      ],
    }),
  );

const hostsOf = (conversion: ReturnType<typeof aliased>) =>
  objectsOf(conversion, 'VirtualService').map(({ spec }) => (spec as { hosts: string[] }).hosts)[0];

test.each([
  ['b.example.org', ['a.example.com', 'b.example.org']],
  ['B.Example.org, b.example.org', ['a.example.com', 'b.example.org']],
  ['*.wild.example.org', ['a.example.com', '*.wild.example.org']],
  ['.example.org', ['a.example.com', 'example.org', '*.example.org']],
  ['*.example.com', ['*.example.com']],
  ['taken.example.com', ['a.example.com']],
])('%s', (aliases, hosts) => {
  expect(hostsOf(aliased(aliases))).toEqual(hosts);
});

test.each(['~^a[0-9]+\\.example\\.com$', 'www.example.*', 'a..b'])('%s is no host of Istio', (alias) => {
  const conversion = aliased(alias);
  expect(hostsOf(conversion)).toEqual(['a.example.com']);
  expect(codesOf(conversion)).toContain('server-alias/pattern');
  expect(statusOf(conversion, 'server-alias')).toBe('manual');
});

test('an alias of a wildcard host keeps the one label of the host', () => {
  const routes = JSON.stringify(
    objectsOf(aliased('b.c.example.com', '*.example.com'), 'VirtualService')[0]?.spec,
  );
  expect(routes).toContain('[\\\\w-]+\\\\.example\\\\.com|b\\\\.c\\\\.example\\\\.com');
});

test('an alias that the certificate does not cover has plain HTTP alone', () => {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { name: 'cert', namespace: 'demo' },
    data: { 'tls.crt': CERTIFICATE, 'tls.key': '' },
  };
  const yaml = clusterYaml({
    ingresses: [
      {
        name: 'web',
        tls: 'cert',
        to: [{ service: 'web' }],
        annotations: { 'server-alias': 'b.example.org' },
      },
    ],
  });
  const conversion = convertYaml(`${yaml}\n---\n${JSON.stringify(secret)}`);
  expect(codesOf(conversion)).toContain('server-alias/https-lost');
  const servers = objectsOf(conversion, 'Gateway').flatMap(
    ({ spec }) => (spec as { servers: { hosts: string[] }[] }).servers,
  );
  expect(servers.map(({ hosts }) => hosts)).toEqual([['a.example.com', 'b.example.org'], ['a.example.com']]);
});

test('of two hosts with one alias the one whose name sorts first has it', () => {
  const annotations = { 'server-alias': 'b.example.org' };
  const conversion = convertYaml(
    clusterYaml({
      ingresses: [
        { name: 'web', host: 'z.example.com', to: [{ service: 'web' }], annotations },
        { name: 'other', host: 'c.example.com', to: [{ service: 'other' }], annotations },
      ],
    }),
  );
  const hosts = objectsOf(conversion, 'Gateway').flatMap(({ spec }) =>
    (spec as { servers: { hosts: string[] }[] }).servers.map((server) => server.hosts),
  );
  expect(hosts).toEqual([['c.example.com', 'b.example.org'], ['z.example.com']]);
  expect(codesOf(conversion)).toContain('server-alias/taken');
  expect(codesOf(conversion)).not.toContain('check/host-in-two-gateways');
  const statuses = conversion.outcomes.flatMap(({ subject, status }) =>
    subject.name.endsWith('server-alias') ? [status] : [],
  );
  expect(statuses).toEqual(['no-effect-today', 'converted']);
});
