import { splitAlternatives } from '../istio-api/patterns.ts';
import type { Location, Match } from '../nginx/model.ts';

/**
 * A pattern of nginx's as exact and prefix matches of the same paths, their case aside: `/docs/?(.*)` is the prefix `/docs`,
 * `/api(/|$)(.*)` is `/api` and the prefix `/api/`, `/exact$` is that path. Undefined for patterns that say more. nginx leaves
 * patterns open at their end (ingress-nginx 1.15.1, template/template.go buildLocation).
 */
export function literalMatches(pattern: string): readonly Match[] | undefined {
  const [, literal, open] =
    /^\^?((?:\/(?:[A-Za-z0-9_-]|\\\.)*)+?)(|\/?\(\.\*\)|\/?\.\*|\/\?\(\.\*\)|\/\?|\(\/\|\$\)(?:\(\.\*\)|\.\*)?|\$)\$?$/.exec(
      pattern,
    ) ?? [];
  if (literal === undefined || open === undefined) return undefined;
  const path = literal.replaceAll('\\', '');
  if (open === '$' || (open === '' && pattern.endsWith('$'))) return [{ kind: 'exact', path }];
  if (open.startsWith('(/|$)'))
    return [
      { kind: 'exact', path },
      { kind: 'prefix', path: `${path}/` },
    ];
  return [{ kind: 'prefix', path: open.startsWith('/') && !open.startsWith('/?') ? `${path}/` : path }];
}

/** The same for all patterns of a location. */
export function literalPaths({ matches }: Location): readonly Match[] | undefined {
  const found = matches.map(({ path }) => literalMatches(path));
  return found.every((one) => one !== undefined) ? found.flat() : undefined;
}

/** What every path of a pattern begins with, as far as it is plain text. */
export function literalHead(pattern: string): string {
  if (splitAlternatives(pattern).length > 1) return '';
  const text = pattern.replace(/^\^/, '');
  const head = /^(?:[A-Za-z0-9/_-]|\\\.)*/.exec(text)![0];
  // A character that may be missing or repeated is no part of it.
  const sure = /^[?*+{]/.test(text.slice(head.length)) ? head.slice(0, -1) : head;
  return sure.replaceAll('\\', '');
}
