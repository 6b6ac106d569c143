import { type Finding, finding } from '../../domain/findings.ts';
import { qualifiedName } from '../../domain/origin.ts';
import type { LoadBalancer } from '../../istio-api/types.ts';
import type { Affinity, Location, ModelIngress, ServiceBackend } from '../../nginx/model.ts';
import type { Effect } from '../../plan/effect.ts';
import type { Claim } from '../../plan/result.ts';
import { claimAll, findingAt, findingOf, idle } from '../claims.ts';
import type { Context, Feature } from '../feature.ts';
import * as types from './affinity-findings.ts';
import { policyOf } from './retries.ts';

/** What describes the cookie: the last Ingress of the upstream that asks for affinity decides. */
const cookieNames = [
  'session-cookie-name',
  'session-cookie-path',
  'session-cookie-domain',
  'session-cookie-max-age',
  'session-cookie-expires',
  'session-cookie-secure',
  'session-cookie-samesite',
];
const otherNames = [
  'affinity-mode',
  'session-cookie-change-on-failure',
  'session-cookie-conditional-samesite-none',
];
const allNames = ['affinity', ...cookieNames, ...otherNames];

/**
 * Cookie affinity by consistent hashing (ingress-nginx 1.15.1, annotations/sessionaffinity/main.go, lua/balancer/sticky.lua;
 * scenarios affinity-*). All locations of an upstream obey the cookie, and only those with the annotation set it.
 */
export const affinity: Feature = {
  name: 'affinity',
  findings: [
    types.expiresAsMaxAge,
    types.persistentOptIn,
    types.changeOnFailure,
    types.conditionalSameSite,
    types.otherPods,
    types.canaryAnew,
  ],
  location(location, context) {
    const { owner, upstream, backend } = location;
    const shared = upstream?.affinity;
    if (shared === undefined || backend.kind !== 'service') return idle(owner, allNames, unused(owner));
    const pinned = shared.mode === 'persistent' && context.options.envoyFilters === 'allow';
    const cookie = cookieOf(location, shared);
    const origin = owner.annotations.get('affinity')?.origin ?? location.origin;
    const effects: Effect[] = pinned
      ? cookie.sets
        ? statefulSession(cookie)
        : []
      : [...hashing(cookie, backend, origin), ...canaryHashing(cookie, location, origin)];
    const { findings, filters } = betweenServices(location, context);
    return {
      effects: [...effects, ...filters],
      claims: claimsOf(owner, shared, context),
      findings: [...findingsOf(location, shared, context), ...findings, ...retried(location, context)],
    };
  },
};

/** lua/balancer/sticky.lua: each try without the cookie picks a pod that has not failed. */
function retried({ owner }: Location, { settings }: Context): Finding[] {
  const { tries, statuses } = policyOf(owner, settings);
  if (tries < 2 || statuses.length === 0) return [];
  const told_ = findingOf(types.otherPods, {}, owner, 'affinity');
  return [{ ...told_, scope: { kind: 'requests', which: 'failing-upstream' } }];
}

interface Cookie {
  readonly name: string;
  readonly path: string;
  readonly ttl: string;
  readonly attributes: readonly { readonly name: string; readonly value?: string }[];
  readonly secure: boolean;
  readonly sets: boolean;
}

function cookieOf({ path, server }: Location, { owner, locations }: Affinity): Cookie {
  const value = (name: string) => owner.annotations.get(name)?.value;
  const text = (name: string): string | undefined => {
    const found = value(name);
    return typeof found === 'string' && found !== '' ? found : undefined;
  };
  const maxAge = value('session-cookie-max-age');
  const expires = value('session-cookie-expires');
  const age = typeof maxAge === 'number' ? maxAge : typeof expires === 'number' ? expires : undefined;
  const domain = text('session-cookie-domain');
  const sameSite = text('session-cookie-samesite');
  return {
    name: text('session-cookie-name') ?? 'INGRESSCOOKIE',
    path: text('session-cookie-path') ?? path,
    ttl: `${age !== undefined && age > 0 ? age : 0}s`,
    attributes: [
      // Envoy takes an age of 0 for a cookie that ends with the browser; nginx deletes it at once.
      ...(age !== undefined && age <= 0 ? [{ name: 'Max-Age', value: String(age) }] : []),
      ...(domain === undefined ? [] : [{ name: 'Domain', value: domain }]),
      ...(sameSite === undefined ? [] : [{ name: 'SameSite', value: sameSite }]),
    ],
    secure: value('session-cookie-secure') === true,
    sets: locations.get(server.host)?.has(path) === true,
  };
}

/** A cookie without a `ttl` is obeyed and never set (istio/FACTS j). Without session-cookie-secure it is Secure over HTTPS alone. */
function hashing(cookie: Cookie, backend: ServiceBackend, origin: Location['origin']): Effect[] {
  const { name, path, ttl } = cookie;
  const effect = (httpCookie: NonNullable<LoadBalancer['consistentHash']>['httpCookie'] & object) => ({
    kind: 'destination' as const,
    purpose: 'sticky',
    backend,
    policy: { loadBalancer: { consistentHash: { httpCookie } } },
    origin,
  });
  if (!cookie.sets) return [effect({ name })];
  const written = (secure: boolean) => {
    const attributes = attributesOf(cookie, secure);
    return effect({ name, path, ttl, ...(attributes.length > 0 && { attributes }) });
  };
  return cookie.secure
    ? [written(true)]
    : [written(false), { ...written(true), variant: 'secure', when: { tls: true } }];
}

/** One route asks both backends for their cookie: beside the main one, the canary only obeys it, or it would be set twice. */
function canaryHashing(cookie: Cookie, { canary }: Location, origin: Location['origin']): Effect[] {
  if (canary?.sticky !== true) return [];
  const beside = canary.weight > 0 && canary.weight < canary.weightTotal;
  return hashing(beside ? { ...cookie, sets: false } : cookie, canary.backend, origin);
}

function attributesOf({ attributes }: Cookie, secure: boolean): Cookie['attributes'] {
  return secure ? [...attributes, { name: 'Secure' }] : attributes;
}

const sessionFilter = 'envoy.filters.http.stateful_session';

/** The path stands among the attributes: as a path, Envoy would leave out requests for others. */
function statefulSession(cookie: Cookie): Effect[] {
  const type = 'type.googleapis.com/envoy.extensions.filters.http.stateful_session.v3';
  const perRoute = (secure: boolean): object => ({
    typed_per_filter_config: {
      [sessionFilter]: {
        '@type': `${type}.StatefulSessionPerRoute`,
        stateful_session: {
          session_state: {
            name: 'envoy.http.stateful_session.cookie',
            typed_config: {
              '@type':
                'type.googleapis.com/envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState',
              cookie: {
                name: cookie.name,
                ttl: cookie.ttl,
                attributes: [{ name: 'Path', value: cookie.path }, ...attributesOf(cookie, secure)],
              },
            },
          },
        },
      },
    },
  });
  const filter = (secure: boolean, variant?: string): Effect => ({
    kind: 'route-filter',
    purpose: 'sticky-session',
    on: 'forwarded',
    ...(variant !== undefined && { variant }),
    value: perRoute(secure),
  });
  return [
    {
      kind: 'http-filter',
      purpose: 'sticky-session',
      before: 'router',
      filter: {
        name: sessionFilter,
        disabled: true,
        typed_config: { '@type': `${type}.StatefulSession` },
      },
    },
    filter(cookie.secure),
    ...(cookie.secure ? [] : [filter(true, 'secure')]),
  ];
}

/**
 * Between the main service and the canary nginx goes by the cookie (lua/balancer.lua route_to_alternative_balancer). Envoy
 * can let its hash decide between weights; rules by header and cookie stay before it.
 */
function betweenServices(
  location: Location,
  { options }: Context,
): { readonly findings: Finding[]; readonly filters: Effect[] } {
  const { canary, path } = location;
  if (canary === undefined) return { findings: [], filters: [] };
  const weighted = canary.weight > 0 && canary.weight < canary.weightTotal;
  const ruled = canary.byHeader !== undefined || canary.byCookie !== undefined;
  const hashed = weighted && canary.sticky && options.envoyFilters === 'allow';
  const tell = (how: string) => [findingAt(types.canaryAnew, { path, how }, location)];
  const filters: Effect[] = hashed
    ? [
        {
          kind: 'route-filter',
          purpose: 'sticky-canary',
          on: 'weighted',
          value: { route: { weighted_clusters: { use_hash_policy: true } } },
        },
      ]
    : [];
  if (hashed && !ruled)
    return {
      findings: tell('Envoy goes by chance first, and by the cookie from the second request on'),
      filters,
    };
  if (weighted && !hashed) return { findings: tell('Istio decides anew for each request'), filters };
  if (ruled) return { findings: tell('Istio asks the rules by header and cookie first'), filters };
  return { findings: [], filters };
}

function unused({ annotations }: ModelIngress): string {
  return annotations.has('affinity')
    ? 'No path of the Ingress has a Service of its own here.'
    : 'affinity is not set.';
}

function claimsOf(owner: ModelIngress, shared: Affinity, { options }: Context): Claim[] {
  if (owner.annotations.size === 0) return [];
  if (owner.annotations.get('affinity')?.value !== 'cookie')
    return claimAll(owner, allNames, 'no-effect-today', { reason: 'affinity is not set.' });
  const persistent = owner.annotations.get('affinity-mode')?.value === 'persistent';
  const mode: Claim[] =
    persistent && shared.mode !== 'persistent'
      ? claimAll(owner, ['affinity-mode'], 'no-effect-today', {
          reason: 'An older Ingress with the same Service decides the mode.',
        })
      : persistent && options.envoyFilters !== 'allow'
        ? claimAll(owner, ['affinity-mode'], 'opt-in', { reason: 'EnvoyFilters are not allowed.' })
        : claimAll(owner, ['affinity-mode'], 'converted', persistent ? {} : { fidelity: 'equivalent' });
  const whose =
    shared.owner === owner
      ? ({ status: 'converted' } as const)
      : ({
          status: 'no-effect-today',
          reason: `${qualifiedName(shared.owner.ingress.ref)} has the same Service and decides the cookie.`,
        } as const);
  const impossible = (name: string): Claim[] =>
    owner.annotations.get(name)?.value === true && shared.owner === owner
      ? claimAll(owner, [name], 'impossible', { reason: 'Envoy has nothing like it.' })
      : claimAll(owner, [name], 'no-effect-today', { reason: 'It is off, or another Ingress decides.' });
  return [
    ...claimAll(owner, ['affinity'], 'converted'),
    ...claimAll(owner, cookieNames, whose.status, 'reason' in whose ? { reason: whose.reason } : {}),
    ...mode,
    ...impossible('session-cookie-change-on-failure'),
    ...impossible('session-cookie-conditional-samesite-none'),
  ];
}

function findingsOf({ owner }: Location, shared: Affinity, { options }: Context): Finding[] {
  if (shared.owner !== owner) return [];
  const { annotations } = owner;
  const findings: Finding[] = [];
  if (annotations.has('session-cookie-expires') && !annotations.has('session-cookie-max-age'))
    findings.push(findingOf(types.expiresAsMaxAge, {}, owner, 'session-cookie-expires'));
  if (shared.mode === 'persistent' && options.envoyFilters !== 'allow')
    findings.push(findingOf(types.persistentOptIn, {}, owner, 'affinity-mode'));
  if (annotations.get('session-cookie-conditional-samesite-none')?.value === true)
    findings.push(
      findingOf(types.conditionalSameSite, {}, owner, 'session-cookie-conditional-samesite-none'),
    );
  const failing = annotations.get('session-cookie-change-on-failure');
  if (failing?.value === true) {
    const scope = { kind: 'requests' as const, which: 'failing-upstream' as const };
    findings.push(finding(types.changeOnFailure, {}, { origin: failing.origin, scope }));
  }
  return findings;
}
