import type { Mappings } from './mapping.ts';
import { controllerOptions } from './mappings.ts';
import { findPastName } from './past-names.ts';

export interface Suggestion {
  readonly suggestions: readonly string[];
  readonly note: string;
}

/** What an unknown name may have meant: what history knows of it, else the nearest names. */
export function suggest(name: string, mappings: Mappings): Suggestion {
  const past = findPastName(name);
  if (past !== undefined) {
    return {
      suggestions: past.instead.filter((other) => mappings.find(other) !== undefined),
      note: past.note,
    };
  }
  if (controllerKeys.has(name)) return { suggestions: [], note: ofConfigMap };
  const known = mappings.all.flatMap((mapping) => [mapping.name, ...mapping.aliases]);
  return { suggestions: nearestNames(name, known), note: '' };
}

const ofConfigMap =
  "It is a key of the controller's ConfigMap and no annotation: written on an Ingress it does nothing.";
const controllerKeys: ReadonlySet<string> = new Set(controllerOptions().map(({ name }) => name));

/** Longer than any annotation's name can be; a longer text is not worth comparing. */
const longestName = 63;
const mostSuggestions = 3;

/** At most three of the known names, the nearest first, equal ones in order of the alphabet. */
export function nearestNames(name: string, names: readonly string[]): string[] {
  if (name.length > longestName) return [];
  const written = name.toLowerCase();
  const limit = Math.max(1, Math.min(4, Math.floor(written.length / 5)));
  const near = names
    .map((known) => ({
      known,
      cost: Math.min(distance(written, known, limit), partsCost(written, known, limit)),
    }))
    .filter(({ cost }) => cost <= limit)
    .sort((a, b) => a.cost - b.cost || (a.known < b.known ? -1 : 1));
  const best = near[0]?.cost ?? 0;
  return near
    .filter(({ cost }) => cost <= best + 1)
    .slice(0, mostSuggestions)
    .map(({ known }) => known);
}

/** A part that one name has and the other lacks counts as two letters, so that words may be left out, added or change places. */
const missingPart = 2;

function partsCost(written: string, known: string, limit: number): number {
  const left = written.split('-');
  const right = known.split('-');
  let common = 0;
  for (let index = left.length - 1; index >= 0; index--) {
    const at = right.indexOf(left[index] ?? '');
    if (at < 0) continue;
    left.splice(index, 1);
    right.splice(at, 1);
    common++;
  }
  if (common === 0 || common < Math.min(left.length, right.length)) return Number.POSITIVE_INFINITY;
  let cost = 0;
  for (const part of left) {
    const costs = right.map((other) => distance(part, other, missingPart));
    const least = Math.min(missingPart, ...costs);
    const at = costs.indexOf(least);
    if (least < missingPart && at >= 0) right.splice(at, 1);
    cost += least;
  }
  cost += right.length * missingPart;
  // A single common word ("proxy", "cors") says too little to bridge two different ones.
  return common === 1 && cost > missingPart ? Number.POSITIVE_INFINITY : Math.min(cost, limit + 1);
}

/** Edit distance (insert, delete, change, swap of neighbours), as far as it matters: `limit + 1` stands for anything above the limit. */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = a[row - 1] === b[column - 1] ? 0 : 1;
      let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + change);
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (row > 1 && column > 1 && swapped) cost = Math.min(cost, before[column - 2]! + 1);
      current.push(cost);
    }
    before = last;
    last = current;
  }
  return Math.min(last[b.length]!, limit + 1);
}
