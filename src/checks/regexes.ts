import { type Finding, finding, findingType } from '../domain/findings.ts';
import { judgeRe2, type Re2Verdict } from '../istio-api/re2.ts';
import type { HttpRoute, StringMatch } from '../istio-api/types.ts';
import { shown } from '../text/shown.ts';
import { type Check, type CheckedObject, isVirtualService } from './check.ts';

interface Args {
  readonly object: string;
  readonly regex: string;
}

const notRe2 = findingType<Args & { readonly reason: string }>({
  code: 'check/regex-not-re2',
  severity: 'error',
  fields: ['status', 'upstream'],
  summary: "The regular expression uses syntax that RE2, and therefore Istio, doesn't support.",
  message: ({ object, regex, reason }) =>
    `${object} matches ${shown(regex)}, which Istio refuses: ${reason}.`,
  remedy: () =>
    'Write the path without look-around, back-references and possessive quantifiers, or split it into several paths.',
});

const tooLong = findingType<Args & { readonly bytes: number }>({
  code: 'check/regex-too-long',
  severity: 'error',
  fields: ['status', 'upstream'],
  summary: 'A regular expression is longer than Istio allows.',
  message: ({ object, regex, bytes }) =>
    `${object} matches ${shown(regex)} of ${bytes} bytes; Istio refuses more than ${longest}.`,
  remedy: () => 'Split it into several paths.',
});

const tooComplex = findingType<Args & { readonly size: number }>({
  code: 'check/regex-too-complex',
  severity: 'error',
  fields: ['status', 'upstream'],
  summary: 'A regular expression compiles to a larger program than Envoy allows.',
  message: ({ object, regex, size }) =>
    `${object} matches ${shown(regex)}, a program of about ${size} steps; Envoy refuses more than ${largestProgram}.`,
  remedy: () => 'Use smaller counts in braces, or split it into several paths.',
});

const noGroup = findingType<Args & { readonly rewrite: string }>({
  code: 'check/rewrite-group-missing',
  severity: 'error',
  fields: ['path'],
  summary: 'A rewrite refers to a group that its regular expression does not have.',
  message: ({ object, regex, rewrite }) =>
    `${object} rewrites ${shown(regex)} to ${shown(rewrite)}, which names a group that is not there; Envoy then leaves the path as it is.`,
  remedy: () => 'Correct the number of the group.',
});

/** istiod, validateStringRegexp */
const longest = 1024;
/** `re2.max_program_size.error_level` in the bootstrap that Istio gives to Envoy. */
const largestProgram = 32768;

/** Every regular expression of the routes and of EnvoyFilters, each text judged once. */
export const regexes: Check = {
  name: 'regexes',
  findings: [notRe2, tooLong, tooComplex, noGroup],
  ofObject() {
    const judge = regexJudge();
    return (placed, tell) => {
      const { emitted, name, spec, where } = placed;
      const lookAs =
        (user: User) =>
        (regex: string, rewrite?: string): void => {
          const reported = judge(regex, rewrite, user);
          if (reported !== undefined) tell(reported);
        };
      if (emitted.object.kind === 'EnvoyFilter') {
        const look = lookAs({ name: () => `EnvoyFilter ${name}`, where });
        for (const regex of envoyRegexes(spec)) look(regex);
      }
      if (!isVirtualService(placed)) return;
      for (const route of placed.spec.http ?? []) {
        const look = lookAs({ name: () => `Route ${route.name} of VirtualService ${name}`, where });
        eachMatched(route, look);
        const rewritten = route.rewrite?.uriRegexRewrite;
        if (rewritten !== undefined) look(rewritten.match, rewritten.rewrite);
      }
    };
  },
};

type Judge = (regex: string, rewrite: string | undefined, user: User) => Finding | undefined;

/** Judges each text once. */
function regexJudge(): Judge {
  const verdicts = new Map<string, Re2Verdict>();
  return (regex, rewrite, user) => {
    const verdict = verdicts.get(regex) ?? (isTooLong(regex) ? unjudged : judgeRe2(regex));
    verdicts.set(regex, verdict);
    return problemOf(regex, rewrite, verdict, user);
  };
}

/** The groups that an Envoy substitution names; `\\` is a backslash. */
function groupsIn(rewrite: string): number[] {
  return [...rewrite.matchAll(/\\(\\|\d)/g)]
    .filter(([, group]) => group !== '\\')
    .map(([, group]) => Number(group));
}

/** Nobody asks RE2 about a text that is too long anyway. */
const unjudged: Re2Verdict = { ok: false, reason: '' };

function isTooLong(regex: string): boolean {
  return regex.length * 3 > longest && Buffer.byteLength(regex) > longest;
}

function problemOf(
  regex: string,
  rewrite: string | undefined,
  verdict: Re2Verdict,
  { name, where }: User,
): Finding | undefined {
  if (isTooLong(regex))
    return finding(tooLong, { object: name(), regex, bytes: Buffer.byteLength(regex) }, where);
  if (!verdict.ok) return finding(notRe2, { object: name(), regex, reason: verdict.reason }, where);
  if (verdict.size > largestProgram)
    return finding(tooComplex, { object: name(), regex, size: verdict.size }, where);
  const missing = rewrite !== undefined && groupsIn(rewrite).some((group) => group > verdict.groups);
  return missing ? finding(noGroup, { object: name(), regex, rewrite }, where) : undefined;
}

/** Who matches by a regular expression. */
interface User {
  name(): string;
  readonly where: CheckedObject<object>['where'];
}

function eachMatched({ match = [], corsPolicy }: HttpRoute, tell: (regex: string) => void): void {
  const take = (text: StringMatch | Record<string, never> | undefined): void => {
    if (text !== undefined && 'regex' in text) tell(text.regex);
  };
  for (const { uri, method, authority, headers, withoutHeaders, queryParams } of match) {
    take(uri);
    take(method);
    take(authority);
    for (const name in headers) take(headers[name]);
    for (const name in queryParams) take(queryParams[name]);
    for (const name in withoutHeaders) {
      // Istio takes this one for presence (validateHTTPRouteMatchRequest).
      const text = withoutHeaders[name];
      if (text === undefined || !('regex' in text) || text.regex !== '*') take(text);
    }
  }
  for (const origin of corsPolicy?.allowOrigins ?? []) take(origin);
}

/** Texts under `regex`, as in Envoy's `safe_regex: {regex: …}`. */
function* envoyRegexes(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'regex' && typeof inner === 'string') yield inner;
    else yield* envoyRegexes(inner);
  }
}
