import { type Candidate, type TieKind, tieKinds } from './candidates.ts';
import { type Group, groupsOf } from './groups.ts';
import type { MigrationPlan } from './migration-plan.ts';

/** What a plan keeps to. */
export interface Planning {
  /** Most hosts of a wave; a group that is larger gets a wave of its own. */
  readonly waveSize: number;
  /** Kinds of ties that keep hosts in one wave. */
  readonly together: readonly TieKind[];
  /** The wave of hosts that people placed. */
  readonly pinned: ReadonlyMap<string, number>;
  /** The wave of hosts that have moved. They keep it, also where the input no longer has them. */
  readonly moved: ReadonlyMap<string, number>;
  /** Waves that are over: nothing is planned for them any more. */
  readonly closed: ReadonlySet<number>;
}

export const usualPlanning: Planning = {
  waveSize: 10,
  together: tieKinds,
  pinned: new Map(),
  moved: new Map(),
  closed: new Set([0]),
};

/**
 * Places each host in one wave. Hosts that have moved, and pinned ones, are where they are; the others follow in groups that share
 * something: ready before decision before blocked, few findings before many, little traffic first, the catch-all last.
 * A wave has groups of one readiness, so that one open decision stops no host that is ready.
 */
export function planWaves(candidates: readonly Candidate[], planning: Planning): MigrationPlan {
  const { waveSize, together, pinned, moved, closed } = planning;
  const waves = new Map<number, string[]>();
  const put = (number: number, hosts: readonly string[]): void => {
    const known = waves.get(number);
    if (known === undefined) waves.set(number, [...hosts]);
    else known.push(...hosts);
  };
  for (const [host, number] of moved) put(number, [host]);
  const known = new Set(candidates.map(({ host }) => host));
  for (const [host, number] of pinned) if (!moved.has(host) && known.has(host)) put(number, [host]);

  const groups = groupsOf(candidates, together)
    .map((group) => ({ group: group.filter(({ host }) => !moved.has(host) && !pinned.has(host)) }))
    .filter(({ group }) => group.length > 0)
    .map(({ group }) => ({ group, weight: weightOf(group) }))
    .sort((a, b) => compare(a.weight, b.weight));
  let current = 0;
  let filled: { readonly level: number; readonly last: boolean } | undefined;
  for (const { group, weight } of groups) {
    const [last, level] = weight;
    const size = (waves.get(current) ?? []).length;
    const fits =
      filled !== undefined &&
      filled.level === level &&
      filled.last === (last === 1) &&
      size + group.length <= waveSize;
    if (!fits) current = nextOpen(current, closed, waves, group.length, waveSize);
    filled = { level: level as number, last: last === 1 };
    put(
      current,
      group.map(({ host }) => host),
    );
  }
  return {
    waves: [...waves].sort(([a], [b]) => a - b).map(([number, hosts]) => ({ number, hosts: hosts.sort() })),
  };
}

/** The next wave that is not over; one that pinned hosts fill already is passed by. */
function nextOpen(
  after: number,
  closed: ReadonlySet<number>,
  waves: ReadonlyMap<number, readonly string[]>,
  size: number,
  waveSize: number,
): number {
  let number = after + 1;
  const isFull = (taken: number): boolean => taken > 0 && taken + size > waveSize;
  while (closed.has(number) || isFull((waves.get(number) ?? []).length)) number++;
  return number;
}

/** Compared member by member: smaller goes first. */
type Weight = readonly [last: number, level: number, ...rest: readonly (number | string)[]];

const levels: Readonly<Record<Candidate['readiness'], number>> = { ready: 0, decision: 1, blocked: 2 };

function weightOf(group: Group): Weight {
  const sum = (of: (candidate: Candidate) => number): number =>
    group.reduce((total, candidate) => total + of(candidate), 0);
  return [
    group.some(({ host }) => host === '') ? 1 : 0,
    Math.max(...group.map(({ readiness }) => levels[readiness])),
    sum(({ open }) => open),
    sum(({ requests = 0 }) => requests),
    sum(({ notes }) => notes),
    group.length,
    group[0]!.host,
  ];
}

function compare(a: Weight, b: Weight): number {
  for (const [index, one] of a.entries()) {
    const other = b[index]!;
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}
