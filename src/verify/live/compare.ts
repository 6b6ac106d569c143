import { createHash } from 'node:crypto';
import type { Conversion } from '../../conversion/conversion.ts';
import { nginxReader } from '../../diff/nginx-routes.ts';
import type { Route } from '../../diff/route.ts';
import {
  type Coverage,
  type CoverageReader,
  coverageReader,
  type DeclaredDifference,
} from '../judge/declared.ts';
import { differences } from '../judge/judge.ts';
import { hostName, normalPath } from '../judge/location.ts';
import { isTransport } from '../judge/noise.ts';
import type { Headers, Result } from '../judge/observation.ts';
import type { Probe, ProbeRequest } from '../judge/probe.ts';
import { judge, type Verdict } from '../judge/verdict.ts';
import type { Answer } from './client.ts';

export type LiveVerdict = 'same' | 'declared' | 'closed' | 'undeclared' | 'unstable' | 'unreachable';

/** What came of one request to both gateways. */
export interface LiveResult {
  readonly probe: Probe;
  readonly verdict: LiveVerdict;
  readonly differences: readonly DeclaredDifference[];
  /** Statuses; undefined where there was no answer. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** Why a side did not answer, what is unstable, or which findings block the route. */
  readonly note?: string;
}

export interface BodyOptions {
  /** Compare bodies by their hash, and not by their length alone. */
  readonly hash: boolean;
  /** Takes out of a body what differs by itself. */
  clean(body: string): string;
}

/** The answers to a probe: the old gateway's, a second one of it, the new gateway's. */
export interface Answers {
  readonly before: Answer;
  readonly again: Answer | undefined;
  readonly after: Answer;
}

export interface Comparer {
  /** Whether the second answer of the old gateway is needed to tell what differs by itself. */
  differs(probe: Probe, before: Answer, after: Answer): boolean;
  compare(probe: Probe, answers: Answers): LiveResult;
}

/** Compares answers with the judge of the conformance suite, as far as a client sees them. */
export function comparer(conversion: Conversion, body: BodyOptions): Comparer {
  const coverageOf = coverageReader(conversion);
  const nginx = nginxReader(conversion.model, conversion.cluster);
  const routeOf = ({ scheme, host, path, method = 'GET', headers = {} }: ProbeRequest): Route | undefined => {
    const normal = normalPath(path);
    if (normal === undefined) return undefined;
    const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    return nginx.route({
      host: hostName(host),
      tls: scheme === 'https',
      method,
      path: normal,
      headers: Object.fromEntries(lower) as Record<string, string>,
    });
  };
  const answersItself = (request: ProbeRequest): boolean => routeOf(request)?.answer !== '';
  const seenBoth = (probe: Probe, before: Answer, after: Answer): readonly [Result, Result] => {
    const own = answersItself(probe.request);
    const local = [own || isOfNginx(before), own || isOfEnvoy(after)] as const;
    // Where both answer alike, what one of them says by itself the other one does, too.
    const either = before.status === after.status && (local[0] || local[1]);
    return [
      resultOf(probe, before, local[0] || either, body),
      resultOf(probe, after, local[1] || either, body),
    ];
  };

  return {
    differs(probe, before, after) {
      const [one, other] = seenBoth(probe, before, after);
      return one.status === undefined || clientSide(differences(probe, one, other)).length > 0;
    },
    compare(probe, { before, again, after }) {
      const [one, other] = seenBoth(probe, before, after);
      const second = again && resultOf(probe, again, one.upstream === null, body);
      return verdictOf(probe, one, second, other, coverageOf, headersOf(routeOf(probe.request)));
    },
  };
}

/** The names of the headers that a route writes into answers. */
function headersOf(route: Route | undefined): ReadonlySet<string> {
  const own = [...(route?.headers ?? '').matchAll(/(?:^|, )response ([^:]+):/g)].map(([, name]) => name!);
  const cors = ['origin', 'credentials', 'methods', 'headers'].map((part) => `access-control-allow-${part}`);
  return new Set([...own, ...cors, 'access-control-max-age', 'access-control-expose-headers', 'set-cookie']);
}

/** Who answers, no client sees. */
function clientSide<D extends { readonly field: string }>(found: readonly D[]): D[] {
  return found.filter(({ field }) => field !== 'upstream');
}

/** nginx's own pages name it, and an upstream that fails is nginx's to tell of. */
function isOfNginx({ status, body }: Answer): boolean {
  return status === 502 || status === 504 || body.includes('<center>nginx</center>');
}

/** Errors that Envoy gives by itself come without the time that an upstream took. */
function isOfEnvoy({ status = 0, headers }: Answer): boolean {
  return status >= 400 && headers['x-envoy-upstream-service-time'] === undefined;
}

const core: ReadonlySet<string> = new Set(['status', 'location', 'connection']);
const down = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'timeout',
]);

function verdictOf(
  probe: Probe,
  before: Result,
  again: Result | undefined,
  after: Result,
  coverageOf: CoverageReader,
  configured: ReadonlySet<string>,
): LiveResult {
  const base = { probe, before: before.status, after: after.status, differences: [] };
  if (before.status === undefined)
    return { ...base, verdict: 'unreachable', note: `the old gateway: ${before.error ?? 'no answer'}` };
  const moving = again === undefined ? [] : differences(probe, before, again).map(({ field }) => field);
  const unstable = moving.filter((field) => core.has(field));
  if (unstable.length > 0)
    return {
      ...base,
      verdict: 'unstable',
      note: `the old gateway answers differently each time: ${unstable.join(', ')}`,
    };
  const steady = moving.length === 0 ? probe : { ...probe, volatile: true, volatileFields: moving };
  const observation = { system: 'ingress-nginx', version: '', results: { [probe.name]: before } };
  const coverage = coverageOf(probe.request, before);
  const judged = judge(steady, observation, after, coverage);
  const { note } = judged;
  const found = withConsequences(clientSide(judged.differences), coverage, configured);
  const declared = found.every(({ declaredBy }) => declaredBy.length > 0);
  const verdict = verdictOn(judged.verdict, found.length === 0, declared);
  const isDown = after.status === undefined && verdict === 'undeclared' && down.has(after.error ?? '');
  if (isDown) return { ...base, verdict: 'unreachable', note: `the new gateway: ${after.error}` };
  return {
    ...base,
    verdict,
    differences: found,
    ...(note === undefined ? {} : { note }),
  };
}

/** The judge's verdict, of what a client sees. */
function verdictOn(judged: Verdict, isSame: boolean, isDeclared: boolean): LiveVerdict {
  if (judged === 'unjudged') return 'unreachable';
  if (isSame) return 'same';
  return judged === 'undeclared' && isDeclared ? 'declared' : judged;
}

/**
 * Who gives another status gives other headers and another body, too; and another application has headers of its own. No client sees
 * who answers, so these follow from what is declared.
 * @param configured names of the headers that the configuration writes
 */
function withConsequences(
  found: readonly DeclaredDifference[],
  { findings }: Coverage,
  configured: ReadonlySet<string>,
): readonly DeclaredDifference[] {
  const status = found.find(({ field }) => field === 'status')?.declaredBy ?? [];
  const elsewhere = findings.filter(({ type }) => type.fields.includes('upstream'));
  const codesFor = (header: string): readonly string[] => {
    if (status.length > 0) return status;
    const those = configured.has(header)
      ? elsewhere.filter(({ scope }) => scope.kind === 'requests')
      : elsewhere;
    return [...new Set(those.map(({ type }) => type.code))].sort();
  };
  return found.map((difference) => {
    const header = /^response-header:(.*)/.exec(difference.field)?.[1];
    return difference.declaredBy.length > 0 || header === undefined
      ? difference
      : { ...difference, declaredBy: codesFor(header) };
  });
}

/** What a client sees of an answer, as the judge compares it. Who gave it stands for the upstream, which no client sees. */
function resultOf({ request }: Probe, answer: Answer, local: boolean, options: BodyOptions): Result {
  if (answer.status === undefined)
    return { headers: {}, upstream: null, upstreamRequest: null, error: answer.error ?? 'no answer' };
  const headers: Record<string, Headers[string]> = {};
  for (const [name, value] of Object.entries(answer.headers)) if (!isTransport(name)) headers[name] = value;
  if (!local && request.method !== 'HEAD') headers['(body)'] = bodyOf(answer.body, options);
  const { location } = answer.headers;
  return {
    status: answer.status,
    headers,
    ...(typeof location === 'string' ? { location } : {}),
    upstream: local ? null : '(application)',
    upstreamRequest: null,
    ...(answer.certificate === undefined ? {} : { serverCert: answer.certificate }),
  };
}

/** A body by its hash, or by the class of its length: dates and ids in it say nothing. */
function bodyOf(body: string, { hash, clean }: BodyOptions): string {
  if (hash) return `sha256 ${createHash('sha256').update(clean(body)).digest('hex').slice(0, 16)}`;
  if (body.length === 0) return 'empty';
  return body.length < 1 << 16
    ? 'up to 64 KiB'
    : `about ${4 ** Math.round(Math.log(body.length) / Math.log(4))} bytes`;
}
