import type { Route } from '../../diff/route.ts';
import { qualifiedName } from '../../domain/origin.ts';
import type { Location } from '../../nginx/model.ts';
import type { LogRecord } from './record.ts';
import { defaultUpstream, upstreamNamesOf } from './upstreams.ts';

/** What the model says that nginx does with a request. */
export interface Expected {
  readonly route: Route;
  /** Undefined where nginx answers before it chooses a location. */
  readonly location: Location | undefined;
  /** Statuses for which nginx fetches an error page of another upstream. */
  readonly errorPages: ReadonlySet<number>;
  /** Statuses that a snippet may answer with, under conditions which a log does not tell. */
  readonly snippets: ReadonlySet<number>;
  readonly mirrored: boolean;
}

/** How much has to be assumed for the model to explain a line: 0 is nothing; undefined: the model does not explain it. */
export function assumptionsFor(expected: Expected, record: LogRecord): number | undefined {
  if (isMirrored(expected, record)) return 0;
  const early = earlyAnswer(expected, record);
  if (early !== undefined) return early;
  if (!hasUpstream(expected, record)) return undefined;
  return record.tries !== undefined && record.tries > 0
    ? ofPassed(expected, record)
    : ofOwn(expected, record);
}

/** The copy of a mirror is logged like a request of its own; both have lost the upstream's name. */
function isMirrored({ mirrored }: Expected, { upstream, tries }: LogRecord): boolean {
  return mirrored && upstream === '-' && tries !== 0;
}

/** Answers of nginx before it chooses a location have no upstream: not read, redirected or refused for the whole host. */
function earlyAnswer({ route, snippets }: Expected, record: LogRecord): number | undefined {
  const { upstream, status, tries } = record;
  if (upstream !== undefined && upstream !== '-' && upstream !== '') return undefined;
  if (tries !== undefined && tries > 0) return undefined;
  if (codeOf(route) === status && status !== 404) return 0;
  if (ofClient.has(status)) return 1;
  if (snippets.has(status)) return 2;
  return status === 403 && /client certificate/.test(route.policy) ? 2 : undefined;
}

function hasUpstream({ location, errorPages, route }: Expected, record: LogRecord): boolean {
  const { upstream, status, redirected } = record;
  if (upstream === undefined) return true;
  if (upstream === '' || upstream === '-') return false;
  if (location === undefined) return upstream === defaultUpstream && codeOf(route) === 404;
  if (upstreamNamesOf(location).includes(upstream)) return true;
  return (redirected || errorPages.has(status)) && isErrorUpstream(upstream);
}

export function isErrorUpstream(upstream: string): boolean {
  return upstream === defaultUpstream || upstream.startsWith('custom-default-backend-');
}

/** Statuses that nginx gives for reasons of the client: gone, too slow, malformed, or a body too large. */
const ofClient: ReadonlySet<number> = new Set([
  0, 400, 405, 408, 411, 413, 414, 416, 417, 421, 431, 494, 495, 496, 497, 499,
]);
/** Statuses for an upstream that does not answer. */
const ofUpstream: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/** An upstream answered. */
function ofPassed(
  { route, location, errorPages, snippets }: Expected,
  record: LogRecord,
): number | undefined {
  const { status, redirected } = record;
  if (redirected || errorPages.has(status)) return 1;
  if (route.answer !== '') {
    // The controller's own default backend is an upstream, too.
    const own = location === undefined || location.backend.kind === 'not-found';
    if (own && (codeOf(route) === status || ofUpstream.has(status))) return hasUser(route) ? 1 : 0;
    // A snippet's answer may hang on a condition that did not hold.
    return snippets.size > 0 ? 2 : undefined;
  }
  if (!isChosen(route, location, record)) return undefined;
  return hasUser(route) ? 1 : 0;
}

/** A request that passed had what a protection asks for. */
function hasUser({ policy }: Route): boolean {
  return /auth|certificate/.test(policy);
}

/** nginx answered by itself, or the log does not tell who did. */
function ofOwn(expected: Expected, record: LogRecord): number | undefined {
  const { route, location, errorPages, snippets } = expected;
  const { status, tries, method } = record;
  if (tries === undefined && route.answer === '' && method !== '' && isChosen(route, location, record))
    return 0;
  if (codeOf(route) === status) return 0;
  if (location?.backend.kind === 'not-found' && tries === undefined && errorPages.has(status)) return 1;
  if (ofClient.has(status)) return 1;
  if (refusals(route.policy).has(status)) return 2;
  if (route.answer === '' && ofUpstream.has(status)) return 1;
  return snippets.has(status) || errorPages.has(status) ? 3 : undefined;
}

/** Whether the canary was chosen, or not, as the log says. */
function isChosen({ backend }: Route, location: Location | undefined, { alternative }: LogRecord): boolean {
  if (alternative === undefined) return true;
  const canary = location?.canary;
  if (alternative === '')
    return (
      canary === undefined || location?.backend.kind !== 'service' || includes(backend, location.backend)
    );
  return canary?.upstream.name === alternative && includes(backend, canary.backend);
}

function includes(backend: string, { service, port }: NonNullable<Location['canary']>['backend']): boolean {
  return service.type === 'ExternalName' || backend.includes(`${qualifiedName(service.ref)}:${port.port}`);
}

function codeOf({ answer }: Route): number | undefined {
  return answer === '' ? undefined : Number.parseInt(answer, 10);
}

/** Statuses with which a protection refuses a request; its name stands in the policy column. */
export function refusals(policy: string): ReadonlySet<number> {
  const statuses = new Set<number>();
  const add = (pattern: RegExp, ...codes: readonly number[]): void => {
    if (pattern.test(policy)) for (const code of codes) statuses.add(code);
  };
  add(/basic auth/, 302, 401, 403, 503);
  add(/external auth/, 301, 302, 303, 307, 308, 401, 403, 500, 503);
  add(/allow|deny/, 403);
  add(/limit/, 429, 503);
  add(/client certificate/, 302, 400, 403);
  return statuses;
}
