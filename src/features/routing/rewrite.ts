import { findingType } from '../../domain/findings.ts';
import type { Options } from '../../domain/options.ts';
import { partLookaheads } from '../../istio-api/lookahead.ts';
import { checkRe2, splitAlternatives } from '../../istio-api/patterns.ts';
import type { Rewrite } from '../../istio-api/types.ts';
import { everyPath } from '../../nginx/every-path.ts';
import type { Location } from '../../nginx/model.ts';
import { rewriteTarget } from '../../nginx/order.ts';
import type { Effect } from '../../plan/effect.ts';
import { literal } from '../../plan/format.ts';
import { type FeatureResult, nothing } from '../../plan/result.ts';
import { claimAll, findingAt, hasAny, idle, reachesUpstream } from '../claims.ts';
import type { Feature } from '../feature.ts';

const encodedCaptures = findingType<{ path: string; target: string }>({
  code: 'rewrite/encoded-captures',
  severity: 'note',
  fields: ['path'],
  summary: 'nginx decodes what it captures from a path, Envoy does not.',
  message: ({ path, target }) =>
    `The rewrite of ${path} to ${target} captures from the path as the client sends it; nginx captures from the decoded path and merges slashes, so %2F and // in the captured part reach the backend differently.`,
  remedy: () => 'Nothing, unless clients send such paths.',
});

const encodedRedirect = findingType<{ path: string; target: string }>({
  code: 'rewrite/encoded-redirect',
  severity: 'note',
  fields: ['location'],
  summary: 'nginx decodes the path that it redirects with, Envoy does not.',
  message: ({ path, target }) =>
    `The redirect of ${path} to ${target} names the path as the client sends it; nginx decodes it and merges slashes first, so %2F and // reach the new address differently.`,
  remedy: () => 'Nothing, unless clients send such paths.',
});

const emptyTarget = findingType<{ path: string; target: string }>({
  code: 'rewrite/empty-target',
  severity: 'warning',
  fields: ['status', 'upstream', 'path', 'method', 'host'],
  summary: 'A rewrite can leave nothing of the path.',
  message: ({ path, target }) =>
    `The rewrite of ${path} to ${target} leaves an empty path where the captured part is empty: ingress-nginx then returns 500, and Istio passes the request on.`,
  remedy: () => 'Begin the target with a slash.',
});

const targetNotCarried = findingType<{ path: string; target: string; reason: string }>({
  code: 'rewrite/manual',
  severity: 'error',
  fields: ['status', 'upstream', 'path', 'location'],
  summary: 'A rewrite target cannot be written for Istio.',
  message: ({ path, target, reason }) =>
    `The rewrite of ${path} to ${target} was not converted: ${reason}. The path reaches the backend as it is.`,
  remedy: () =>
    'Rewrite in the application, or allow EnvoyFilters (--envoy-filters allow) for redirects with captures.',
});

const names = ['rewrite-target', 'use-regex', 'x-forwarded-prefix'];

/** rewrite-target, use-regex and x-forwarded-prefix (ingress-nginx 1.15.1, template/template.go buildProxyPass; scenarios rewrite-*). */
export const rewrite: Feature = {
  name: 'rewrite',
  findings: [encodedCaptures, encodedRedirect, emptyTarget, targetNotCarried],
  location(location, { options }) {
    const { owner, matches } = location;
    if (!hasAny(owner, names)) return nothing;
    if (!reachesUpstream(location))
      return idle(owner, names, 'No request of the location reaches a backend.');
    const target = rewriteTarget(owner, matches[0]?.path ?? location.path);
    const regexClaim = claimAll(owner, ['use-regex'], 'converted');
    if (target === undefined) {
      const reason = 'The target is the path itself, so nginx rewrites nothing.';
      return {
        effects: [],
        claims: [
          ...regexClaim,
          ...claimAll(owner, ['rewrite-target'], 'no-effect-today', { reason }),
          ...claimAll(owner, ['x-forwarded-prefix'], 'no-effect-today', {
            reason: 'nginx sets it together with a rewrite only.',
          }),
        ],
        findings: [],
      };
    }
    const result = rewritten(location, target, options.envoyFilters);
    return { ...result, claims: [...result.claims, ...regexClaim] };
  },
};

function rewritten(location: Location, target: string, envoyFilters: Options['envoyFilters']): FeatureResult {
  const { owner } = location;
  const pattern = location.matches[0]!.path;
  const variable = /\$(?!\d)\{?([A-Za-z_]\w*)?/.exec(target);
  const manual = (reason: string, status: 'manual' | 'opt-in' = 'manual'): FeatureResult => ({
    effects: [],
    claims: claimAll(owner, ['rewrite-target', 'x-forwarded-prefix'], status, { reason }),
    findings: [
      findingAt(targetNotCarried, { path: location.path, target, reason }, location, 'rewrite-target'),
    ],
  });
  if (variable !== null) return manual(`it contains the nginx variable ${variable[0]}`);
  const captures = /\$\d/.test(target);
  const regex = searchRegex(partLookaheads(pattern)?.pattern ?? pattern);
  const checked = checkRe2(regex);
  if (!checked.ok) return manual(checked.reason);
  if (/^https?:\/\//i.test(target)) {
    if (keepsPath(pattern, target))
      return {
        effects: [{ kind: 'answer', phase: 'redirect', answer: { redirect: addressOf(target) } }],
        claims: claimAll(owner, ['rewrite-target'], 'converted'),
        findings: [findingAt(encodedRedirect, { path: location.path, target }, location, 'rewrite-target')],
      };
    if (captures && envoyFilters === 'deny')
      return manual('a redirect to a URL with captures needs an EnvoyFilter', 'opt-in');
    const substitution = captures
      ? { match: regex, rewrite: toRe2Template(target, checked.groups) }
      : undefined;
    return {
      effects: redirectTo(target, substitution),
      claims: claimAll(owner, ['rewrite-target'], 'converted'),
      findings: [],
    };
  }
  // A prefix match would have its prefix swapped, not the whole path (istio/FACTS g).
  const change: Rewrite =
    captures || pattern === '/'
      ? { uriRegexRewrite: { match: regex, rewrite: toRe2Template(target, checked.groups) } }
      : { uri: target };
  const prefix = owner.annotations.get('x-forwarded-prefix')?.value;
  const prefixes = typeof prefix === 'string' && prefix.includes('$');
  const effects: Effect[] = [
    {
      kind: 'forward',
      patch: {
        rewrite: change,
        ...(typeof prefix === 'string' &&
          !prefixes && { request: { set: { 'x-forwarded-prefix': literal(prefix) } } }),
      },
    },
  ];
  return {
    effects,
    claims: [
      ...claimAll(owner, ['rewrite-target'], 'converted'),
      ...claimAll(
        owner,
        ['x-forwarded-prefix'],
        prefixes ? 'manual' : 'converted',
        prefixes ? { reason: 'Captures cannot be put into a header.' } : {},
      ),
    ],
    findings: [
      ...(captures
        ? [findingAt(encodedCaptures, { path: location.path, target }, location, 'rewrite-target')]
        : []),
      ...(/^(?:\$\d)+$/.test(target)
        ? [findingAt(emptyTarget, { path: location.path, target }, location, 'rewrite-target')]
        : []),
    ],
  };
}

/** A pattern for every path, as in `/(.*)`, of which the target captures all behind the slash, as in `https://new.example.com/$1`. */
function keepsPath(pattern: string, target: string): boolean {
  const group = everyPath(pattern)?.restGroup;
  return group !== undefined && pathOf(target) === `/$${group}`;
}

function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/]*/i, '');
}

function addressOf(url: string): { scheme: string; authority: string; redirectCode: number } {
  const [, scheme, authority] = /^(https?):\/\/([^/]*)/i.exec(url)!;
  return { scheme: scheme!.toLowerCase(), authority: authority!, redirectCode: 302 };
}

/** nginx's `rewrite … break` to an absolute URL is a 302; the query stays (scenario rewrite-absolute-url). */
function redirectTo(
  target: string,
  captured: { readonly match: string; readonly rewrite: string } | undefined,
): Effect[] {
  const to = addressOf(target);
  const path = pathOf(target);
  if (captured === undefined)
    return [
      { kind: 'answer', phase: 'redirect', answer: { redirect: { ...to, uri: path === '' ? '/' : path } } },
    ];
  const substitution = pathOf(captured.rewrite);
  return [
    { kind: 'answer', phase: 'redirect', variant: 'captured', answer: { redirect: to } },
    {
      kind: 'route-filter',
      purpose: 'captured-redirect',
      on: 'redirect',
      variant: 'captured',
      value: { redirect: { regex_rewrite: { pattern: { regex: captured.match }, substitution } } },
    },
  ];
}

/**
 * nginx searches the pattern and replaces the whole path. Envoy replaces what the pattern matches, so it has to match all.
 */
export function searchRegex(pattern: string): string {
  if (splitAlternatives(pattern).length > 1) return `(?i)^.*?(?:${pattern}).*$`;
  const anchored = pattern.startsWith('^') ? pattern : `^${pattern}`;
  return `(?i)${/(^|[^\\])\$$/.test(anchored) ? anchored : /(\.\*|\(\.\*\))$/.test(anchored) ? `${anchored}$` : `${anchored}.*$`}`;
}

/** `$1` is `\1` in RE2; a group that the pattern does not have is empty in nginx, and would stop Envoy from rewriting at all. */
export function toRe2Template(target: string, groups: number): string {
  return target
    .replaceAll('\\', '\\\\')
    .replace(/\$(\d)/g, (_text, digit: string) => (Number(digit) <= groups ? `\\${digit}` : ''));
}
