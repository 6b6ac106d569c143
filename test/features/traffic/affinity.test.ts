import { expect, test } from 'vitest';
import { codesOf, convertYaml, filters, objectsOf, patchesOf, routesOf, statusOf } from '../convert.ts';
import { clusterYaml, type UpstreamIngress } from '../upstreams.ts';

const sticky = (annotations: Record<string, string> = {}, more: Partial<UpstreamIngress> = {}) =>
  ({
    name: 'web',
    to: [{ service: 'web' }],
    annotations: { affinity: 'cookie', ...annotations },
    ...more,
  }) satisfies UpstreamIngress;

function cookies(yaml: string, options = undefined as Parameters<typeof convertYaml>[1]): unknown[] {
  return objectsOf(convertYaml(yaml, options), 'DestinationRule').flatMap(({ spec }) =>
    (
      spec as { subsets: { trafficPolicy: { loadBalancer: { consistentHash: { httpCookie: unknown } } } }[] }
    ).subsets.map(({ trafficPolicy }) => trafficPolicy.loadBalancer.consistentHash.httpCookie),
  );
}

const session = { name: 'INGRESSCOOKIE', path: '/', ttl: '0s' };

test.each<[string, Record<string, string>, object]>([
  ['nothing else', {}, session],
  [
    'a name and a path',
    { 'session-cookie-name': 'route', 'session-cookie-path': '/p' },
    { ...session, name: 'route', path: '/p' },
  ],
  ['an age', { 'session-cookie-max-age': '60', 'session-cookie-expires': '99' }, { ...session, ttl: '60s' }],
  [
    'an age of nothing',
    { 'session-cookie-max-age': '0' },
    { ...session, attributes: [{ name: 'Max-Age', value: '0' }] },
  ],
  ['a date', { 'session-cookie-expires': '99' }, { ...session, ttl: '99s' }],
  [
    'attributes',
    {
      'session-cookie-domain': 'example.com',
      'session-cookie-samesite': 'Lax',
      'session-cookie-secure': 'true',
    },
    {
      ...session,
      attributes: [
        { name: 'Domain', value: 'example.com' },
        { name: 'SameSite', value: 'Lax' },
        { name: 'Secure' },
      ],
    },
  ],
])('the cookie says %s', (_, annotations, cookie) => {
  expect(cookies(clusterYaml({ ingresses: [sticky(annotations)] }))).toEqual([cookie]);
});

test('over HTTPS alone the cookie is Secure', () => {
  const yaml = clusterYaml({
    ingresses: [sticky({ 'ssl-redirect': 'false' }, { tls: 'cert' })],
    secrets: { cert: ['tls.crt', 'tls.key'] },
  });
  expect(cookies(yaml)).toEqual([{ ...session, attributes: [{ name: 'Secure' }] }, session]);
  const routes = routesOf(convertYaml(yaml)).filter(({ route }) => route !== undefined);
  expect(
    routes.map(({ name, match, route }) => [name, match?.[0]?.port, route?.[0]?.destination.subset]),
  ).toEqual([
    ['root.secure', 443, 'sticky'],
    ['root', undefined, 'sticky-2'],
  ]);
});

test('each path has a cookie of its own, and a location without the annotation obeys it', () => {
  const yaml = clusterYaml({
    ingresses: [
      sticky(
        {},
        {
          to: [
            { path: '/one', service: 'web' },
            { path: '/two', service: 'web' },
          ],
        },
      ),
      { name: 'plain', host: 'b.example.com', to: [{ service: 'web' }] },
    ],
  });
  expect(cookies(yaml)).toEqual([
    { ...session, path: '/two' },
    { ...session, path: '/one' },
    { name: 'INGRESSCOOKIE' },
  ]);
});

test('the last Ingress of a Service names the cookie, the first decides the mode', () => {
  const conversion = convertYaml(
    clusterYaml({
      ingresses: [
        sticky({ 'session-cookie-name': 'first', 'affinity-mode': 'balanced' }),
        sticky(
          { 'session-cookie-name': 'last', 'affinity-mode': 'persistent' },
          { name: 'late', host: 'b.example.com' },
        ),
      ],
    }),
  );
  const text = JSON.stringify(objectsOf(conversion, 'DestinationRule'));
  expect(text).toContain('"name":"last"');
  expect(text).not.toContain('"name":"first"');
  const outcomes = conversion.outcomes.filter(({ subject }) => subject.kind === 'annotation');
  const named = (name: string) =>
    outcomes.filter(({ subject }) => subject.name.endsWith(name)).map(({ status }) => status);
  expect(named('session-cookie-name').sort()).toEqual(['converted', 'no-effect-today']);
  expect(named('affinity-mode').sort()).toEqual(['converted', 'no-effect-today']);
});

test('without affinity the cookie has no effect', () => {
  const conversion = convertYaml(
    clusterYaml({
      ingresses: [{ name: 'web', to: [{ service: 'web' }], annotations: { 'session-cookie-name': 'x' } }],
    }),
  );
  expect(objectsOf(conversion, 'DestinationRule')).toEqual([]);
  expect(statusOf(conversion, 'session-cookie-name')).toBe('no-effect-today');
});

test('persistent affinity is a stateful session where EnvoyFilters are allowed', () => {
  const yaml = clusterYaml({ ingresses: [sticky({ 'affinity-mode': 'persistent' })] });
  const stable = convertYaml(yaml);
  expect(codesOf(stable)).toContain('affinity/persistent-opt-in');
  expect(statusOf(stable, 'affinity-mode')).toBe('opt-in');
  const allowed = convertYaml(yaml, filters);
  expect(objectsOf(allowed, 'DestinationRule')).toEqual([]);
  expect(statusOf(allowed, 'affinity-mode')).toBe('converted');
  expect(JSON.stringify(patchesOf(allowed, 'a-example-com-sticky-session'))).toContain(
    'CookieBasedSessionState',
  );
});

test.each([
  ['session-cookie-expires', '60', 'affinity/expires-as-max-age', 'converted'],
  ['session-cookie-change-on-failure', 'true', 'affinity/change-on-failure', 'impossible'],
  ['session-cookie-conditional-samesite-none', 'true', 'affinity/conditional-same-site', 'impossible'],
])('%s is told', (name, value, code, status) => {
  const conversion = convertYaml(clusterYaml({ ingresses: [sticky({ [name]: value })] }));
  expect(codesOf(conversion)).toContain(code);
  expect(statusOf(conversion, name)).toBe(status);
});

test.each([
  ['sticky', { 'canary-weight': '20' }, true, '"use_hash_policy":true'],
  ['legacy', { 'canary-weight': '20', 'affinity-canary-behavior': 'legacy' }, true, '[]'],
  ['all of it', { 'canary-weight': '100' }, false, '[]'],
])('a canary (%s) and the cookie', (_, annotations, told, patches) => {
  const yaml = clusterYaml({
    ingresses: [
      sticky(),
      { name: 'canary', to: [{ service: 'other' }], annotations: { canary: 'true', ...annotations } },
    ],
  });
  expect(codesOf(convertYaml(yaml)).includes('affinity/canary-decided-anew')).toBe(told);
  expect(JSON.stringify(patchesOf(convertYaml(yaml, filters), 'sticky-canary'))).toContain(patches);
});
