import { describe, expect, test } from 'vitest';
import { defaultOptions, type Options } from '../../../src/domain/options.ts';
import { toYaml } from '../../../src/emit/yaml.ts';
import { hashingOf, readAuthMap, readHtpasswd } from '../../../src/features/auth/basic/users.ts';
import {
  codesOf,
  convertYaml,
  filters,
  input,
  messagesOf,
  patchesOf,
  routesOf,
  statusOf,
} from '../convert.ts';

const inline: Options = { ...filters, inlineSecrets: true };
const sha = 'sue:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=';
const apr1 = 'bob:$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/';
const bcrypt = 'eve:$2y$05$abcdefghijklmnopqrstuuOWgUz3n9YxylKLlR5SQabcdefghijkl';

const basic = { 'auth-type': 'basic', 'auth-secret': 'users', 'auth-realm': 'My Realm' };

function withUsers(
  annotations: Readonly<Record<string, string>>,
  data: Readonly<Record<string, string>>,
  config: Readonly<Record<string, string>> = {},
): string {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'users', namespace: 'demo' },
    data: Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    ),
  };
  return `${input([{ annotations }], config)}\n---\n${JSON.stringify(secret)}`;
}

function perRoute(conversion: ReturnType<typeof convertYaml>, ending: string): Record<string, unknown> {
  const [patch] = patchesOf(conversion, ending) as {
    patch: { value: { typed_per_filter_config: Record<string, Record<string, unknown>> } };
  }[];
  return Object.values(patch?.patch.value.typed_per_filter_config ?? {})[0] ?? {};
}

test('without EnvoyFilters the location is closed, with the way out', () => {
  const conversion = convertYaml(withUsers(basic, { auth: apr1 }));
  expect(routesOf(conversion).map(({ directResponse }) => directResponse?.status)).toEqual([503]);
  expect(codesOf(conversion)).toContain('auth-basic/closed');
  expect(statusOf(conversion, 'auth-type')).toBe('closed');
});

describe('with the users in the EnvoyFilter', () => {
  test('{SHA} is for Envoy itself', () => {
    const conversion = convertYaml(withUsers(basic, { auth: `# people\n${sha}\n` }), inline);
    expect(perRoute(conversion, '-com-basic-auth').users).toEqual({ inline_string: `${sha}\n` });
    expect(codesOf(conversion)).toEqual(
      expect.arrayContaining(['auth-basic/realm', 'auth-basic/users-inline']),
    );
    const [forwarded] = routesOf(conversion).filter(({ route }) => route !== undefined);
    expect(forwarded?.headers?.request?.remove).toContain('authorization');
  });

  test('other hashes are for the script, with the realm as it is', () => {
    const conversion = convertYaml(withUsers(basic, { auth: `${apr1}\n${sha}` }), inline);
    expect(perRoute(conversion, '-com-htpasswd').filter_context).toEqual({
      realm: 'My Realm',
      users: { bob: '$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/', sue: '{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=' },
    });
    expect(codesOf(conversion)).toContain('auth-basic/script');
    expect(statusOf(conversion, 'auth-type')).toBe('converted');
  });

  test('auth-map takes each key for a user', () => {
    const conversion = convertYaml(
      withUsers({ ...basic, 'auth-secret-type': 'auth-map' }, { bob: apr1.slice(4) }),
      inline,
    );
    expect(perRoute(conversion, '-com-htpasswd').filter_context).toMatchObject({
      users: { bob: apr1.slice(4) },
    });
  });

  test('no users at all admit nobody', () => {
    const conversion = convertYaml(withUsers(basic, { auth: '' }), inline);
    expect(perRoute(conversion, '-com-htpasswd').filter_context).toEqual({ realm: 'My Realm', users: {} });
  });

  test('a hash that nobody knows closes the location, and is not shown', () => {
    const conversion = convertYaml(withUsers(basic, { auth: `${apr1}\n${bcrypt}` }), inline);
    const [message] = messagesOf(conversion, 'auth-basic/closed');
    expect(message).toContain('1 of 2 passwords');
    expect(message).not.toContain('eve');
    expect(routesOf(conversion).at(-1)?.directResponse?.status).toBe(503);
  });

  test('an Istio without settings for scripts closes it', () => {
    const conversion = convertYaml(withUsers(basic, { auth: apr1 }), { ...inline, istioVersion: '1.26' });
    expect(messagesOf(conversion, 'auth-basic/closed')[0]).toContain('1.27');
  });
});

describe('without asking for it by name, no value of the Secret is written', () => {
  test.each([
    ['default', defaultOptions],
    ['filters', filters],
  ])('%s', (_name, options) => {
    const { objects, findings, steps, outcomes } = convertYaml(withUsers(basic, { auth: apr1 }), options);
    const everything = `${toYaml(objects.map(({ object }) => object))}${JSON.stringify([findings.map(({ args }) => args), steps.map(({ commands }) => commands), outcomes.map(({ reason }) => reason)])}`;
    expect(everything).not.toContain('abcdefgh');
    expect(everything).not.toContain('bob');
  });

  test('a file has to be mounted', () => {
    const conversion = convertYaml(withUsers(basic, { auth: apr1 }), filters);
    expect(perRoute(conversion, '-com-basic-auth').users).toEqual({
      filename: '/etc/ingress-users/demo/users/auth',
    });
    expect(codesOf(conversion)).toContain('auth-basic/users-file');
    expect(conversion.steps.map(({ title }) => title)).toContain(
      'Mount the users of demo/users into the gateway, before its EnvoyFilter is applied',
    );
  });
});

describe('satisfy any', () => {
  const either = { ...basic, satisfy: 'any', 'allowlist-source-range': '10.0.0.0/8' };

  test('the script asks what came of the list', () => {
    const conversion = convertYaml(withUsers(either, { auth: sha }), inline);
    expect(perRoute(conversion, '-com-htpasswd').filter_context).toMatchObject({ satisfy_any: true });
    const { rbac } = perRoute(conversion, '-com-access') as { rbac: object };
    expect(rbac).toMatchObject({ shadow_rules: { action: 'DENY' }, shadow_rules_stat_prefix: 'ingress_' });
    expect(rbac).not.toHaveProperty('rules');
    expect(statusOf(conversion, 'satisfy')).toBe('converted');
  });

  test.each([
    ['the users are in a file', withUsers(either, { auth: sha }), filters],
    [
      'the gateway does not know its clients',
      withUsers(either, { auth: sha }, { 'use-forwarded-headers': 'true' }),
      inline,
    ],
  ])('is closed where %s', (_reason, yaml, options) => {
    expect(codesOf(convertYaml(yaml, options))).toContain('auth-basic/closed');
  });
});

test('digest is closed in any case', () => {
  const conversion = convertYaml(withUsers({ ...basic, 'auth-type': 'digest' }, { auth: sha }), inline);
  expect(messagesOf(conversion, 'auth-basic/closed')[0]).toContain('digest');
});

test('the realm "off" is told, since it turns passwords off', () => {
  const conversion = convertYaml(withUsers({ ...basic, 'auth-realm': 'off' }, { auth: sha }), inline);
  expect(codesOf(conversion)).toContain('auth-basic/realm-off');
  expect(patchesOf(conversion, '-com-basic-auth')).toEqual([]);
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['a missing Secret', { ...basic, 'auth-secret': 'nope' }],
  ['a Secret of another namespace', { ...basic, 'auth-secret': 'other/users' }],
  ['no Secret', { 'auth-type': 'basic' }],
  ['a type that only contains a word', { ...basic, 'auth-secret-type': 'auth-file2' }],
])('%s answers 503, as in nginx', (_name, annotations) => {
  const conversion = convertYaml(withUsers(annotations, { auth: sha }), {
    ...inline,
    controllerVersion: '1.15.1',
  });
  expect(routesOf(conversion).at(-1)?.directResponse?.status).toBe(503);
  expect(codesOf(conversion)).toContain('location/denied-today');
});

describe('htpasswd files', () => {
  test.each([
    ['a:1\nb:2\n', { a: '1', b: '2' }],
    ['a:1\na:2', { a: '1' }],
    ['# a:1\n\nb:2:rest\r\n', { b: '2' }],
    ['nobody\n:x\n', { '': 'x' }],
  ])('%j', (text, users) => {
    expect(Object.fromEntries(readHtpasswd(text))).toEqual(users);
  });

  test('a value of auth-map ends with its line', () => {
    expect(Object.fromEntries(readAuthMap(new Map([['a', '1\n']])))).toEqual({ a: '1' });
  });

  test.each([
    ['{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=', 'sha'],
    ['{SHA}short', 'script'],
    ['$apr1$salt$x', 'script'],
    ['$1$salt$x', 'script'],
    ['{SSHA}x', 'script'],
    ['{PLAIN}x', 'script'],
    ['$2y$05$x', 'unknown'],
    ['$6$salt$x', 'unknown'],
    ['rqXexS6ZhobKA', 'unknown'],
  ])('%s', (hash, hashing) => {
    expect(hashingOf(hash)).toBe(hashing);
  });
});
