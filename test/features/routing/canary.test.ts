import { expect, test } from 'vitest';
import { codesOf, convertYaml, routesOf } from '../convert.ts';
import { clusterYaml, type ServiceText } from '../upstreams.ts';

const services: readonly ServiceText[] = [{ name: 'web' }, { name: 'next' }, { name: 'third' }];

const withCanary = (
  annotations: Record<string, string>,
  service = 'next',
  more: readonly ServiceText[] = services,
) =>
  convertYaml(
    clusterYaml({
      services: more,
      ingresses: [
        { name: 'web', to: [{ service: 'web' }] },
        { name: 'canary', to: [{ service }], annotations: { canary: 'true', ...annotations } },
      ],
    }),
  );

const statuses = (conversion: ReturnType<typeof withCanary>) =>
  Object.fromEntries(
    conversion.outcomes
      .filter(({ subject }) => subject.kind === 'annotation')
      .map(({ subject, status }) => [subject.name.replace('nginx.ingress.kubernetes.io/', ''), status]),
  );

const shape = (conversion: ReturnType<typeof withCanary>, host?: string) =>
  routesOf(conversion, host).map(({ match, route = [] }) => [
    match?.[0]?.headers,
    route.map(({ destination, weight }) => `${destination.host.split('.')[0]} ${weight ?? 'all'}`).join(', '),
  ]);

test.each<[string, Record<string, string>, unknown[]]>([
  ['no rule', {}, [[undefined, 'web all']]],
  ['a weight', { 'canary-weight': '20' }, [[undefined, 'web 80, next 20']]],
  [
    'a weight of a larger total',
    { 'canary-weight': '20', 'canary-weight-total': '200' },
    [[undefined, 'web 180, next 20']],
  ],
  [
    'a weight of a smaller total',
    { 'canary-weight': '5', 'canary-weight-total': '10' },
    [[undefined, 'web 95, next 5']],
  ],
  ['all', { 'canary-weight': '100' }, [[undefined, 'next all']]],
  [
    'a header and a weight of 0',
    { 'canary-by-header': 'X-Canary', 'canary-weight': '0' },
    [
      [{ 'x-canary': { exact: 'always' } }, 'next all'],
      [{ 'x-canary': { exact: 'never' } }, 'web all'],
      [undefined, 'web all'],
    ],
  ],
  [
    'a value, before a pattern',
    { 'canary-by-header': 'X-Canary', 'canary-by-header-value': 'yes', 'canary-by-header-pattern': 'no.*' },
    [
      [{ 'x-canary': { exact: 'yes' } }, 'next all'],
      [undefined, 'web all'],
    ],
  ],
  [
    'a pattern',
    { 'canary-by-header': 'X-Canary', 'canary-by-header-pattern': '^v[0-9]+' },
    [
      [{ 'x-canary': { regex: '.*(?:^v[0-9]+).*' } }, 'next all'],
      [undefined, 'web all'],
    ],
  ],
])('%s', (_, annotations, expected) => {
  expect(shape(withCanary(annotations))).toEqual(expected);
});

test('a cookie is found by its name alone', () => {
  const [first] = routesOf(withCanary({ 'canary-by-cookie': 'c' }));
  const regex = String(Object.values(first?.match?.[0]?.headers?.['cookie'] ?? {})[0]).replace(
    '(?i:c)',
    '[cC]',
  );
  const found = (cookie: string) => new RegExp(`^(?:${regex})$`).test(cookie);
  expect(['c=always', 'a=b; C=always', 'c=always; d=e'].map(found)).toEqual([true, true, true]);
  expect(['cc=always', 'c=alwaysx', 'xc=always', 'c=never'].map(found)).toEqual([false, false, false, false]);
});

test('each annotation of a canary has its outcome', () => {
  expect(
    statuses(
      withCanary({
        'canary-by-header': 'X',
        'canary-by-header-value': 'v',
        'canary-by-header-pattern': 'p',
        'canary-weight': '5',
        'affinity-canary-behavior': 'legacy',
        'rewrite-target': '/x',
      }),
    ),
  ).toEqual({
    canary: 'converted',
    'canary-by-header': 'converted',
    'canary-by-header-value': 'converted',
    'canary-by-header-pattern': 'no-effect-today',
    'canary-weight': 'converted',
    'affinity-canary-behavior': 'no-effect-today',
    'rewrite-target': 'no-effect-today',
  });
});

test('canary rules of an Ingress that is none have no effect', () => {
  const conversion = convertYaml(
    clusterYaml({
      ingresses: [{ name: 'web', to: [{ service: 'web' }], annotations: { 'canary-weight': '50' } }],
    }),
  );
  expect(statuses(conversion)).toEqual({ 'canary-weight': 'no-effect-today' });
});

test('a canary takes part wherever its main Service is used, and a second one nowhere', () => {
  const conversion = convertYaml(
    clusterYaml({
      services,
      ingresses: [
        { name: 'web', to: [{ service: 'web' }] },
        { name: 'also', host: 'b.example.com', to: [{ service: 'web' }] },
        { name: 'one', to: [{ service: 'next' }], annotations: { canary: 'true', 'canary-weight': '10' } },
        {
          name: 'two',
          host: 'b.example.com',
          to: [{ service: 'third' }],
          annotations: { canary: 'true', 'canary-weight': '50' },
        },
      ],
    }),
  );
  expect(shape(conversion, 'b.example.com')).toEqual([[undefined, 'web 90, next 10']]);
  expect(codesOf(conversion)).toContain('canary/unused');
  const two = conversion.outcomes.filter(({ subject }) => subject.value === '50').map(({ status }) => status);
  expect(two).toEqual(['no-effect-today']);
});

test('a canary whose Service is not there gets nothing, and lets no other in', () => {
  const conversion = convertYaml(
    clusterYaml({
      services,
      ingresses: [
        { name: 'web', to: [{ service: 'web' }] },
        { name: 'one', to: [{ service: 'ghost' }], annotations: { canary: 'true', 'canary-weight': '50' } },
        { name: 'two', to: [{ service: 'third' }], annotations: { canary: 'true', 'canary-weight': '50' } },
      ],
    }),
  );
  expect(shape(conversion)).toEqual([[undefined, 'web all']]);
});

test('a canary outside the cluster takes its share', () => {
  const outside = [...services.slice(0, 1), { name: 'next', externalName: 'next.example.net' }];
  expect(shape(withCanary({ 'canary-weight': '20' }, 'next', outside))).toEqual([
    [undefined, 'web 80, next 20'],
  ]);
});

test.each<[string, string, Record<string, string>]>([
  [
    'canary/pattern-not-re2',
    'a pattern that RE2 does not take',
    { 'canary-by-header': 'X', 'canary-by-header-pattern': '(?=x)' },
  ],
  ['canary/without-endpoints', 'any canary', { 'canary-weight': '5' }],
])('%s: %s', (code, _, annotations) => {
  expect(codesOf(withCanary(annotations))).toContain(code);
});

test('canaries alone serve nothing', () => {
  const conversion = convertYaml(
    clusterYaml({ ingresses: [{ name: 'web', to: [{ service: 'web' }], annotations: { canary: 'true' } }] }),
  );
  expect(codesOf(conversion)).toContain('platform/nothing-served');
});
