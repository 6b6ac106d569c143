import { type Finding, finding, findingType } from '../domain/findings.ts';
import type { Options } from '../domain/options.ts';
import { encodePath, quoteRegex } from '../istio-api/patterns.ts';
import type { Location, Match } from '../nginx/model.ts';
import type { AnswerEffect } from '../plan/answer-effect.ts';
import type { Effect } from '../plan/effect.ts';
import { withHeaders } from '../plan/header-names.ts';
import type { LocationPlan, ServerEffects, ServerPlan } from '../plan/server-plan.ts';
import { isAlways } from './conditions.ts';
import { type Evasions, evasionsOf } from './guards.ts';
import { hostsOf } from './host-names.ts';
import { literalPaths } from './literal-paths.ts';
import {
  type HostNames,
  hostPolicies,
  type PolicyPlan,
  type RequestedPolicy,
  type Surroundings,
} from './policies.ts';

const closedByPolicy = findingType<{ path: string; purpose: string }>({
  code: 'access/closed',
  severity: 'error',
  fields: [
    'status',
    'upstream',
    'path',
    'method',
    'host',
    'location',
    'request-header:host',
    'response-header:content-type',
  ],
  summary: "This protection can't be limited to the path, so the route returns 503.",
  message: ({ path, purpose }) =>
    `An AuthorizationPolicy (${purpose}) can't match only the requests of the location ${path}, because its host uses regular expressions or the path contains a pattern character. The route returns 503 until you choose an option.`,
  remedy: () =>
    'Allow EnvoyFilters (--envoy-filters allow), protect the whole host alike, or decide for this location in the review.',
  url: 'https://istio.io/latest/docs/reference/config/security/authorization-policy/',
});

const spellingsClosed = findingType<{ path: string }>({
  code: 'access/spellings-closed',
  severity: 'note',
  requests: 'odd-spelling',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'location'],
  summary: 'Odd spellings of a protected path return 403.',
  message: ({ path }) =>
    `Istio leaves // and %2F in paths as they are and compares them with regard to case, so a request such as /${path} would reach another location without the protection of ${path}. Such requests return 403.`,
  remedy: () =>
    'Set meshConfig.pathNormalization.normalization to DECODE_AND_MERGE_SLASHES and say so in the config file (mesh.pathNormalization).',
  url: 'https://istio.io/latest/docs/ops/best-practices/security/#customize-your-system-on-path-normalization',
});

const policyFirst = findingType<{ path: string }>({
  code: 'access/policy-first',
  severity: 'note',
  requests: 'answered-first',
  fields: ['status', 'location'],
  withLocationHeaders: true,
  summary: 'Clients that a list refuses get 403 at once.',
  message: ({ path }) =>
    `nginx answers redirects and preflights of ${path} before it looks at the list of addresses; on Istio a client that is refused gets 403 for these, too.`,
  remedy: () =>
    'Usually no action is needed. With EnvoyFilters allowed (--envoy-filters allow), the order is that of nginx.',
});

const wildcardPort = findingType<{ host: string }>({
  code: 'access/wildcard-ports',
  severity: 'note',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'location'],
  summary: 'A protected wildcard host only accepts the usual ports in the Host header.',
  message: ({ host }) =>
    `An AuthorizationPolicy cannot match ${host} with any port, so requests whose Host header names another port than 80, 443, 8080 or 8443 get 404.`,
  remedy: () => 'Nothing, unless clients use the host on another port; then allow EnvoyFilters.',
});

export const protectionFindingTypes = [closedByPolicy, spellingsClosed, policyFirst, wildcardPort];

/** A host's locations with those closed that cannot be protected, and what the objects need. */
export interface ProtectedHost {
  readonly plan: ServerPlan;
  readonly policies: readonly PolicyPlan[];
  readonly evasions: Evasions;
  readonly findings: readonly Finding[];
  /** Locations that answer 503 because their protection could not be written. */
  readonly closed: readonly Location[];
}

/** Finds the policies of a host, closes what they cannot tell apart and the spellings that would walk past them. */
export function protectHost(plan: ServerPlan, around: Surroundings, options: Options): ProtectedHost {
  const { server } = plan;
  const names = hostsOf(plan).served;
  const requested = plan.locations.flatMap(({ location, effects }) =>
    effects.some(closesAll)
      ? []
      : effects.flatMap((effect): RequestedPolicy[] =>
          effect.kind === 'policy' ? [{ location, effect }] : [],
        ),
  );
  const { plans: policies, inexpressible } = hostPolicies(
    server,
    names,
    requested,
    around,
    answeredBefore(plan),
  );
  const findings: Finding[] = [];
  for (const { location, effect } of inexpressible) {
    const where = { origin: effect.origin, scope: scopeOf(location) };
    findings.push(finding(closedByPolicy, { path: location.path, purpose: effect.purpose }, where));
  }
  for (const { location, effect } of policies.flatMap((policy) => policy.asked)) {
    if (effect.action !== 'DENY' || !effect.exceptPlainHttp) continue;
    const where = { origin: effect.origin, scope: scopeOf(location) };
    const own = plan.locations.find((one) => one.location === location)?.effects ?? [];
    findings.push(
      withHeaders(finding(policyFirst, { path: location.path }, where), [...plan.effects, ...own]),
    );
  }
  if (policies.length > 0 && names.some((name) => name.startsWith('*.'))) {
    const where = { origin: server.owner.ingress.rules[0]?.origin, scope: hostScope(server.host) };
    findings.push(finding(wildcardPort, { host: server.host }, where));
  }
  const closed = new Set(inexpressible.map(({ location }) => location));
  const byPath = new Set(
    policies
      .filter(({ byPath: paths }) => paths)
      .flatMap((policy) => policy.asked.map((one) => one.location)),
  );
  const locations = plan.locations.map((one): LocationPlan => {
    if (closed.has(one.location)) return { ...one, effects: [...one.effects, closedAnswer] };
    return server.regex && byPath.has(one.location) ? inOwnSpelling(one) : one;
  });
  const evasions = evasionsOf(locations, options);
  const respelled = server.regex ? [...byPath] : [];
  for (const location of new Set([...evasions.spellings.keys(), ...respelled])) {
    const where = { origin: location.origin, scope: hostScope(server.host) };
    findings.push(finding(spellingsClosed, { path: location.path }, where));
  }
  return { plan: { ...plan, locations }, policies, evasions, findings, closed: [...closed] };
}

/** Paths that the server answers before its locations count, and with them what protects these (phases up to `server-snippet`). */
function answeredBefore({ effects }: ServerPlan): readonly Match[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== 'answer') return [];
    const { matches = [], ...others } = effect.when ?? {};
    return isAlways(others)
      ? matches.filter((match) => match.kind !== 'whole' && match.kind !== 'regex')
      : [];
  }) as readonly Match[];
}

/**
 * A policy compares paths with regard to case, and nginx's patterns do not, so what the location takes in another spelling than
 * the policy knows is closed.
 */
function inOwnSpelling({ location, effects }: LocationPlan): LocationPlan {
  const spellings = (literalPaths(location) ?? []).map(({ kind, path }) =>
    kind === 'exact' ? `${quoteRegex(encodePath(path))}(?:\\?.*)?` : `${quoteRegex(encodePath(path))}.*`,
  );
  const otherwise: AnswerEffect = {
    kind: 'answer',
    phase: 'closed',
    variant: 'other-spelling',
    when: { withoutHeaders: { ':path': { regex: spellings.join('|') } } },
    answer: { status: 403 },
  };
  return { location, effects: [...effects, otherwise] };
}

/** A location that is closed to everybody needs no policy. */
function closesAll(effect: Effect): boolean {
  return effect.kind === 'answer' && effect.phase === 'closed' && isAlways(effect.when);
}

const closedAnswer: AnswerEffect = { kind: 'answer', phase: 'closed', answer: { status: 503 } };

/** What the policies of a host have to know of the gateway's other hosts; asked once for each host. */
export function surroundingsOf(
  servers: readonly ServerEffects[],
  tcpPorts: readonly number[],
): (server: ServerEffects) => Surroundings {
  const all = servers.flatMap((plan) => hostsOf(plan).all).sort();
  const passthrough = servers
    .filter(({ effects }) => effects.some(({ kind }) => kind === 'passthrough'))
    .flatMap((plan) => hostsOf(plan).all)
    .sort();
  const none: HostNames = [];
  return (plan) => ({
    others: hostsOf(plan).all.some((name) => name.startsWith('*')) ? all : none,
    passthrough,
    tcpPorts,
  });
}

export function scopeOf(location: Location) {
  return {
    kind: 'location' as const,
    host: location.server.host,
    path: location.path,
    match: location.matches[0]?.kind ?? 'prefix',
  };
}

function hostScope(host: string) {
  return { kind: 'host' as const, host };
}
