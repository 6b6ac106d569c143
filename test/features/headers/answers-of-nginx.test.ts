import { describe, expect, test } from 'vitest';
import { CERTIFICATE } from '../../read/certificate.ts';
import { codesOf, convertYaml, filters, input, objectsOf, parity, patchesOf, routesOf } from '../convert.ts';

const service = (name: string) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'demo' },
    spec: { ports: [{ name: 'http', port: 80 }] },
  });
const added = JSON.stringify({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'added', namespace: 'demo' },
  data: { 'X-Global': 'g' },
});

const snippetsAllowed = { 'allow-snippet-annotations': 'true', 'annotations-risk-level': 'Critical' };

const responseOf = (yaml: string, name: string) =>
  routesOf(convertYaml(yaml)).find((route) => route.name === name)?.headers?.response?.set;

describe('an answer carries the headers of the place that gives it', () => {
  const hsts = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' };

  test('a denied location has those of every location, and no CORS', () => {
    const annotations = { 'enable-cors': 'true', 'auth-url': 'no url', 'ssl-redirect': 'false' };
    expect(responseOf(input([{ tls: true, annotations }]), 'root.denied.secure')).toEqual(hsts);
  });

  test.each([
    ['app-root', { 'app-root': '/app' }, 'root.app-root'],
    ['a www name', { 'from-to-www-redirect': 'true' }, 'root.www'],
    [
      'a location of a server snippet',
      { 'server-snippet': 'location = /h { return 200; }' },
      'root.server-snippet',
    ],
  ])('%s has those of all servers', (_name, annotations, route) => {
    const yaml = [
      input([{ tls: true, annotations }], { 'add-headers': 'demo/added', ...snippetsAllowed }),
      added,
    ].join('\n---\n');
    const { location: _location, ...headers } = responseOf(yaml, route) ?? {};
    expect(headers).toEqual({ 'x-global': 'g' });
  });

  test("the built-in error page of the host's implicit / has none of the location", () => {
    const yaml = input([{ paths: ['/a'], tls: true, annotations: { 'custom-http-errors': '404' } }]);
    const routes = routesOf(convertYaml(yaml)).filter(({ directResponse }) => directResponse?.status === 404);
    expect(routes.map(({ headers }) => headers)).toEqual([undefined]);
  });

  test('a refusal by a filter has those of the route that answers itself', () => {
    const yaml = input([
      { paths: ['/a'], tls: true, annotations: { 'allowlist-source-range': '10.0.0.0/8' } },
    ]);
    expect(JSON.stringify(patchesOf(convertYaml(yaml, filters), 'reply-headers'))).toContain(
      'strict-transport-security',
    );
    expect(codesOf(convertYaml(yaml, filters))).not.toContain('access/bare-refusal');
    const told = convertYaml(yaml).findings.find(({ type }) => type.code === 'access/bare-refusal');
    expect(told?.type.fields).toEqual(['response-header:strict-transport-security']);
  });
});

describe('names without a certificate', () => {
  const named = (annotations: Record<string, string>) =>
    `${input([{ tls: true, annotations }])}\n---\n${JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: { name: 'cert', namespace: 'demo' },
      data: { 'tls.crt': CERTIFICATE, 'tls.key': '' },
    })}`;

  test('are not redirected to HTTPS, and show the default certificate where there is one', () => {
    const yaml = named({ 'server-alias': 'other.example.net' });
    const redirect = routesOf(convertYaml(yaml)).find(({ name }) => name === 'root.ssl-redirect');
    expect(redirect?.match).toMatchObject([
      { authority: { regex: expect.stringContaining('a\\.example\\.com') } },
    ]);
    const servers = objectsOf(convertYaml(yaml, parity), 'Gateway').flatMap(
      ({ spec }) => (spec as { servers: { hosts: string[]; tls?: { credentialName: string } }[] }).servers,
    );
    expect(servers).toContainEqual(
      expect.objectContaining({
        hosts: ['other.example.net'],
        tls: expect.objectContaining({ credentialName: 'ingress-default-certificate' }),
      }),
    );
  });

  test("have the host's EnvoyFilters, too", () => {
    const yaml = named({ 'server-alias': 'other.example.net', 'allowlist-source-range': '10.0.0.0/8' });
    const patches = JSON.stringify(patchesOf(convertYaml(yaml, parity), 'access'));
    for (const domainName of ['a.example.com', 'other.example.net'])
      expect(patches).toContain(JSON.stringify({ domainName }).slice(1, -1));
  });
});

test.each([
  ['force-ssl-redirect', { 'force-ssl-redirect': 'true' }],
  ['a client certificate', { 'auth-tls-secret': 'demo/ca' }],
])('a host without a certificate and with %s is served with a default one', (_name, annotations) => {
  const conversion = convertYaml(input([{ annotations }]));
  expect(conversion.steps.map(({ kind }) => kind)).toContain('certificate');
  expect(codesOf(conversion)).not.toContain('tls/https-lost');
});

test('headers by status are one filter of the location', () => {
  const snippet = 'add_header X-A a;\nmore_set_headers -s "500 502" "X-Err: 1";\nexpires 1h;';
  const yaml = input([{ annotations: { 'configuration-snippet': snippet } }]);
  const script = JSON.stringify(patchesOf(convertYaml(yaml, filters), 'status-headers'));
  expect(script).toContain('os.time() + 3600');
  expect(script).toContain('headers:add');
  expect(codesOf(convertYaml(yaml))).toContain('snippet/header-on-every-status');
  expect(codesOf(convertYaml(yaml, filters))).not.toContain('snippet/header-on-every-status');
});

test.each([
  ['http://other.demo.svc.cluster.local$request_uri', '"" .. sent'],
  ['http://other.demo.svc.cluster.local/m$request_uri', '"/m" .. sent'],
  ['http://other.demo.svc.cluster.local/copy', '"/copy" .. (sent:match'],
])('a filter copies requests to %s with that path and Host', (target, path) => {
  const yaml = [input([{ paths: ['/a'], annotations: { 'mirror-target': target } }]), service('other')].join(
    '\n---\n',
  );
  const patches = patchesOf(convertYaml(yaml, filters), 'mirror')
    .map((patch) => JSON.stringify(patch))
    .filter((patch) => patch.includes('HTTP_ROUTE'));
  // The host's implicit / is copied, too.
  expect(patches).toHaveLength(2);
  expect(patches[0]).toContain(JSON.stringify(path).slice(1, -1));
  expect(codesOf(convertYaml(yaml))).toContain('mirror/unmatched-paths');
});

test('the catch-all server answers health checks', () => {
  const [route] = routesOf(convertYaml(input([{ host: '' }])), '*');
  expect(route).toMatchObject({ match: [{ uri: { prefix: '/healthz' } }], directResponse: { status: 200 } });
  const elsewhere = convertYaml(input([{ host: '' }]), {
    ...filters,
    controllerFlags: ['--health-check-path=/alive'],
  });
  expect(routesOf(elsewhere, '*')[0]).toMatchObject({ match: [{ uri: { prefix: '/alive' } }] });
});
