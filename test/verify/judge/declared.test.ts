import { describe, expect, it } from 'vitest';
import type { Conversion } from '../../../src/conversion/conversion.ts';
import {
  type Finding,
  finding,
  findingType,
  type ObservableField,
  type Scope,
} from '../../../src/domain/findings.ts';
import { type Coverage, coverageReader, declare } from '../../../src/verify/judge/declared.ts';
import type { Observation, Result } from '../../../src/verify/judge/observation.ts';
import type { Probe } from '../../../src/verify/judge/probe.ts';
import { judge } from '../../../src/verify/judge/verdict.ts';

const ingress = { kind: 'Ingress', namespace: 'demo', name: 'web' };
const canary = { ...ingress, name: 'canary' };
const owner = (ref: typeof ingress) => ({ ingress: { ref } });

const make = (code: string, fields: ObservableField[], scope: Scope): Finding =>
  finding(
    findingType({ code, severity: 'warning', fields, summary: '', message: () => '', remedy: () => '' }),
    {},
    { scope },
  );

/** A host with `/foo`, which has a canary, and `/`. */
function conversion(findings: Finding[]): Conversion {
  const server = { host: 'h', aliases: [], denied: undefined };
  const foo = {
    path: '/foo',
    matches: [
      { kind: 'exact', path: '/foo' },
      { kind: 'prefix', path: '/foo/' },
    ],
  };
  const root = { path: '/', matches: [{ kind: 'prefix', path: '/' }] };
  const locations = [
    { ...foo, server, owner: owner(ingress), canary: { ingress: owner(canary) } },
    { ...root, server, owner: owner({ ...ingress, name: 'other' }), denied: { reason: '' } },
  ];
  const model = { servers: [{ ...server, locations }] };
  return { model, findings, outcomes: [] } as unknown as Conversion;
}

const probe = (host: string, path: string): Probe => ({ name: 'p', request: { scheme: 'http', host, path } });

describe('coverageReader', () => {
  it.each([
    ['/foo//x', ['a/odd', 'a/any']],
    ['/foo/x', ['a/any']],
  ])('gives findings about some requests of a place for these alone: %s', (path, codes) => {
    const scope: Scope = { kind: 'ingress', ingress };
    const odd = make('a/odd', ['status'], scope);
    const some = { ...odd, type: { ...odd.type, requests: 'odd-path' as const } };
    const read = coverageReader(conversion([some, make('a/any', ['status'], scope)]));
    expect(read(probe('h', path).request, undefined).findings.map(({ type }) => type.code)).toEqual(codes);
  });

  const location = (path: string, match: string): Scope => ({ kind: 'location', host: 'h', path, match });
  it.each<[string, Scope, string, string, boolean]>([
    ['none', { kind: 'none' }, 'h', '/foo', false],
    ['platform', { kind: 'platform' }, 'unknown', '/', true],
    ['its host', { kind: 'host', host: 'h' }, 'h', '/foo', true],
    ['another host', { kind: 'host', host: 'i' }, 'h', '/foo', false],
    ['the Ingress of the location', { kind: 'ingress', ingress }, 'h', '/foo', true],
    ['the Ingress of the canary', { kind: 'ingress', ingress: canary }, 'h', '/foo', true],
    ['another Ingress of the host', { kind: 'ingress', ingress }, 'h', '/', false],
    ['the location', location('/foo', 'prefix'), 'h', '/foo/x', true],
    ['the other match of the location', location('/foo', 'exact'), 'h', '/foo/x', true],
    ['odd paths', { kind: 'requests', which: 'odd-path' }, 'h', '/a//b', true],
    ['odd paths, of which this is none', { kind: 'requests', which: 'odd-path' }, 'h', '/a', false],
    ['another location', location('/foo', 'prefix'), 'h', '/bar', false],
    ['a location of another kind', location('/foo', 'regex'), 'h', '/foo', false],
  ])('a finding about %s', (_, scope, host, path, covered) => {
    const { findings } = coverageReader(conversion([make('x/y', [], scope)]))(
      probe(host, path).request,
      undefined,
    );
    expect(findings.length > 0).toBe(covered);
  });

  it('knows a denied location', () => {
    expect(coverageReader(conversion([]))(probe('h', '/').request, undefined).denied).toBe(true);
    expect(coverageReader(conversion([]))(probe('h', '/foo').request, undefined).denied).toBe(false);
  });
});

describe('declare', () => {
  it('asks for the very field', () => {
    const wild = 'response-header:*' as ObservableField;
    const findings = [
      make('b/c', ['status'], { kind: 'platform' }),
      make('a/b', [wild], { kind: 'platform' }),
    ];
    const coverage: Coverage = { findings, closing: [], denied: false };
    const found = declare(
      [
        { field: 'status', nginx: '200', istio: '404' },
        { field: 'response-header:vary', nginx: null, istio: 'Origin' },
      ],
      coverage,
    );
    expect(found.map(({ declaredBy }) => declaredBy)).toEqual([['b/c'], []]);
  });
});

it('declares headers with underscores as the class that they are', () => {
  const underscores = make('a/b', ['request-header:(underscore)'], { kind: 'platform' });
  const codes = (field: ObservableField) =>
    declare([{ field, nginx: null, istio: '1' }], { findings: [underscores], closing: [], denied: false })[0]
      ?.declaredBy;
  expect(codes('request-header:x_a')).toEqual(['a/b']);
  expect(codes('request-header:x-a')).toEqual([]);
  expect(codes('response-header:x_a')).toEqual([]);
});

describe('judge', () => {
  const own = (status: number): Result => ({ status, headers: {}, upstream: null, upstreamRequest: null });
  const nginx = (result: Result): Observation => ({ system: '', version: '', results: { p: result } });
  const verdict = (before: Result, after: Result, findings: Finding[]) =>
    judge(
      probe('h', '/foo'),
      nginx(before),
      after,
      coverageReader(conversion(findings))(probe('h', '/foo').request, before),
    ).verdict;
  const host: Scope = { kind: 'host', host: 'h' };

  it.each<[string, Result, Result, Finding[], string]>([
    ['no difference', own(404), own(404), [], 'same'],
    ['a difference', own(404), own(403), [], 'undeclared'],
    ['a difference with a finding', own(404), own(403), [make('a/b', ['status'], host)], 'declared'],
    ['a location closed on purpose', own(401), own(503), [make('auth/closed', [], host)], 'closed'],
    [
      'a closed location that answers otherwise',
      own(401),
      own(404),
      [make('auth/closed', [], host)],
      'undeclared',
    ],
    [
      'a platform that says closed',
      own(401),
      own(503),
      [make('a/closed', [], { kind: 'platform' })],
      'undeclared',
    ],
  ])('%s', (_, before, after, findings, expected) => {
    expect(verdict(before, after, findings)).toBe(expected);
  });
});
