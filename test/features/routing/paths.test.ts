import { describe, expect, it } from 'vitest';
import { defaultOptions } from '../../../src/domain/options.ts';
import { codesOf, convertYaml, input, parity, patchesOf, routesOf } from '../convert.ts';

describe('paths as nginx reads them', () => {
  it('are read by two filters of the gateway, the first and the last', () => {
    const conversion = convertYaml(input([{}, { name: 'b', host: 'b.example.com' }]), parity);
    expect(patchesOf(conversion, 'read-path')).toMatchObject([{ patch: { operation: 'INSERT_FIRST' } }]);
    expect(patchesOf(conversion, 'sent-path')).toMatchObject([
      { patch: { operation: 'INSERT_BEFORE', value: { typed_config: { clear_route_cache: false } } } },
    ]);
    expect(codesOf(conversion)).toContain('platform/sent-path');
    expect(codesOf(conversion)).not.toContain('platform/path-normalization');
  });

  it('stay so where a path is rewritten', () => {
    const rewriting = { paths: ['/a/(.*)'], annotations: { 'use-regex': 'true', 'rewrite-target': '/$1' } };
    const conversion = convertYaml(input([rewriting]), parity);
    const forwarding = routesOf(conversion).filter(({ route }) => route !== undefined);
    expect(patchesOf(conversion, 'rewritten-path')).toHaveLength(forwarding.length);
  });

  it.each([
    [{ ...defaultOptions, mesh: { ...defaultOptions.mesh, pathNormalization: 'NGINX' as const } }],
    [{ ...defaultOptions, envoyFilters: 'allow' as const }],
  ])('need EnvoyFilters and to be asked for', (options) => {
    const conversion = convertYaml(input([{}]), options);
    expect(patchesOf(conversion, 'read-path')).toEqual([]);
    expect(codesOf(conversion)).toContain('platform/path-normalization');
  });

  it.each(['/(.*)', '/.*', '/()(.*)', '/(|$)(.*)', '/?(.*)$'])(
    'that all meet %s leave nothing to the / that nginx adds',
    (path) => {
      const everything = { paths: [path], annotations: { 'use-regex': 'true' } };
      const conversion = convertYaml(input([everything]));
      expect(routesOf(conversion).every(({ route }) => route !== undefined)).toBe(true);
      expect(codesOf(conversion)).not.toContain('check/shadowed-route');
    },
  );

  it('that some do not meet leave the / of nginx what it has', () => {
    const most = { paths: ['/a(.*)'], annotations: { 'use-regex': 'true' } };
    const [forwarding, rest] = routesOf(convertYaml(input([most, { name: 'b', paths: ['/'] }])));
    expect([forwarding?.route, rest?.route]).not.toContain(undefined);
  });

  it.each([
    ['/x y', '/x%20y'],
    ['/x%20y', '/x%2520y'],
    ['/ü', '/%C3%BC'],
  ])('are compared encoded: %j', (path, encoded) => {
    const [route] = routesOf(convertYaml(input([{ paths: [path] }])));
    expect(route?.match?.map(({ uri }) => uri)).toEqual(expect.arrayContaining([{ exact: encoded }]));
  });

  it('are encoded in patterns, but for character classes', () => {
    const regex = { paths: ['/a b%[ %]'], annotations: { 'use-regex': 'true' } };
    const [route] = routesOf(convertYaml(input([regex])));
    expect(route?.match?.[0]?.uri).toEqual({ regex: '(?i)/a%20b%25[ %].*' });
  });
});
