import type { Location, Match } from '../nginx/model.ts';
import { annotationText } from './nginx-context.ts';
import type { Patterns } from './nginx-location.ts';

/** A target equal to the path does nothing (controller/location.go needsRewrite). */
export function rewriteTarget(location: Location, match: Match): string | undefined {
  const target = annotationText(location, 'rewrite-target');
  return target === undefined || target === '' || target === match.path ? undefined : target;
}

export function rewritten(location: Location, match: Match, path: string, patterns: Patterns): string {
  const target = rewriteTarget(location, match);
  return target === undefined ? path : (substituted(match, target, path, patterns) ?? path);
}

/** `rewrite "(?i)<path>" <target> break`: searched in the path, all of it replaced. */
export function substituted(
  match: Match,
  target: string,
  path: string,
  patterns: Patterns,
): string | undefined {
  const found = patterns(match.path)?.exec(path);
  if (found === null || found === undefined) return undefined;
  return target.replace(/\$(\d)/g, (_whole, digit: string) => found[Number(digit)] ?? '');
}
