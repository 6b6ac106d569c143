import { expect, it } from 'vitest';
import type { ProbeVerdict, Verdict } from '../../src/verify/judge/verdict.ts';
import type { Profile } from './profile.ts';
import { readResults, regressions, renderResults } from './results.ts';
import type { Scenario } from './scenario.ts';
import { type ProfileResult, totalsOf } from './totals.ts';

const verdict = (name: string, kind: Verdict): ProbeVerdict => ({
  name,
  verdict: kind,
  differences:
    kind === 'declared' ? [{ field: 'path', nginx: '/', istio: '/x', declaredBy: ['path/dots'] }] : [],
  coreSame: kind === 'same',
  open: false,
  refused: false,
  ...(kind === 'closed' ? { note: 'auth/closed' } : {}),
});

function result(profile: Profile, kinds: Verdict[]): ProfileResult {
  const probes = kinds.map((kind, n) => verdict(`p${n}`, kind));
  const totals = totalsOf(probes);
  return { profile, totals, scenarios: [{ name: 'auth', totals, probes, warnings: [] }] };
}

const objects = [
  {
    kind: 'Ingress',
    metadata: { annotations: { 'nginx.ingress.kubernetes.io/auth-type': 'basic', other: '' } },
  },
];
const scenario = { name: 'auth', objects } as unknown as Scenario;
const before = [
  result('default', ['same', 'closed', 'declared']),
  result('parity', ['same', 'same', 'unjudged']),
];

it('writes what it reads', () => {
  const text = renderResults(before, [scenario], new Map());
  expect(text).toContain('| auth | 1 · 1 · 1 · 0 | 2 · 0 · 0 · 0 | auth/closed, path/dots |');
  expect(text).toContain('| auth-type | 1 · 1 · 1 · 0 | 2 · 0 · 0 · 0 | auth/closed, path/dots |');
  expect(text).toContain('| path/dots | path | 1 | 0 |');
  expect(readResults(text).get('auth')).toEqual({
    default: { same: 1, closed: 1, declared: 1, undeclared: 0 },
    parity: { same: 2, closed: 0, declared: 0, undeclared: 0 },
  });
});

it.each<[string, Verdict[], string[]]>([
  ['the same', ['same', 'closed', 'declared'], []],
  ['better', ['same', 'same', 'same'], []],
  ['less the same', ['declared', 'closed', 'declared'], ['default/auth: same 1 → 0']],
  ['more closed', ['same', 'closed', 'closed'], ['default/auth: closed 1 → 2']],
  ['more undeclared', ['same', 'undeclared', 'declared'], ['default/auth: undeclared 0 → 1']],
])('compares a run with what is committed: %s', (_, kinds, worse) => {
  const committed = readResults(renderResults(before, [scenario], new Map()));
  expect(regressions(committed, [result('default', kinds)])).toEqual(worse);
});

it('does not let a new scenario pass unseen', () => {
  expect(regressions(new Map(), [before[0]!])).toEqual(['default/auth is not in RESULTS.md']);
});
