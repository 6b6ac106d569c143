import { describe, expect, test } from 'vitest';
import { codes, ingress, messages, placed, RULE, read } from './reading.ts';

const only = (spec: string, version?: string) => {
  const cluster = read(ingress(spec, version === undefined ? {} : { version }));
  return { cluster, ingress: cluster.ingresses[0]!, codes: codes(cluster) };
};
const withPath = (path: string) => `rules:\n- host: a.example.com\n  http:\n    paths:\n    - ${path}`;
const BACKEND = 'backend: {service: {name: web, port: {number: 80}}}';

test.each(['networking.k8s.io/v1beta1', 'extensions/v1beta1'])('%s is upgraded', (version) => {
  const spec = `backend:\n  serviceName: d\n  servicePort: http\n${withPath('backend: {serviceName: web, servicePort: 8080}')}`;
  const { ingress: upgraded, codes } = only(spec, version);
  expect(codes).toEqual(['input/upgraded-api']);
  expect(upgraded.defaultBackend).toMatchObject({ name: 'd', port: 'http' });
  expect(upgraded.rules[0]!.paths).toMatchObject([
    { path: '', pathType: 'ImplementationSpecific', backend: { name: 'web', port: 8080 } },
  ]);
});

test('fields of the other version are read and told', () => {
  const old = only(withPath('{path: /, pathType: Prefix, backend: {serviceName: web, servicePort: 80}}'));
  expect(old.codes).toEqual(['input/mixed-versions']);
  expect(old.ingress.rules[0]!.paths![0]!.backend).toMatchObject({ name: 'web', port: 80 });
  const current = only(withPath(`{path: /, ${BACKEND}}`), 'extensions/v1beta1');
  expect(current.codes).toEqual(['input/mixed-versions', 'input/upgraded-api'].sort());
});

test('a rule keeps what it has', () => {
  const { ingress: read_, codes } = only(
    'rules:\n- host: "*.example.com"\n- http:\n    paths: []\ndefaultBackend:\n  resource: {apiGroup: g.io, kind: Bucket, name: b}',
  );
  expect(codes).toEqual([]);
  expect(read_.rules).toMatchObject([{ host: '*.example.com' }, { host: '', paths: [] }]);
  expect(read_.rules[0]!.paths).toBeUndefined();
  expect(read_.defaultBackend).toMatchObject({ kind: 'resource', resource: 'g.io/Bucket/b' });
});

describe('hosts', () => {
  test.each([
    'A.example.com',
    '10.0.0.1',
    '::1',
    'a.*.example.com',
    '*',
    '*.*.example.com',
    'a_b.example.com',
    'example.com.',
    'a..b',
    '-a.com',
    'https://a.example.com',
    'a.example.com:80',
    '$HOST',
    `${'a'.repeat(250)}.com`,
  ])('%s is refused, the other rule stays', (host) => {
    const { ingress: read_, codes, cluster } = only(`${RULE}\n- host: '${host}'`);
    expect(codes).toEqual(['input/bad-host']);
    expect(placed(cluster)[0]).toMatch(/ 17:/);
    expect(read_.rules).toMatchObject([{ host: 'a.example.com' }]);
  });

  test.each(['a', 'xn--bcher-kva.example', '1.example.com', '*.a.b'])('%s is fine', (host) => {
    expect(only(`${RULE}\n- host: '${host}'`).codes).toEqual([]);
  });

  test('a default backend does not outlive the rules it stands behind', () => {
    const { ingress: read_, codes } = only(
      `rules:\n- host: A\nde${'faultBackend'}: {service: {name: d, port: {number: 80}}}`,
    );
    expect(read_.defaultBackend).toBeUndefined();
    expect(codes.sort()).toEqual(['input/bad-host', 'input/default-backend-alone']);
  });
});

const paths: Record<string, readonly [entry: string, codes: string[], kept: unknown]> = {
  'relative Prefix': [`{path: api, pathType: Prefix, ${BACKEND}}`, ['input/relative-path'], undefined],
  'relative Exact': [`{path: '', pathType: Exact, ${BACKEND}}`, ['input/relative-path'], undefined],
  'relative ImplementationSpecific': [
    `{path: api, pathType: ImplementationSpecific, ${BACKEND}}`,
    ['input/refused-path'],
    { path: 'api' },
  ],
  'double slash': [`{path: /a//b, pathType: Prefix, ${BACKEND}}`, ['input/refused-path'], { path: '/a//b' }],
  'no pathType': [`{path: /, ${BACKEND}}`, ['input/missing-path-type'], { path: '/', pathType: undefined }],
  'unknown pathType': [
    `{path: /, pathType: Regex, ${BACKEND}}`,
    ['input/bad-path-type'],
    { pathType: undefined },
  ],
  'path of the wrong type': [`{path: [a], pathType: Prefix, ${BACKEND}}`, ['input/wrong-type'], undefined],
  'no backend': ['{path: /, pathType: Prefix}', ['input/bad-backend'], undefined],
  'backend without service': ['{path: /, pathType: Prefix, backend: {}}', ['input/bad-backend'], undefined],
  'service without name': [
    '{path: /, pathType: Prefix, backend: {service: {port: {number: 80}}}}',
    ['input/bad-backend'],
    undefined,
  ],
  'service with a bad name': [
    '{path: /, pathType: Prefix, backend: {service: {name: a/b, port: {number: 80}}}}',
    ['input/bad-backend'],
    undefined,
  ],
  'no port': [
    '{path: /, pathType: Prefix, backend: {service: {name: web}}}',
    ['input/bad-port'],
    { backend: { name: 'web', port: undefined } },
  ],
  'port out of range': [
    '{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 70000}}}}',
    ['input/bad-port'],
    { backend: { port: undefined } },
  ],
  'huge port': [
    '{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 99999999999999999999}}}}',
    ['input/bad-port'],
    { backend: { port: undefined } },
  ],
  'port in quotes': [
    '{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: "80"}}}}',
    ['input/port-as-text'],
    { backend: { port: 80 } },
  ],
  'named port': [
    '{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http-8080}}}}',
    [],
    { backend: { port: 'http-8080' } },
  ],
};

test.each(Object.entries(paths))('path: %s', (_, [entry, expected, kept]) => {
  const { ingress: read_, codes } = only(`${RULE}\n    - ${entry}`);
  expect(codes).toEqual(expected);
  const [, second] = read_.rules[0]!.paths!;
  if (kept === undefined) expect(second).toBeUndefined();
  else expect(second).toMatchObject(kept as object);
});

test('no rules, no default backend, no spec', () => {
  expect(only('rules: []').codes).toEqual(['input/ingress-without-rules']);
  expect(only('{}').codes).toEqual(['input/ingress-without-rules']);
  expect(only('').codes).toEqual(['input/ingress-without-rules']);
});

test('TLS entries', () => {
  const { ingress: read_, codes } = only(
    `${RULE}\ntls:\n- {}\n- hosts: [a.example.com, B]\n- secretName: a/b`,
  );
  expect(read_.tls).toMatchObject([
    { hosts: [], secretName: '' },
    { hosts: ['a.example.com'], secretName: '' },
    { hosts: [], secretName: '' },
  ]);
  expect(codes).toEqual(['input/bad-tls-host', 'input/bad-value']);
});

test('messages show hostile values without their control characters', () => {
  const { cluster } = only(`${RULE}\n- host: "a\\e]0;x\\a\\u202e"`);
  expect(messages(cluster)).not.toMatch(/[\u0000-\u001f\u202e]/);
});
