import { describe, expect, test } from 'vitest';
import { defaultOptions } from '../../../src/domain/options.ts';
import {
  codesOf,
  convertYaml,
  filters,
  input,
  objectsOf,
  patchesOf,
  routesOf,
  statusOf,
} from '../convert.ts';

interface Operation {
  readonly hosts?: readonly string[];
  readonly notHosts?: readonly string[];
  readonly paths?: readonly string[];
  readonly notPaths?: readonly string[];
}

function rulesOf(conversion: ReturnType<typeof convertYaml>, ending = '') {
  return objectsOf(conversion, 'AuthorizationPolicy')
    .filter(({ metadata }) => metadata.name.endsWith(ending))
    .flatMap(({ spec }) => (spec as { rules: { from?: object[]; to: { operation: Operation }[] }[] }).rules);
}

const allow = { 'allowlist-source-range': '10.0.0.0/8, 192.0.2.1' };

describe('as AuthorizationPolicies', () => {
  test('an allow list refuses all others on the whole host, on any port', () => {
    const [rule] = rulesOf(convertYaml(input([{ annotations: allow }])));
    expect(rule?.from).toEqual([{ source: { notIpBlocks: ['10.0.0.0/8', '192.0.2.1'] } }]);
    expect(rule?.to).toEqual([
      { operation: { hosts: ['a.example.com', 'a.example.com:*'], notPorts: ['15443'] } },
    ]);
  });

  test('a list of one location leaves longer and other ones alone', () => {
    const conversion = convertYaml(
      input([
        { annotations: allow, paths: ['/admin'] },
        { name: 'other', paths: ['/', '/admin/public'] },
      ]),
    );
    const [rule] = rulesOf(conversion);
    expect(rule?.to[0]?.operation.paths).toEqual(['/admin/*', '/admin']);
    expect(rule?.to[0]?.operation.notPaths).toEqual(['/admin/public', '/admin/public/*']);
  });

  test('the catch-all leaves every other host alone', () => {
    const conversion = convertYaml(
      input([
        { annotations: allow, host: '' },
        { name: 'other', host: 'b.example.com' },
      ]),
    );
    const [rule] = rulesOf(conversion);
    expect(rule?.to[0]?.operation.hosts).toEqual(['*']);
    expect(rule?.to[0]?.operation.notHosts).toEqual(['b.example.com', 'b.example.com:*']);
  });

  test('a wildcard leaves hosts below it alone, and takes no port that the policy does not know', () => {
    const conversion = convertYaml(
      input([
        { annotations: allow, host: '*.example.com' },
        { name: 'other', host: 'b.example.com' },
        { name: 'far', host: 'b.example.org' },
      ]),
    );
    const [rule] = rulesOf(conversion);
    expect(rule?.to[0]?.operation.hosts).toContain('*.example.com:8080');
    expect(rule?.to[0]?.operation.notHosts).toEqual(['b.example.com', 'b.example.com:*']);
    const authorities = routesOf(conversion, '*.example.com').flatMap(({ match }) => match ?? []);
    expect(authorities).not.toHaveLength(0);
    for (const { authority } of authorities)
      expect(authority).toEqual({ regex: String.raw`(?i)[\w-]+\.example\.com(?::(?:80|443|8080|8443))?` });
    expect(codesOf(conversion)).toContain('access/wildcard-ports');
  });

  test('says that refused clients get no redirect and no preflight', () => {
    const cors = convertYaml(input([{ annotations: { ...allow, 'enable-cors': 'true' } }]));
    expect(codesOf(cors)).toContain('access/policy-first');
    expect(codesOf(convertYaml(input([{ annotations: allow }])))).not.toContain('access/policy-first');
  });

  test.each([
    ['/a.*', ['/a*'], ['/A/x', '/a/x']],
    ['/docs/?(.*)', ['/docs*'], ['/DOCS', '/docs/x']],
    ['/api(/|$)(.*)', ['/api', '/api/*'], ['/Api/x', '/api/x']],
    ['/exact$', ['/exact'], ['/EXACT', '/exact']],
  ])('%s of a regex host is a path in one spelling, and the others are closed', (path, paths, spellings) => {
    const conversion = convertYaml(
      input([
        { annotations: { ...allow, 'use-regex': 'true' }, paths: [path] },
        { name: 'other', paths: ['/'] },
      ]),
    );
    expect(codesOf(conversion)).not.toContain('access/closed');
    const [policy] = objectsOf(conversion, 'AuthorizationPolicy');
    expect(policy?.spec).toMatchObject({ rules: [{ to: [{ operation: { paths } }] }] });
    const closed = routesOf(conversion).find(({ name }) => name.includes('other-spelling'));
    const own = new RegExp(`^(?:${closed?.match?.[0]?.withoutHeaders?.[':path']?.['regex' as never]})$`);
    expect(spellings.map((spelling) => own.test(spelling))).toEqual([false, true]);
    expect(closed?.directResponse?.status).toBe(403);
  });

  test('what an earlier pattern takes is left out, and one that is more than a path closes the location', () => {
    const text = (earlier: string) =>
      input([
        { annotations: { ...allow, 'use-regex': 'true' }, paths: ['/a'] },
        { name: 'other', paths: [earlier], annotations: { 'use-regex': 'true' } },
      ]);
    const [policy] = objectsOf(convertYaml(text('/a/open')), 'AuthorizationPolicy');
    expect(policy?.spec).toMatchObject({
      rules: [
        {
          to: [
            { operation: { paths: ['/a*'], notPaths: ['/a/open*'] } },
            { operation: { paths: ['/*'], notPaths: ['/a*', '/a/open*'] } },
          ],
        },
      ],
    });
    const closed = (earlier: string) =>
      convertYaml(text(earlier)).findings.flatMap(({ type, args }) =>
        type.code === 'access/closed' ? [(args as { path: string }).path] : [],
      );
    expect(closed('/a/[0-9]+/open')).toEqual(['/a', '/']);
    expect(closed('/b/[0-9]+/open')).toEqual(['/']);
  });

  test('paths that the server answers itself are left out, and names that only redirect', () => {
    const annotations = { ...allow, 'app-root': '/app', 'from-to-www-redirect': 'true' };
    const [policy] = objectsOf(convertYaml(input([{ annotations }])), 'AuthorizationPolicy');
    const operation = { hosts: ['a.example.com', 'a.example.com:*'], notPaths: ['/'] };
    expect(policy?.spec).toMatchObject({ rules: [{ to: [{ operation }] }] });
  });

  test('a regular expression cannot be told by paths, so it is closed', () => {
    const conversion = convertYaml(
      input([
        { annotations: { ...allow, 'use-regex': 'true' }, paths: ['/a/[0-9]+'] },
        { name: 'other', paths: ['/'] },
      ]),
    );
    expect(codesOf(conversion)).toContain('access/closed');
    expect(objectsOf(conversion, 'AuthorizationPolicy')).toEqual([]);
    expect(routesOf(conversion).find(({ name }) => name.includes('closed'))).toBeDefined();
  });
});

describe('spellings that Envoy would give to another location', () => {
  const spelled = (options = defaultOptions) =>
    routesOf(
      convertYaml(
        input([
          { annotations: allow, paths: ['/a@b/c'] },
          { name: 'other', paths: ['/'] },
        ]),
        options,
      ),
    ).flatMap(({ match, directResponse }) =>
      directResponse?.status === 403
        ? (match ?? []).map(({ uri }) => new RegExp(`^(?:${(uri as { regex: string }).regex})$`))
        : [],
    );

  test.each([
    '//a@b/c',
    '/a@b//c',
    '/a@b%2Fc',
    '/a@b%2fc/d',
    '/a%40b/c',
    '/x/..%2Fa@b/c',
    '/x%2F..',
    '/x%2F../a@b/c',
  ])('%s is closed', (path) => {
    expect(spelled().some((pattern) => pattern.test(path))).toBe(true);
  });

  test('is told', () => {
    const conversion = convertYaml(input([{ annotations: allow, paths: ['/a'] }, { name: 'other' }]));
    expect(codesOf(conversion)).toContain('access/spellings-closed');
  });

  test.each(['/x', '/a@b', '/xa@b/c', '/a.b%2Fc', '/x/..y%2Fz'])('%s is not', (path) => {
    expect(spelled().some((pattern) => pattern.test(path))).toBe(false);
  });

  test('none, where all locations have the same list', () => {
    const conversion = convertYaml(input([{ annotations: allow, paths: ['/', '/admin'] }]));
    expect(codesOf(conversion)).not.toContain('access/spellings-closed');
  });

  test('none, where the mesh reads paths as nginx does', () => {
    const mesh = { ...defaultOptions.mesh, pathNormalization: 'DECODE_AND_MERGE_SLASHES' as const };
    expect(spelled({ ...defaultOptions, mesh })).toEqual([]);
  });
});

describe("as rules of the location's own routes", () => {
  test('deny and allow list make one rule, and there is no policy', () => {
    const conversion = convertYaml(
      input([{ annotations: { ...allow, 'denylist-source-range': '10.9.0.0/16' }, paths: ['/a', '/b'] }]),
      filters,
    );
    expect(objectsOf(conversion, 'AuthorizationPolicy')).toEqual([]);
    const names = patchesOf(conversion, '-com-access').map(
      (patch) => (patch as { match: { routeConfiguration: { vhost: { route: object } } } }).match,
    );
    expect(names).toHaveLength(2 + 1);
    const direct = (address_prefix: string, prefix_len: number) => ({
      direct_remote_ip: { address_prefix, prefix_len },
    });
    expect(patchesOf(conversion, '-com-access')[0]).toMatchObject({
      patch: {
        value: {
          typed_per_filter_config: {
            'ingress2istio.access': {
              rbac: {
                rules: {
                  action: 'DENY',
                  policies: {
                    denied: {
                      principals: [
                        direct('10.9.0.0', 16),
                        { not_id: { or_ids: { ids: [direct('10.0.0.0', 8), direct('192.0.2.1', 32)] } } },
                      ],
                    },
                  },
                },
              },
            },
          },
        },
      },
    });
  });

  test('regular expressions are no obstacle', () => {
    const yaml = input([
      { annotations: { ...allow, 'use-regex': 'true' }, paths: ['/a.*'] },
      { name: 'other', paths: ['/'] },
    ]);
    expect(codesOf(convertYaml(yaml, filters))).not.toContain('access/closed');
    expect(patchesOf(convertYaml(yaml, filters), '-com-access')).toHaveLength(1);
  });
});

describe('the global lists', () => {
  test.each([
    [{ 'whitelist-source-range': '10.0.0.0/8' }, { notIpBlocks: ['10.0.0.0/8'] }],
    [{ 'denylist-source-range': '10.0.0.0/8' }, { ipBlocks: ['10.0.0.0/8'] }],
    [{ 'block-cidrs': '10.0.0.1, 10.2.0.0/16' }, { ipBlocks: ['10.0.0.1', '10.2.0.0/16'] }],
  ])('%j', (config, source) => {
    expect(rulesOf(convertYaml(input([{}], config)))[0]?.from).toEqual([{ source }]);
  });

  test('block-cidrs are forgotten where a location has a list', () => {
    const rules = rulesOf(convertYaml(input([{ annotations: allow }], { 'block-cidrs': '10.0.0.1' })));
    expect(rules).toHaveLength(1);
    expect(rules[0]?.from).toEqual([{ source: { notIpBlocks: ['10.0.0.0/8', '192.0.2.1'] } }]);
  });
});

describe('clients behind proxies', () => {
  const forwarded = input([{ annotations: allow }], { 'use-forwarded-headers': 'true' });

  test('close the location as long as nobody says how many proxies there are', () => {
    const conversion = convertYaml(forwarded, filters);
    expect(codesOf(conversion)).toContain('client-address/closed');
    expect(statusOf(conversion, 'allowlist-source-range')).toBe('closed');
  });

  test('are counted from the right', () => {
    const mesh = { ...defaultOptions.mesh, numTrustedProxies: 1 };
    const conversion = convertYaml(forwarded, { ...defaultOptions, mesh });
    expect(rulesOf(conversion)[0]?.from).toEqual([
      { source: { notRemoteIpBlocks: ['10.0.0.0/8', '192.0.2.1'] } },
    ]);
    expect(codesOf(conversion)).toContain('access/trusted-proxies');
  });
});

test('a list that cannot be read answers 503, as in nginx', () => {
  const conversion = convertYaml(input([{ annotations: { 'allowlist-source-range': 'office' } }]));
  expect(routesOf(conversion)[0]?.directResponse?.status).toBe(503);
  expect(objectsOf(conversion, 'AuthorizationPolicy')).toEqual([]);
});

test('a location that only redirects is not checked', () => {
  const conversion = convertYaml(
    input([{ annotations: { ...allow, 'permanent-redirect': 'https://b.example.com' } }]),
  );
  expect(objectsOf(conversion, 'AuthorizationPolicy')).toEqual([]);
});

test('one step for all lists sees to the addresses of clients', () => {
  const conversion = convertYaml(
    input([
      { annotations: allow, paths: ['/', '/a'] },
      { name: 'b', host: 'b.example.com', annotations: allow },
    ]),
  );
  const steps = conversion.steps.filter(({ key }) => key === 'client-address');
  expect(steps.map(({ origins }) => origins.length)).toEqual([2]);
  expect(convertYaml(input([{}])).steps.filter(({ key }) => key === 'client-address')).toEqual([]);
});

test.each<[string, object, RegExp | undefined]>([
  ['keeps them', { type: 'LoadBalancer', externalTrafficPolicy: 'Local' }, undefined],
  ['hides them', { type: 'LoadBalancer' }, /Service istio-system\/edge/],
  [
    'is none that clients reach',
    { type: 'ClusterIP', externalTrafficPolicy: 'Local' },
    /Check that the gateway/,
  ],
])(
  "the Service of the gateway, where the input has it, says whether clients' addresses arrive: it %s",
  (_, spec, title) => {
    const service = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'edge', namespace: 'istio-system' },
      spec: { selector: { istio: 'ingressgateway', app: 'edge' }, ports: [{ port: 80 }], ...spec },
    });
    const listed = input([{ annotations: { 'whitelist-source-range': '10.0.0.0/8' } }]);
    const steps = convertYaml(`${listed}\n---\n${service}`).steps.filter(
      ({ key }) => key === 'client-address',
    );
    if (title === undefined) expect(steps).toEqual([]);
    else expect(steps.map((step) => step.title)).toEqual([expect.stringMatching(title)]);
  },
);
