import { describe, expect, it } from 'vitest';
import { codesOf, convertYaml, input, parity, routesOf, statusOf } from '../convert.ts';

const rewritten = (path: string, target: string, options?: Parameters<typeof convertYaml>[1]) =>
  convertYaml(
    input([{ paths: [path], annotations: { 'use-regex': 'true', 'rewrite-target': target } }]),
    options,
  );

describe('a rewrite to an address', () => {
  it.each([
    ['/(.*)', 'https://new.example.com/$1'],
    ['/?(.*)', 'HTTPS://new.example.com/$1'],
    ['/()(.*)', 'https://new.example.com/$2'],
    ['/(|$)(.*)', 'https://new.example.com/$2'],
  ])('keeps the path where %s becomes %s, on the stable interface', (path, target) => {
    for (const conversion of [rewritten(path, target), rewritten(path, target, parity)]) {
      const redirects = routesOf(conversion).flatMap(({ redirect }) => redirect ?? []);
      expect(redirects).not.toEqual([]);
      for (const redirect of redirects)
        expect(redirect).toEqual({ scheme: 'https', authority: 'new.example.com', redirectCode: 302 });
      expect(statusOf(conversion, 'rewrite-target')).toBe('converted');
      expect(codesOf(conversion)).toContain('rewrite/encoded-redirect');
    }
  });

  it.each([
    ['/a/(.*)', 'https://new.example.com/$1'],
    ['/(.*)', 'https://new.example.com/b/$1'],
    ['/(.*)', 'https://new.example.com/$2'],
    ['/(.+)', 'https://new.example.com/$1'],
    ['/(.*)/x', 'https://new.example.com/$1'],
  ])('needs an EnvoyFilter where %s becomes %s', (path, target) => {
    expect(statusOf(rewritten(path, target), 'rewrite-target')).toBe('opt-in');
    expect(statusOf(rewritten(path, target, parity), 'rewrite-target')).toBe('converted');
  });

  it('without captures has the path that is written', () => {
    const [route] = routesOf(rewritten('/a', 'https://new.example.com/b'));
    expect(route?.redirect).toEqual({
      scheme: 'https',
      authority: 'new.example.com',
      uri: '/b',
      redirectCode: 302,
    });
  });
});

it('of two patterns for the same paths only the first has routes', () => {
  const yaml = input([
    { name: 'first', paths: ['/foo.*'], annotations: { 'use-regex': 'true' } },
    { name: 'second', paths: ['/foo'] },
  ]);
  expect(routesOf(convertYaml(yaml)).filter(({ name }) => name.startsWith('foo'))).toHaveLength(1);
});
