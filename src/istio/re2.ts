import { RE2JS } from 're2js';
import { shown } from '../read/shown.ts';

/** What RE2 says of a pattern: the number of its groups and the size of its program in steps, or why it does not take it. */
export type Re2Verdict =
  | { readonly ok: true; readonly groups: number; readonly size: number }
  | { readonly ok: false; readonly reason: string };

/** Literals and the usual ends of a path need no compiler, which takes 50 µs a text. */
const plainlyRe2 =
  /^(?:\(\?i\))?\^?(?:[\w/~%:@!,;=&<>"'` -]|\\[!-/:-@[-^`{-~]|\.[*+?]?|\(\/\|\$\)|\((?:\?:)?\/?\.[*+]\)\??|\(\?:\\\?\.\*\)\?|\[\\w-\]\+|\[A-Za-z0-9-\]\+|\(\?::\[0-9\]\+\)\?)*\$?$/;

export function judgeRe2(pattern: string): Re2Verdict {
  if (plainlyRe2.test(pattern)) return { ok: true, groups: plainGroups(pattern), size: pattern.length };
  try {
    const program = RE2JS.compile(pattern);
    return { ok: true, groups: program.groupCount(), size: program.programSize() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it cannot be parsed';
    return { ok: false, reason: shown(reason.replace(/^error parsing regexp: /, '')).slice(1, -1) };
  }
}

function plainGroups(pattern: string): number {
  return [...pattern.matchAll(/\\.|\((?!\?)/g)].filter(([text]) => text === '(').length;
}
