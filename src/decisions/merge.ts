import { type Decision, keyOf, sortDecisions, substanceOf } from '../domain/decision.ts';

/** Two decisions that answer one question differently. */
export interface Conflict {
  readonly one: Decision;
  readonly other: Decision;
}

export interface Merged {
  /** Sorted. Of a conflict neither side is in it: nothing is decided until somebody decides again. */
  readonly decisions: readonly Decision[];
  readonly conflicts: readonly Conflict[];
}

/** Puts two people's files together. Where both decided the same, the earlier one stays; `later` gives way to a decision. */
export function mergeDecisions(one: readonly Decision[], other: readonly Decision[]): Merged {
  const merged = new Map(one.map((decision) => [keyOf(decision), decision]));
  const conflicts: Conflict[] = [];
  for (const decision of sortDecisions(other)) {
    const key = keyOf(decision);
    const known = merged.get(key);
    if (known === undefined) {
      merged.set(key, decision);
    } else if (substanceOf(known) === substanceOf(decision)) {
      merged.set(key, earlier(known, decision));
    } else if (known.choice.kind === 'later' || decision.choice.kind === 'later') {
      merged.set(key, known.choice.kind === 'later' ? decision : known);
    } else {
      merged.delete(key);
      conflicts.push({ one: known, other: decision });
    }
  }
  return { decisions: sortDecisions([...merged.values()]), conflicts };
}

function earlier(a: Decision, b: Decision): Decision {
  const order = ({ at, by, why, about }: Decision): string =>
    JSON.stringify([Date.parse(at), at, by, why, about]);
  const [timeA, timeB] = [Date.parse(a.at), Date.parse(b.at)];
  if (timeA !== timeB) return timeA < timeB ? a : b;
  return order(a) <= order(b) ? a : b;
}
