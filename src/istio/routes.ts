import type { Destination, HeaderOperations, HttpMatch, HttpRoute, StringMatch } from '../istio-api/types.ts';
import type { Location, ServiceBackend } from '../nginx/model.ts';
import {
  type AnswerEffect,
  type AnswerPhase,
  answerPhases,
  type Condition,
  type RouteMatch,
} from '../plan/answer-effect.ts';
import { type Explained, type Reason, reasonsOf } from '../plan/because.ts';
import type { Effect, ForwardPatch } from '../plan/effect.ts';
import { isEmpty } from '../text/json.ts';
import { answerRoute, forwardRoute, mergePatches, type RouteAction } from './actions.ts';
import { type Conditional, combinations, conditionalOf, variantsOf } from './combinations.ts';
import { both, isAlways, toHttpMatch } from './conditions.ts';
import { toUriMatch, type UriMatch } from './uri-match.ts';

/** What the routes of a host have in common. */
export interface HostRoutes {
  /** Ports of the gateway; undefined where the host is served over one scheme alone. */
  readonly ports: { readonly http: number; readonly https: number } | undefined;
  /** What the host's own answers leave to its locations: both schemes, or one. */
  readonly reached: Condition;
  /** Narrows a wildcard host to one label. */
  readonly authority: StringMatch | undefined;
  /** The Destination of a backend for requests of a location that meet a condition, with the subset that its policy needs. */
  destination(backend: ServiceBackend, when: Condition): Destination;
}

/** A route and what it is for: EnvoyFilters choose routes by it. */
export interface PlannedRoute {
  readonly route: HttpRoute;
  readonly kind: 'forwarded' | 'redirect' | 'answered';
  /** Undefined for routes that forward. */
  readonly phase: AnswerPhase | undefined;
  readonly variants: readonly string[];
  /** The settings that it comes from. */
  readonly because: readonly Reason[];
}

/** A location whose pattern Envoy cannot match. */
export interface UnmatchedLocation {
  readonly location: Location;
  readonly reason: string;
}

/**
 * The routes of one location, in the order in which they have to stand: what nginx answers by itself, in its order, then
 * what it forwards, the narrower condition first.
 */
export function routesOf(
  location: Location,
  effects: readonly Effect[],
  host: HostRoutes,
): { routes: PlannedRoute[]; unmatched: UnmatchedLocation[] } {
  const unmatched: UnmatchedLocation[] = [];
  const routes: PlannedRoute[] = [];
  const base = slugOf(location.path);
  const uris = (matches: readonly RouteMatch[]): HttpMatch[] => {
    const written: HttpMatch[] = [];
    for (const match of matches) {
      const uri = toUriMatch(match);
      if (uri.ok) written.push(matchOf(uri));
      else unmatched.push({ location, reason: uri.reason });
    }
    return written;
  };
  const own = uris(withoutCovered(location.matches));
  const { conditionals, patches: patchesOfAll, response: responseOfAll, always } = sorted(effects);
  let reached = host.reached;
  const write = (
    name: string,
    when: Condition,
    build: (name: string) => RouteAction,
    kind: PlannedRoute['kind'],
    variants: readonly string[],
    causes: readonly Explained[],
    phase?: AnswerPhase,
  ): void => {
    const paths = when.matches === undefined ? own : uris(when.matches);
    if (paths.length === 0) return;
    const split = reached.tls === undefined ? host.ports : undefined;
    const rest = toHttpMatch(when, split);
    const match = paths.map((path) => matchUnder(path, host.authority, rest));
    const action = build(name);
    const route: HttpRoute = match.every(isEmpty)
      ? { name, ...action }
      : { name, match: match.map((one) => (isEmpty(one) ? everyPath : one)), ...action };
    routes.push({ route, kind, variants, phase, because: reasonsOf(causes) });
  };

  for (const effect of inPhaseOrder(effects)) {
    const when = both(reached, effect.when ?? {});
    if (when === undefined) continue;
    const requested =
      effect.place === undefined
        ? { conditionals: conditionals.filter((one) => 'response' in one), response: responseOfAll }
        : sorted(headersAt(effect.place, effects));
    for (const { condition, active } of combinations(when, requested.conditionals)) {
      const response = withResponses(requested.response, active);
      const variants = effect.variant === undefined ? [] : [effect.variant];
      variants.push(...variantsOf(active));
      const name = [base, effect.phase, ...variants].join('.');
      write(
        name,
        condition,
        () => answerRoute(effect.answer, response),
        'redirect' in effect.answer ? 'redirect' : 'answered',
        variants,
        [effect],
        effect.phase,
      );
    }
    const { tls, ...others } = effect.when ?? {};
    if (!isAlways(others)) continue;
    if (tls === undefined || reached.tls === tls) return { routes, unmatched };
    reached = { ...reached, tls: !tls };
  }

  const split = effects.find((effect) => effect.kind === 'split');
  const branches =
    split?.branches ??
    (location.backend.kind === 'service' ? [{ name: '', to: [{ backend: location.backend }] }] : []);
  for (const branch of branches) {
    const when = both(reached, 'when' in branch ? (branch.when ?? {}) : {});
    if (when === undefined) continue;
    for (const { condition, active } of combinations(when, conditionals)) {
      const patches = [...patchesOfAll];
      for (const one of active) if ('patch' in one) patches.push(one.patch);
      const response = withResponses(responseOfAll, active);
      const variants = variantsOf(active);
      const name = [base, branch.name, ...variants].filter((part) => part !== '').join('.');
      write(
        name,
        condition,
        () =>
          forwardRoute(mergePatches(patches), response, branch.to, (backend) =>
            host.destination(backend, condition),
          ),
        'forwarded',
        variants,
        split === undefined ? [...always, ...active] : [...always, split, ...active],
      );
    }
  }
  return { routes, unmatched };
}

const everyPath: HttpMatch = { uri: { prefix: '/' } };

/** A path, and what else has to hold. */
function matchUnder(path: HttpMatch, authority: StringMatch | undefined, rest: HttpMatch): HttpMatch {
  if (authority === undefined && isEmpty(rest)) return path;
  return {
    ...path,
    ...(authority && { authority }),
    ...rest,
    ...(path.withoutHeaders && { withoutHeaders: { ...rest.withoutHeaders, ...path.withoutHeaders } }),
  };
}

/** What is asked for every request of the location, and what only under a condition. */
function sorted(effects: readonly Effect[]) {
  const patches: ForwardPatch[] = [];
  const response: HeaderOperations[] = [];
  const conditionals: Conditional[] = [];
  const always: Explained[] = [];
  for (const effect of effects) {
    if (effect.kind === 'forward' && isAlways(effect.when)) {
      patches.push(effect.patch);
      always.push(effect);
    } else if (effect.kind === 'response-headers' && isAlways(effect.when)) {
      response.push(effect.response);
      always.push(effect);
    } else {
      const conditional = conditionalOf(effect);
      if (conditional !== undefined) conditionals.push(conditional);
    }
  }
  return { conditionals, patches, response, always };
}

/** Response headers that an answer carries which nginx gives outside of the location. */
function headersAt(place: 'server' | 'http', effects: readonly Effect[]): Effect[] {
  return effects.filter(
    (effect) => effect.kind === 'response-headers' && (effect.place === 'http' || effect.place === place),
  );
}

function withResponses(
  always: readonly HeaderOperations[],
  active: readonly Conditional[],
): readonly HeaderOperations[] {
  const responses = [...always];
  for (const one of active) if ('response' in one) responses.push(one.response);
  return responses;
}

function inPhaseOrder(effects: readonly Effect[]): (AnswerEffect & Explained)[] {
  const answers = effects.filter((effect) => effect.kind === 'answer');
  return answers.sort((a, b) => answerPhases.indexOf(a.phase) - answerPhases.indexOf(b.phase));
}

/** A match of the path alone; nothing for one that takes every path. */
function matchOf({ uri, without }: UriMatch & { readonly ok: true }): HttpMatch {
  return {
    ...(isCatchAll(uri) ? {} : { uri }),
    ...(without !== undefined && { withoutHeaders: { ':path': { regex: without } } }),
  };
}

function isCatchAll(uri: StringMatch): boolean {
  return 'prefix' in uri && uri.prefix === '/';
}

/** A pattern is open at its end, so `/foo` matches all that `/foo/` does. */
function withoutCovered(matches: readonly RouteMatch[]): readonly RouteMatch[] {
  if (matches.length < 2) return matches;
  const patterns = new Set(matches.map(({ kind, path }) => `${kind} ${path}`));
  return matches.filter(
    ({ kind, path }) =>
      !(kind === 'regex' && path.endsWith('/') && patterns.has(`regex ${path.slice(0, -1)}`)),
  );
}

/** A readable name for a path: `api-v1` for `/api/v1`, `root` for `/`. */
function slugOf(path: string): string {
  const slug = path
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return slug === '' ? 'root' : slug;
}
