import { finding, findingType } from '../findings.ts';
import { judgeRe2, type Re2Verdict } from '../istio/re2.ts';
import type { HttpRoute, StringMatch } from '../istio/types.ts';
import { shown } from '../read/shown.ts';
import type { Check, Output, Placed } from './check.ts';

interface Args {
  readonly object: string;
  readonly regex: string;
}

const notRe2 = findingType<Args & { readonly reason: string }>({
  code: 'check/regex-not-re2',
  severity: 'error',
  fields: ['status', 'upstream'],
  summary: 'A regular expression is one that RE2, and so Istio, does not know.',
  message: ({ object, regex, reason }) =>
    `${object} matches ${shown(regex)}, which Istio refuses: ${reason}.`,
  remedy: () =>
    'Write the path without look-around, back-references and possessive quantifiers, or split it into several paths.',
});

const tooLong = findingType<Args & { readonly bytes: number }>({
  code: 'check/regex-too-long',
  severity: 'error',
  fields: ['status', 'upstream'],
  summary: 'A regular expression is longer than Istio takes.',
  message: ({ object, regex, bytes }) =>
    `${object} matches ${shown(regex)} of ${bytes} bytes; Istio refuses more than ${longest}.`,
  remedy: () => 'Split it into several paths.',
});

const tooComplex = findingType<Args & { readonly size: number }>({
  code: 'check/regex-too-complex',
  severity: 'error',
  fields: ['status', 'upstream'],
  summary: 'A regular expression compiles to a larger program than Envoy takes.',
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
  run(output) {
    const verdicts = new Map<string, Re2Verdict>();
    return [...usesOf(output)].flatMap(({ regex, rewrite, object, where }) => {
      const bytes = regex.length * 3 > longest ? Buffer.byteLength(regex) : regex.length;
      if (bytes > longest) return [finding(tooLong, { object, regex, bytes }, where)];
      const verdict = verdicts.get(regex) ?? judgeRe2(regex);
      verdicts.set(regex, verdict);
      if (!verdict.ok) return [finding(notRe2, { object, regex, reason: verdict.reason }, where)];
      if (verdict.size > largestProgram)
        return [finding(tooComplex, { object, regex, size: verdict.size }, where)];
      const missing = rewrite !== undefined && groupsIn(rewrite).some((group) => group > verdict.groups);
      return missing ? [finding(noGroup, { object, regex, rewrite }, where)] : [];
    });
  },
};

/** The groups that an Envoy substitution names; `\\` is a backslash. */
function groupsIn(rewrite: string): number[] {
  return [...rewrite.matchAll(/\\(\\|\d)/g)]
    .filter(([, group]) => group !== '\\')
    .map(([, group]) => Number(group));
}

interface Use {
  readonly regex: string;
  readonly rewrite?: string;
  readonly object: string;
  readonly where: Placed<object>['where'];
}

function* usesOf({ virtualServices, all }: Output): Generator<Use> {
  for (const { spec, name, where } of virtualServices) {
    for (const route of spec.http ?? []) {
      const object = `Route ${route.name} of VirtualService ${name}`;
      for (const regex of matchedBy(route)) yield { regex, object, where };
      const rewritten = route.rewrite?.uriRegexRewrite;
      if (rewritten !== undefined)
        yield { regex: rewritten.match, rewrite: rewritten.rewrite, object, where };
    }
  }
  for (const { emitted, name, where } of all) {
    if (emitted.object.kind !== 'EnvoyFilter') continue;
    for (const regex of envoyRegexes(emitted.object.spec))
      yield { regex, object: `EnvoyFilter ${name}`, where };
  }
}

function* matchedBy({ match = [], corsPolicy }: HttpRoute): Generator<string> {
  for (const { uri, method, authority, headers, withoutHeaders, queryParams } of match) {
    yield* regexOf(uri);
    yield* regexOf(method);
    yield* regexOf(authority);
    for (const map of [headers, queryParams]) {
      for (const name in map) yield* regexOf(map[name]);
    }
    for (const name in withoutHeaders) {
      // Istio takes this one for presence (validateHTTPRouteMatchRequest).
      for (const regex of regexOf(withoutHeaders[name])) if (regex !== '*') yield regex;
    }
  }
  for (const origin of corsPolicy?.allowOrigins ?? []) yield* regexOf(origin);
}

function regexOf(match: StringMatch | Record<string, never> | undefined): string[] {
  return match !== undefined && 'regex' in match ? [match.regex] : [];
}

/** Texts under `regex`, as in Envoy's `safe_regex: {regex: …}`. */
function* envoyRegexes(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'regex' && typeof inner === 'string') yield inner;
    else yield* envoyRegexes(inner);
  }
}
