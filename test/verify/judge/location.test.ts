import { describe, expect, it } from 'vitest';
import type { Location, Match, NginxModel, Server } from '../../../src/nginx/model.ts';
import { normalPath, placesOf } from '../../../src/verify/judge/location.ts';

const location = (path: string, matches: Match[], slashRedirectFrom?: string) =>
  ({ path, matches, slashRedirectFrom }) as unknown as Location;
const server = (host: string, aliases: string[] = [], locations: Location[] = []) =>
  ({ host, aliases: aliases.map((name) => ({ name })), locations }) as unknown as Server;
const model = (...servers: Server[]) => ({ servers }) as unknown as NginxModel;

describe('serverOf', () => {
  const servers = model(
    server('*.example.com'),
    server('a.example.com', ['alias.test', '~^re[0-9]+\\.test$', '*.deep.test']),
    server(''),
  );
  it.each([
    ['a.example.com', 'a.example.com'],
    ['A.Example.com:8080', 'a.example.com'],
    ['a.example.com.', 'a.example.com'],
    ['b.example.com', '*.example.com'],
    ['x.b.example.com', ''],
    ['example.com', ''],
    ['alias.test', 'a.example.com'],
    ['re42.test', 'a.example.com'],
    ['x.y.deep.test', 'a.example.com'],
    ['other.test', ''],
  ])('%s is served by "%s"', (host, expected) => {
    expect(placesOf(servers)(host, '/').server?.host).toBe(expected);
  });

  it('finds none where there is no catch-all', () => {
    expect(placesOf(model(server('a.example.com')))('b.example.com', '/').server).toBeUndefined();
  });
});

describe('locationOf', () => {
  const prefix = (path: string): Match => ({ kind: 'prefix', path });
  const exact = (path: string): Match => ({ kind: 'exact', path });
  const plain = model(
    server(
      'h',
      [],
      [
        location('/long/', [prefix('/long/')], '/long'),
        location('/foo', [exact('/foo'), prefix('/foo/')]),
        location('/ex', [exact('/ex')]),
        location('/', [prefix('/')]),
      ],
    ),
  );
  it.each([
    ['/foo', '/foo'],
    ['/foo/x?y', '/foo'],
    ['/foobar', '/'],
    ['/f%6fo/', '/foo'],
    ['/x/..//foo', '/foo'],
    ['/long', '/long/'],
    ['/long/x', '/long/'],
    ['/ex', '/ex'],
    ['/ex/', '/'],
  ])('%s is answered by %s', (path, expected) => {
    expect(placesOf(plain)('h', path).location?.path).toBe(expected);
  });

  it('takes the first regular expression that matches, whatever the case', () => {
    const regex = (path: string): Location => location(path, [{ kind: 'regex', path }]);
    const regexes = model(server('h', [], [regex('/foo/bar'), regex('/foo'), regex('/')]));
    expect(placesOf(regexes)('h', '/FOO/barbaz').location?.path).toBe('/foo/bar');
    expect(placesOf(regexes)('h', '/foox').location?.path).toBe('/foo');
    expect(placesOf(regexes)('h', '/x/foo').location?.path).toBe('/');
  });
});

describe('normalPath', () => {
  it.each([
    ['/', '/'],
    ['//', '/'],
    ['/a//b/./c/../d?x=/../', '/a/b/d'],
    ['/a/..', '/'],
    ['/a/b/..', '/a/'],
    ['/a/.', '/a/'],
    ['/caf%C3%A9', '/café'],
    ['/%2e%2e/x', undefined],
    ['/..', undefined],
    ['/%00', undefined],
    ['*', undefined],
  ])('%s becomes %s', (raw, expected) => {
    expect(normalPath(raw)).toBe(expected);
  });
});
