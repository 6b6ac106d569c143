import {
  type Answer,
  type AnswerEffect,
  type AnswerPhase,
  answerPhases,
  type Condition,
  type Effect,
  type ForwardPatch,
  type RouteMatch,
} from '../features/effect.ts';
import type { Location, ServiceBackend } from '../nginx/model.ts';
import { both, canonical, implies, isAlways, toHttpMatch } from './conditions.ts';
import { toUriMatch } from './paths.ts';
import type {
  Destination,
  HeaderOperations,
  Headers,
  HttpMatch,
  HttpRoute,
  PortPolicy,
  StringMatch,
  WeightedDestination,
} from './types.ts';

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
  readonly phase?: AnswerPhase;
  readonly variants: readonly string[];
}

/** A location whose pattern Envoy cannot match. */
export interface UnmatchedLocation {
  readonly location: Location;
  readonly reason: string;
}

type Conditional = { readonly variant: string; readonly when: Condition } & (
  | { readonly patch: ForwardPatch }
  | { readonly response: HeaderOperations }
  | { readonly policy: PortPolicy }
);

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
  const uris = (matches: readonly RouteMatch[]): StringMatch[] =>
    matches.flatMap((match) => {
      const uri = toUriMatch(match);
      if (!uri.ok) unmatched.push({ location, reason: uri.reason });
      return uri.ok ? [uri.uri] : [];
    });
  const own = uris(withoutCovered(location.matches));
  const conditionals = effects.flatMap(conditionalOf);
  const always = {
    patches: effects.flatMap((effect) =>
      effect.kind === 'forward' && isAlways(effect.when) ? [effect.patch] : [],
    ),
    response: effects.flatMap((effect) =>
      effect.kind === 'response-headers' && isAlways(effect.when) ? [effect.response] : [],
    ),
  };
  let reached = host.reached;
  const write = (
    name: string,
    when: Condition,
    build: (name: string) => Omit<HttpRoute, 'name' | 'match'>,
    kind: PlannedRoute['kind'],
    variants: readonly string[],
    phase?: AnswerPhase,
  ): void => {
    const paths = when.matches === undefined ? own : uris(when.matches);
    if (paths.length === 0) return;
    const split = reached.tls === undefined ? host.ports : undefined;
    const rest = toHttpMatch(when, split);
    const match = paths.map(
      (uri): HttpMatch => ({
        ...(isCatchAll(uri) ? {} : { uri }),
        ...(host.authority && { authority: host.authority }),
        ...rest,
      }),
    );
    const needed = match.every((one) => Object.keys(one).length === 0)
      ? undefined
      : match.map((one) => (Object.keys(one).length === 0 ? { uri: { prefix: '/' } } : one));
    routes.push({
      route: { name, ...(needed && { match: needed }), ...build(name) },
      kind,
      variants,
      ...(phase && { phase }),
    });
  };

  for (const effect of inPhaseOrder(effects)) {
    const when = both(reached, effect.when ?? {});
    if (when === undefined) continue;
    const headerVariants = conditionals.filter((one) => 'response' in one);
    for (const { condition, active } of combinations(when, headerVariants)) {
      const response = [
        ...always.response,
        ...active.flatMap((one) => ('response' in one ? [one.response] : [])),
      ];
      const variants = [...(effect.variant === undefined ? [] : [effect.variant]), ...variantsOf(active)];
      const name = [base, effect.phase, ...variants].join('.');
      write(
        name,
        condition,
        () => answerRoute(effect.answer, response),
        'redirect' in effect.answer ? 'redirect' : 'answered',
        variants,
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
      const patches = [...always.patches, ...active.flatMap((one) => ('patch' in one ? [one.patch] : []))];
      const response = [
        ...always.response,
        ...active.flatMap((one) => ('response' in one ? [one.response] : [])),
      ];
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
      );
    }
  }
  return { routes, unmatched };
}

function conditionalOf(effect: Effect): Conditional[] {
  if (effect.kind === 'forward' && !isAlways(effect.when))
    return [{ variant: effect.variant ?? '', when: effect.when ?? {}, patch: effect.patch }];
  if (effect.kind === 'response-headers' && !isAlways(effect.when))
    return [{ variant: effect.variant ?? '', when: effect.when ?? {}, response: effect.response }];
  if (effect.kind === 'destination' && !isAlways(effect.when))
    return [{ variant: effect.variant ?? '', when: effect.when ?? {}, policy: effect.policy }];
  return [];
}

function inPhaseOrder(effects: readonly Effect[]): AnswerEffect[] {
  const answers = effects.filter((effect) => effect.kind === 'answer');
  return answers.sort((a, b) => answerPhases.indexOf(a.phase) - answerPhases.indexOf(b.phase));
}

/**
 * Each way in which conditional effects can hold together, the narrowest first. Those with equal conditions go together,
 * and a way without some condition never stands where that condition holds.
 */
function combinations(
  base: Condition,
  conditionals: readonly Conditional[],
): { condition: Condition; active: Conditional[] }[] {
  interface Way {
    readonly condition: Condition;
    readonly active: Conditional[];
    readonly without: readonly Condition[];
  }
  let ways: Way[] = [{ condition: base, active: [], without: [] }];
  for (const group of byCondition(conditionals)) {
    const { when } = group[0]!;
    ways = ways.flatMap((way) => {
      if (implies(way.condition, when)) return [{ ...way, active: [...way.active, ...group] }];
      const merged = both(way.condition, when);
      if (merged === undefined || way.without.some((other) => implies(merged, other))) return [way];
      return [
        { ...way, condition: merged, active: [...way.active, ...group] },
        { ...way, without: [...way.without, when] },
      ];
    });
  }
  return ways;
}

function byCondition(conditionals: readonly Conditional[]): Conditional[][] {
  const groups = new Map<string, Conditional[]>();
  for (const conditional of conditionals) {
    const key = canonical(conditional.when);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [conditional]);
    else group.push(conditional);
  }
  return [...groups.values()];
}

function variantsOf(active: readonly Conditional[]): string[] {
  return [...new Set(active.map(({ variant }) => variant))];
}

function answerRoute(
  answer: Answer,
  response: readonly HeaderOperations[],
): Omit<HttpRoute, 'name' | 'match'> {
  const headers = headersOf({}, mergeHeaders([...response, ...(answer.headers ? [answer.headers] : [])]));
  if ('redirect' in answer) return { redirect: answer.redirect, ...headers };
  return {
    directResponse: {
      status: answer.status,
      ...(answer.body !== undefined && { body: { string: answer.body } }),
    },
    ...headers,
  };
}

function forwardRoute(
  patch: ForwardPatch,
  response: readonly HeaderOperations[],
  to: readonly {
    readonly backend: ServiceBackend;
    readonly weight?: number;
    readonly headers?: { response?: HeaderOperations };
  }[],
  destination: (backend: ServiceBackend) => Destination,
): Omit<HttpRoute, 'name' | 'match'> {
  const route = to.map(
    ({ backend, weight, headers }): WeightedDestination => ({
      destination: patch.destination ?? destination(backend),
      ...(weight !== undefined && { weight }),
      ...(headers && { headers }),
    }),
  );
  return {
    ...(patch.rewrite && { rewrite: patch.rewrite }),
    route,
    ...(patch.timeout !== undefined && patch.timeout !== 'none' && { timeout: patch.timeout }),
    ...(patch.retries && { retries: patch.retries }),
    ...(patch.mirrors && { mirrors: patch.mirrors }),
    ...(patch.corsPolicy && { corsPolicy: patch.corsPolicy }),
    ...headersOf(
      patch.request ?? {},
      mergeHeaders([...(patch.response ? [patch.response] : []), ...response]),
    ),
  };
}

/** Later patches win, as later directives do in nginx. */
export function mergePatches(patches: readonly ForwardPatch[]): ForwardPatch {
  const request = mergeHeaders(patches.flatMap((patch) => (patch.request ? [patch.request] : [])));
  const response = mergeHeaders(patches.flatMap((patch) => (patch.response ? [patch.response] : [])));
  const merged: ForwardPatch = Object.assign({}, ...patches);
  const rewrite = Object.assign({}, ...patches.flatMap((patch) => (patch.rewrite ? [patch.rewrite] : [])));
  const mirrors = patches.flatMap((patch) => patch.mirrors ?? []);
  return {
    ...merged,
    ...(Object.keys(rewrite).length > 0 && { rewrite }),
    ...(mirrors.length > 0 && { mirrors }),
    request,
    response,
  };
}

/** Header names are compared without regard to case; an operation replaces earlier ones on the same name, `add` collects. */
export function mergeHeaders(operations: readonly HeaderOperations[]): HeaderOperations {
  const set = new Map<string, string>();
  const add = new Map<string, string>();
  const remove = new Set<string>();
  for (const operation of operations) {
    for (const name of operation.remove ?? []) {
      set.delete(name.toLowerCase());
      add.delete(name.toLowerCase());
      remove.add(name.toLowerCase());
    }
    for (const [name, value] of Object.entries(operation.set ?? {})) {
      set.set(name.toLowerCase(), value);
      add.delete(name.toLowerCase());
      remove.delete(name.toLowerCase());
    }
    for (const [name, value] of Object.entries(operation.add ?? {})) add.set(name.toLowerCase(), value);
  }
  const sorted = (map: Map<string, string>): Record<string, string> =>
    Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    ...(set.size > 0 && { set: sorted(set) }),
    ...(add.size > 0 && { add: sorted(add) }),
    ...(remove.size > 0 && { remove: [...remove].sort() }),
  };
}

function headersOf(request: HeaderOperations, response: HeaderOperations): { headers?: Headers } {
  const filled = (operations: HeaderOperations): boolean => Object.keys(operations).length > 0;
  if (!filled(request) && !filled(response)) return {};
  return { headers: { ...(filled(request) && { request }), ...(filled(response) && { response }) } };
}

function isCatchAll(uri: StringMatch): boolean {
  return 'prefix' in uri && uri.prefix === '/';
}

/** A pattern is open at its end, so `/foo` matches all that `/foo/` does. */
function withoutCovered(matches: readonly RouteMatch[]): readonly RouteMatch[] {
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
