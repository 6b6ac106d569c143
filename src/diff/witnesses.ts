import { samplesOf } from './regex-samples.ts';
import type { PathHint } from './route.ts';

/** A path that stands for others, and how the table writes it. */
export interface Witness {
  readonly path: string;
  readonly label: string;
  /** A path that an Ingress or an object names itself. */
  readonly named: boolean;
}

/** Most paths of a host that are asked for; more would say little that is new. */
export const mostWitnesses = 600;

/** Stands for any further text; the table writes `*`. */
export const anyRest = 'any-9';

/**
 * Paths for every way in which either system matches: the path itself, what lies below it, what merely begins alike, and for a
 * pattern some texts that it matches. Two systems that agree on all of them agree on each part of each rule.
 */
export function witnessesOf(hints: readonly PathHint[]): { witnesses: Witness[]; left: number } {
  const found = new Map<string, Witness>();
  const add = (path: string, open: boolean, named: boolean): void => {
    if (!isNormal(path)) return;
    const known = found.get(path);
    const label = open ? `${path.slice(0, -anyRest.length)}*` : path;
    if (known === undefined || (named && !known.named)) found.set(path, { path, label, named });
  };
  add('/', false, true);
  add(`/${anyRest}`, true, false);
  for (const { kind, path } of hints) {
    for (const one of kind === 'regex' ? samplesOf(path) : [path]) {
      const text = one.startsWith('/') ? one : `/${one}`;
      add(text, false, true);
      if (text.endsWith('/') && text !== '/') add(text.slice(0, -1), false, false);
      add(`${text}${anyRest}`, true, false);
      if (!text.endsWith('/')) add(`${text}/${anyRest}`, true, false);
      if (kind === 'regex') add(text.toUpperCase(), false, false);
    }
  }
  const all = [...found.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { witnesses: all.slice(0, mostWitnesses), left: Math.max(0, all.length - mostWitnesses) };
}

/** What both systems leave as it is, so that nothing of the gap in path normalization shows here. */
function isNormal(path: string): boolean {
  return /^\/[^?#%\\\p{Cc}]*$/u.test(path) && !/\/\/|\/\.{1,2}(?:\/|$)/.test(path);
}
