import { RE2JS } from 're2js';
import { shown } from '../text/shown.ts';

/** What RE2 says of a pattern: the number of its groups and the size of its program in steps, or why it does not take it. */
export type Re2Verdict =
  | { readonly ok: true; readonly groups: number; readonly size: number }
  | { readonly ok: false; readonly reason: string };

/**
 * Most patterns are made of little: literals, simple classes, groups two levels deep, each with at most one quantifier. They need no
 * compiler, which takes 100 µs a text. No text can be read as two of these parts, so that the test takes linear time.
 */
const plainlyRe2 = (() => {
  const literal = String.raw`[\w/~%:@!,;=&<>"'\x60 -]|\\[!-/:-@[-^\x60{-~dDsSwW]|\.`;
  const characters = String.raw`\[\^?(?:0-9|a-z|A-Z|\\w|[\w%./])+-?\]`;
  const times = String.raw`(?:[*+?]\??)?`;
  const one = `(?:${literal}|${characters})${times}`;
  const group = (inner: string): string => String.raw`\((?:\?:)?(?:${inner})+(?:\|(?:${inner})+)*\)${times}`;
  const inner = String.raw`${one}|\$`;
  return new RegExp(String.raw`^(?:\(\?i\))?\^?(?:${one}|${group(`${inner}|${group(inner)}`)})*\$?$`);
})();

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
