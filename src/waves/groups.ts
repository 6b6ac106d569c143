import type { Candidate, Tie, TieKind } from './candidates.ts';

/** Hosts that move together, sorted. */
export type Group = readonly Candidate[];

/** Joins hosts that share anything of the given kinds, over any number of steps. */
export function groupsOf(candidates: readonly Candidate[], kinds: readonly TieKind[]): Group[] {
  const parents = candidates.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parents[root] !== root) root = parents[root]!;
    for (let at = index; at !== root; ) [at, parents[at]] = [parents[at]!, root];
    return root;
  };
  const first = new Map<string, number>();
  for (const [index, { ties }] of candidates.entries()) {
    for (const tie of ties) {
      if (!kinds.includes(tie.kind)) continue;
      const known = first.get(keyOf(tie));
      if (known === undefined) first.set(keyOf(tie), index);
      else parents[rootOf(index)] = rootOf(known);
    }
  }
  const groups = new Map<number, Candidate[]>();
  for (const [index, candidate] of candidates.entries()) {
    const root = rootOf(index);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [candidate]);
    else group.push(candidate);
  }
  return [...groups.values()];
}

/** Something that at least two hosts share, with these hosts, sorted. */
export interface Bond extends Tie {
  readonly hosts: readonly string[];
}

/** By kind and name. */
export function bondsOf(candidates: readonly Candidate[], kinds: readonly TieKind[]): Bond[] {
  const bonds = new Map<string, { readonly tie: Tie; readonly hosts: Set<string> }>();
  for (const { host, ties } of candidates) {
    for (const tie of ties) {
      const known = bonds.get(keyOf(tie));
      if (known === undefined) bonds.set(keyOf(tie), { tie, hosts: new Set([host]) });
      else known.hosts.add(host);
    }
  }
  return [...bonds]
    .filter(([, { tie, hosts }]) => hosts.size > 1 && kinds.includes(tie.kind))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { tie, hosts }]) => ({ ...tie, hosts: [...hosts].sort() }));
}

function keyOf({ kind, name }: Tie): string {
  return `${kind} ${name}`;
}
