import { RE2JS } from 're2js';
import { checkRe2, quoteRegex, splitAlternatives } from '../../istio-api/patterns.ts';

/**
 * nginx's search for a pattern inside a value as a regular expression for that whole value, which is what Envoy asks
 * for. With a delimiter the value is a part of a longer text and ends before it: no part of the pattern may run over it.
 * Undefined where RE2 has no such expression.
 */
export function searchWithin(pattern: string, anyCase: boolean, delimiter = ''): string | undefined {
  const flagged = pattern.startsWith('(?i)');
  const bare = flagged ? pattern.slice(4) : pattern;
  const alternatives: string[] = [];
  for (const alternative of splitAlternatives(bare)) {
    const search = anchored(alternative, delimiter);
    if (search === undefined) return undefined;
    alternatives.push(search);
  }
  const joined = alternatives.length === 1 ? alternatives[0]! : `(?:${alternatives.join('|')})`;
  const whole = anyCase || flagged ? `(?i:${joined})` : joined;
  return checkRe2(whole).ok ? whole : undefined;
}

/** A constant as such an expression. */
export function exactly(value: string): string {
  return quoteRegex(value);
}

/** Whether nginx's search finds the pattern in a text; undefined where RE2 does not take the pattern. */
export function finds(pattern: string, anyCase: boolean, text: string): boolean | undefined {
  try {
    return RE2JS.compile(pattern, anyCase ? RE2JS.CASE_INSENSITIVE : 0)
      .matcher(text)
      .find();
  } catch {
    return undefined;
  }
}

/** What the groups of a pattern catch in a text. */
export function capturesOf(pattern: string, anyCase: boolean, text: string): readonly string[] {
  const matcher = RE2JS.compile(pattern, anyCase ? RE2JS.CASE_INSENSITIVE : 0).matcher(text);
  if (!matcher.find()) return [];
  return Array.from({ length: matcher.groupCount() }, (_, index) => matcher.group(index + 1) ?? '');
}

function anchored(alternative: string, delimiter: string): string | undefined {
  const start = alternative.startsWith('^');
  const end = /(?:^|[^\\])(?:\\\\)*\$$/.test(alternative);
  const core = bounded(alternative.slice(start ? 1 : 0, end ? -1 : undefined), delimiter);
  if (core === undefined) return undefined;
  const any = delimiter === '' ? '.*' : `[^${delimiter}]*`;
  return `${start ? '' : any}${core}${end || core.endsWith(any) ? '' : any}`;
}

/** Keeps `.` and `[^…]` from running over the delimiter; undefined for an anchor in the middle. */
function bounded(pattern: string, delimiter: string): string | undefined {
  let result = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    if (char === '\\') result += char + (pattern[++at] ?? '');
    else if (char === '[') {
      const end = endOfClass(pattern, at);
      const inner = pattern.slice(at + 1, end);
      result += inner.startsWith('^') ? `[^${delimiter}${inner.slice(1)}]` : `[${inner}]`;
      at = end;
    } else if (char === '^' || char === '$') return undefined;
    else if (char === '.' && delimiter !== '') result += `[^${delimiter}]`;
    else result += char;
  }
  return result;
}

function endOfClass(pattern: string, from: number): number {
  let at = from + 1;
  if (pattern[at] === '^') at++;
  if (pattern[at] === ']') at++;
  while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1;
  return Math.min(at, pattern.length);
}

/** The pattern of a rewrite as one that matches the whole path, so that the whole path is replaced; undefined if RE2 has none. */
export function wholePath(pattern: string): { readonly regex: string; readonly groups: number } | undefined {
  const start = pattern.startsWith('^') && splitAlternatives(pattern).length === 1;
  const end = /(?:^|[^\\])\$$/.test(pattern) && splitAlternatives(pattern).length === 1;
  const core = pattern.slice(start ? 1 : 0, end ? -1 : undefined);
  const grouped = splitAlternatives(core).length > 1 ? `(?:${core})` : core;
  const checked = checkRe2(`^${start ? '' : '.*?'}${grouped}${end ? '' : '.*'}$`);
  return checked.ok ? { regex: checked.full, groups: checked.groups } : undefined;
}
