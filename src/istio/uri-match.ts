import { partLookaheads } from '../istio-api/lookahead.ts';
import { checkRe2, encodePath, encodePattern, type Re2, toRe2 } from '../istio-api/patterns.ts';
import type { StringMatch } from '../istio-api/types.ts';
import type { RouteMatch } from '../plan/answer-effect.ts';

/** A match in Istio's terms, or why RE2 cannot express it. */
export type UriMatch =
  | {
      readonly ok: true;
      readonly uri: StringMatch;
      /** Paths that the match does not take, as a pattern for the `:path` header, which holds the query, too. */
      readonly without?: string;
    }
  | { readonly ok: false; readonly reason: string };

/** nginx's match of a location as a match of the whole path, which is what Envoy's regular expressions are. */
export function toUriMatch(match: RouteMatch): UriMatch {
  if (match.kind === 'whole') {
    const whole = checkRe2(match.path);
    return whole.ok ? { ok: true, uri: { regex: match.path } } : whole;
  }
  if (match.kind === 'exact') return { ok: true, uri: { exact: encodePath(match.path) } };
  if (match.kind === 'prefix') return { ok: true, uri: { prefix: encodePath(match.path) } };
  if (match.path === '/') return { ok: true, uri: { prefix: '/' } };
  const regex = toRe2(match.path);
  if (regex.ok) return { ok: true, uri: { regex: regex.full } };
  const parted = partLookaheads(match.path);
  const taken = parted === undefined ? regex : toRe2(parted.pattern);
  const forbidden = parted === undefined ? regex : forbid(parted.not);
  return taken.ok && forbidden.ok ? { ok: true, uri: { regex: taken.full }, without: forbidden.full } : regex;
}

/** A look-ahead sees the path alone: where it asks for the end of the path, a query may follow. */
function forbid(not: readonly string[]): Re2 {
  const open = not.map((pattern) => `${encodePattern(pattern).replaceAll('$', '(?:\\?|$)')}.*`);
  return checkRe2(`(?i)${open.length === 1 ? open[0] : `(?:${open.join('|')})`}`);
}
