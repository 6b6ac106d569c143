import { judgeRe2 } from './re2.ts';

/**
 * Envoy compares the path as it is sent, nginx the decoded one, so what a URL cannot hold is percent-encoded (istio/FACTS:
 * "/sp ace"), and `%` itself, too: nginx's location `/x%20y` is never that of a request for `/x%20y` (scenario composite-r001).
 */
export function encodePath(path: string): string {
  return path.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/]/gu, (character) => encodeURIComponent(character));
}

/** The same for what a pattern says literally; inside of `[…]` nothing can be encoded. */
export function encodePattern(pattern: string): string {
  if (!/[%\s"<>]|[^\x20-\x7e]/u.test(pattern)) return pattern;
  return pattern.replace(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[%\s"<>]|[^\x20-\x7e]/gsu, (part) =>
    part.length > 1 && /^[\\[]/.test(part) ? part : encodeURIComponent(part),
  );
}

export type Re2 =
  | {
      readonly ok: true;
      /** Matches a whole path. */
      readonly full: string;
      /** Number of capture groups. */
      readonly groups: number;
    }
  | { readonly ok: false; readonly reason: string };

/** Longer patterns are refused by istiod's validation (istio.io/istio/pkg/config/validation). */
const longestRegex = 1024;

/**
 * nginx's `~* "^<path>"` for Envoy: case-insensitive, open at the end. An alternative at the top level is anchored only
 * if it is the first, as in nginx: `/a|/b` begins with /a or holds /b anywhere (nginx/SEMANTICS 4.3).
 */
export function toRe2(written: string): Re2 {
  const path = encodePattern(written);
  const alternatives = splitAlternatives(path);
  const text =
    alternatives.length === 1
      ? openEnded(path)
      : `(?:${alternatives.map((alternative, index) => `${index === 0 ? '' : '.*'}(?:${alternative}).*`).join('|')})`;
  return checkRe2(`(?i)${text}`);
}

/** Whether RE2 takes a pattern; Envoy and istiod refuse all others (look-around, back-references, possessive quantifiers). */
export function checkRe2(pattern: string): Re2 {
  if (pattern.length > longestRegex)
    return { ok: false, reason: `it is longer than ${longestRegex} characters` };
  const verdict = judgeRe2(pattern);
  return verdict.ok
    ? { ok: true, full: pattern, groups: verdict.groups }
    : { ok: false, reason: `RE2 does not take it (${verdict.reason})` };
}

function openEnded(pattern: string): string {
  return /(^|[^\\])(\.\*|\(\.\*\)|\$)$/.test(pattern) ? pattern : `${pattern}.*`;
}

/** Splits at `|` outside groups and character classes. */
export function splitAlternatives(pattern: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let inClass = false;
  let start = 0;
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index];
    if (character === '\\') index++;
    else if (inClass) inClass = character !== ']' || pattern[index - 1] === '[';
    else if (character === '[') inClass = true;
    else if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === '|' && depth === 0) {
      parts.push(pattern.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, pattern.slice(start)];
}

/** A text as a regular expression that matches it and nothing else. */
export function quoteRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
