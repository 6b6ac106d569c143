import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, type Tie, tieKinds } from '../../src/waves/candidates.ts';
import { groupsOf } from '../../src/waves/groups.ts';
import { movedSoFar, planFileOf } from '../../src/waves/moved.ts';
import { noPlanFile } from '../../src/waves/plan-state.ts';
import { type Planning, planWaves, usualPlanning } from '../../src/waves/planner.ts';

function candidate(host: string, more: Partial<Candidate> = {}): Candidate {
  return { host, readiness: 'ready', open: 0, notes: 0, requests: undefined, ties: [], ...more };
}

const shares = (name: string): readonly Tie[] => [{ kind: 'certificate', name }];

function waves(candidates: readonly Candidate[], planning: Partial<Planning> = {}): (number | string)[][] {
  return planWaves(candidates, { ...usualPlanning, ...planning }).waves.map(({ number, hosts }) => [
    number,
    ...hosts,
  ]);
}

describe('waves', () => {
  it.each<[string, readonly Candidate[], Partial<Planning>, (number | string)[][]]>([
    ['of no host', [], {}, []],
    [
      'are ready before decision before blocked, and never mix them',
      [candidate('a', { readiness: 'blocked' }), candidate('b', { readiness: 'decision' }), candidate('c')],
      {},
      [
        [1, 'c'],
        [2, 'b'],
        [3, 'a'],
      ],
    ],
    [
      'begin with few open findings',
      [
        candidate('a', { readiness: 'decision', open: 2 }),
        candidate('b', { readiness: 'decision', open: 1 }),
      ],
      { waveSize: 1 },
      [
        [1, 'b'],
        [2, 'a'],
      ],
    ],
    [
      'begin with little traffic, before notes count',
      [candidate('a', { requests: 9 }), candidate('b', { requests: 2, notes: 4 })],
      { waveSize: 1 },
      [
        [1, 'b'],
        [2, 'a'],
      ],
    ],
    [
      'keep together what shares something, over several steps',
      [
        candidate('a', { ties: shares('x') }),
        candidate('b'),
        candidate('c', { ties: [...shares('x'), { kind: 'ingress', name: 'n/i' }] }),
        candidate('d', { ties: [{ kind: 'ingress', name: 'n/i' }] }),
      ],
      { waveSize: 3 },
      [
        [1, 'b'],
        [2, 'a', 'c', 'd'],
      ],
    ],
    [
      'give a group that is too large a wave of its own',
      ['a', 'b', 'c'].map((host) => candidate(host, { ties: shares('x') })),
      { waveSize: 2 },
      [[1, 'a', 'b', 'c']],
    ],
    [
      'end with the catch-all',
      [candidate(''), candidate('a', { readiness: 'decision' })],
      {},
      [
        [1, 'a'],
        [2, ''],
      ],
    ],
    [
      'leave pinned hosts where people put them, apart from their group if it must be',
      [candidate('a', { ties: shares('x') }), candidate('b', { ties: shares('x') }), candidate('c')],
      { waveSize: 1, pinned: new Map([['a', 2]]) },
      [
        [1, 'b'],
        [2, 'a'],
        [3, 'c'],
      ],
    ],
    [
      'pass by what is over, and keep what has moved, also where the input no longer has it',
      [candidate('a'), candidate('b')],
      {
        moved: new Map([
          ['a', 1],
          ['gone', 1],
        ]),
        closed: new Set([0, 1]),
      },
      [
        [1, 'a', 'gone'],
        [2, 'b'],
      ],
    ],
    [
      'fill a wave of which only a part has moved',
      [candidate('a'), candidate('b')],
      { moved: new Map([['a', 1]]) },
      [[1, 'a', 'b']],
    ],
    [
      'do not hold together what may be separated',
      [candidate('a', { ties: shares('x') }), candidate('b', { ties: shares('x') })],
      { waveSize: 1, together: ['ingress'] },
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
  ])('%s', (_, candidates, planning, expected) => {
    expect(waves(candidates, planning)).toEqual(expected);
  });

  const host = fc.constantFrom('', ...'abcdefghijklmnop');
  const candidates = fc.uniqueArray(
    fc.record<Candidate>({
      host,
      readiness: fc.constantFrom('ready', 'decision', 'blocked'),
      open: fc.nat(3),
      notes: fc.nat(3),
      requests: fc.nat(100),
      ties: fc.array(
        fc.record({ kind: fc.constantFrom(...tieKinds), name: fc.constantFrom('x', 'y', 'z') }),
        { maxLength: 2 },
      ),
    }),
    { selector: (one) => one.host },
  );
  const byHost = fc
    .array(fc.tuple(host, fc.integer({ min: 1, max: 6 })), { maxLength: 4 })
    .map((all) => new Map(all));
  const planning = fc.record<Planning>({
    waveSize: fc.integer({ min: 1, max: 5 }),
    together: fc.subarray([...tieKinds]),
    pinned: byHost,
    moved: byHost,
    closed: fc.array(fc.integer({ min: 1, max: 6 })).map((all) => new Set([0, ...all])),
  });

  it('have every host exactly once, whatever the order of the hosts', () => {
    fc.assert(
      fc.property(candidates, planning, fc.nat(), (all, given, turn) => {
        const plan = planWaves(all, given);
        const expected = new Set([...all.map((one) => one.host), ...given.moved.keys()]);
        expect(plan.waves.flatMap(({ hosts }) => hosts).sort()).toEqual([...expected].sort());
        expect(plan.waves.every(({ hosts }) => hosts.length > 0)).toBe(true);
        const at = all.length === 0 ? 0 : turn % all.length;
        expect(planWaves([...all.slice(at), ...all.slice(0, at)], given)).toEqual(plan);
      }),
    );
  });

  it('keep what moved and what is pinned, and divide no group otherwise', () => {
    fc.assert(
      fc.property(candidates, planning, (all, given) => {
        const { waves: planned } = planWaves(all, given);
        const waveOf = new Map(planned.flatMap(({ number, hosts }) => hosts.map((one) => [one, number])));
        for (const [one, wave] of given.moved) expect(waveOf.get(one)).toBe(wave);
        for (const [one, wave] of given.pinned)
          if (waveOf.has(one)) expect(waveOf.get(one)).toBe(given.moved.get(one) ?? wave);
        const isFree = (one: string): boolean => !given.moved.has(one) && !given.pinned.has(one);
        for (const group of groupsOf(all, given.together)) {
          const free = group.filter((one) => isFree(one.host)).map((one) => waveOf.get(one.host)!);
          expect(new Set(free).size).toBeLessThanOrEqual(1);
          for (const wave of free) expect(given.closed.has(wave)).toBe(false);
        }
        for (const { hosts } of planned) {
          const groups = new Set(
            groupsOf(all, given.together).filter((group) =>
              group.some((one) => hosts.includes(one.host) && isFree(one.host)),
            ),
          );
          if (groups.size > 1) expect(hosts.length).toBeLessThanOrEqual(given.waveSize);
        }
      }),
    );
  });

  it('stay as they are when nothing changed, and when the first has moved', () => {
    fc.assert(
      fc.property(candidates, fc.integer({ min: 1, max: 5 }), (all, waveSize) => {
        const first = { ...usualPlanning, waveSize };
        const plan = planWaves(all, first);
        const file = planFileOf(plan, first);
        const again = { ...first, ...movedSoFar(all, file, new Set()) };
        expect(planWaves(all, again)).toEqual(plan);
        const onIstio = new Set(plan.waves[0]?.hosts ?? []);
        const later = { ...first, ...movedSoFar(all, file, onIstio) };
        expect(planWaves(all, later)).toEqual(plan);
      }),
    );
  });

  it('count hosts as moved that were on Istio before there was a plan', () => {
    expect(movedSoFar([candidate('a'), candidate('b')], noPlanFile, new Set(['a', 'z']))).toEqual({
      moved: new Map([['a', 0]]),
      closed: new Set([0]),
    });
  });
});
