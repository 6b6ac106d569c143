import { findingType } from '../findings.ts';
import type { Location, ModelIngress } from '../nginx/model.ts';
import type { Options } from '../options.ts';
import { qualifiedName } from '../read/origin.ts';
import { claimAll, findingOf } from './claims.ts';
import { type Claim, type Effect, nothing } from './effect.ts';
import type { Context, Feature } from './feature.ts';

const refusals = ['status', 'upstream', 'path', 'method', 'host', 'share'] as const;

const notCarried = findingType<{ limits: string }>({
  code: 'rate-limit/not-carried',
  severity: 'warning',
  fields: refusals,
  summary: 'A limit of requests for each client needs an EnvoyFilter.',
  message: ({ limits }) =>
    `nginx refuses requests of one client address over ${limits}; Istio has no field for it, so all requests pass.`,
  remedy: () =>
    'Allow EnvoyFilters (--envoy-filters allow), or limit requests in front of the gateway or in the application.',
  url: 'https://istio.io/latest/docs/tasks/policy-enforcement/rate-limit/',
});

const needsIstio = findingType<{ needed: string; has: string }>({
  code: 'rate-limit/needs-newer-istio',
  severity: 'warning',
  fields: refusals,
  summary: 'A limit of requests for each client needs a newer Istio.',
  message: ({ needed, has }) =>
    `Envoy can do this only in Istio ${needed} and later, and the output has to work with ${has}; all requests pass.`,
  remedy: ({ needed }) =>
    `Say --istio-version ${needed} once the gateway runs it, or take limit-allowlist away.`,
});

const countedApart = findingType<object>({
  code: 'rate-limit/counted-apart',
  severity: 'note',
  fields: ['status', 'upstream', 'share'],
  summary: 'HTTP, HTTPS and each host over HTTPS count apart.',
  message: () =>
    'nginx counts all requests of a client to this Ingress together; Envoy counts those over plain HTTP and those to each host over HTTPS apart, and where limit-rps and limit-rpm are both set, a request that one of them refuses counts for the other.',
  remedy: () => 'Nothing, as a rule; lower the limit if it has to hold over all hosts.',
});

const connections = findingType<{ limit: number }>({
  code: 'rate-limit/connections',
  severity: 'warning',
  fields: refusals,
  summary: 'Envoy does not limit the requests that one client has open.',
  message: ({ limit }) =>
    `nginx lets each client address have ${limit} request(s) open at a time and answers 503 to more; neither Istio nor Envoy can count so, and all requests pass.`,
  remedy: () =>
    'Limit requests for each client by limit-rps, or all clients together with connectionPool.http.http2MaxRequests in a DestinationRule.',
  url: 'https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings-HTTPSettings',
});

const bandwidth = findingType<{ limit: number }>({
  code: 'rate-limit/bandwidth',
  severity: 'warning',
  fields: [],
  summary: 'Envoy does not limit the speed of one answer.',
  message: ({ limit }) =>
    `nginx sends each answer with ${limit} KiB a second at most; Envoy can only limit all answers of a route together, so answers are sent at full speed.`,
  remedy: () =>
    'Use the filter envoy.filters.http.bandwidth_limit for the route if one limit for all clients together is what you want.',
  url: 'https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/bandwidth_limit_filter',
});

/**
 * limit-*: nginx counts by client address, in one zone for each Ingress, after it answered redirects and preflights itself
 * (ingress-nginx 1.15.1, annotations/ratelimit/main.go, `limit_req ... nodelay`; scenarios limit-*). Envoy's token bucket
 * is the same count: it holds the burst and one more.
 */
export const rateLimit: Feature = {
  name: 'rate-limit',
  findings: [notCarried, needsIstio, countedApart, connections, bandwidth],
  location(location, context) {
    const { owner } = location;
    const limits = limitsOf(owner);
    const speed = intOf(location, context, 'limit-rate');
    const named = names.some((name) => owner.annotations.has(name));
    if (!named && speed === 0) return nothing;
    const connectionLimit = positive(owner, 'limit-connections');
    const missing = versionMissing(owner, context.options);
    const allowed = context.options.envoyFilters === 'allow';
    const carried = limits.length > 0 && allowed && missing === undefined;
    const text = limits.map(({ rate, unit }) => `${rate} a ${unit}`).join(' and ');
    const findings = [
      ...(limits.length > 0 && !allowed
        ? [findingOf(notCarried, { limits: text }, owner, limits[0]!.annotation)]
        : []),
      ...(limits.length > 0 && allowed && missing !== undefined
        ? [
            findingOf(
              needsIstio,
              { needed: missing, has: context.options.istioVersion },
              owner,
              limits[0]!.annotation,
            ),
          ]
        : []),
      ...(carried && (limits.length > 1 || location.server.tls !== undefined)
        ? [findingOf(countedApart, {}, owner, limits[0]!.annotation)]
        : []),
      ...(connectionLimit === 0
        ? []
        : [findingOf(connections, { limit: connectionLimit }, owner, 'limit-connections')]),
      ...(speed === 0 ? [] : [findingOf(bandwidth, { limit: speed }, owner, 'limit-rate')]),
    ];
    return {
      effects: carried ? [limiter(context), counting(owner, limits)] : [],
      claims: claimsOf(owner, { limits, carried, missing, connectionLimit, speed }),
      findings,
    };
  },
};

const names = [
  'limit-rps',
  'limit-rpm',
  'limit-burst-multiplier',
  'limit-allowlist',
  'limit-connections',
  'limit-rate',
  'limit-rate-after',
];

interface Limit {
  readonly annotation: string;
  /** Requests a unit. */
  readonly rate: number;
  readonly unit: 'second' | 'minute';
  readonly burst: number;
}

function limitsOf(owner: ModelIngress): Limit[] {
  const value = owner.annotations.get('limit-burst-multiplier')?.value;
  const multiplier = typeof value === 'number' ? Math.max(value, 0) : 5;
  return (
    [
      ['limit-rps', 'second'],
      ['limit-rpm', 'minute'],
    ] as const
  ).flatMap(([annotation, unit]) => {
    const rate = positive(owner, annotation);
    return rate === 0 ? [] : [{ annotation, unit, rate, burst: rate * multiplier }];
  });
}

function positive(owner: ModelIngress, name: string): number {
  const value = owner.annotations.get(name)?.value;
  return typeof value === 'number' && value > 0 ? value : 0;
}

function intOf({ owner }: Location, { settings }: Context, name: string): number {
  const value = settings.of(owner, name)?.value;
  return typeof value === 'number' && value > 0 ? value : 0;
}

function allowListOf(owner: ModelIngress): readonly string[] {
  const value = owner.annotations.get('limit-allowlist')?.value;
  return Array.isArray(value) ? value : [];
}

/** The Istio release whose Envoy has buckets for each value of a descriptor (1.35) and tells addresses apart (1.38), where it is not there. */
function versionMissing(owner: ModelIngress, { istioVersion }: Options): string | undefined {
  const needed = allowListOf(owner).length > 0 ? '1.30' : '1.27';
  return minorOf(istioVersion) < minorOf(needed) ? needed : undefined;
}

function minorOf(version: string): number {
  return Number(/^1\.([0-9]+)/.exec(version)?.[1] ?? Number.POSITIVE_INFINITY);
}

function claimsOf(
  owner: ModelIngress,
  {
    limits,
    carried,
    missing,
    connectionLimit,
    speed,
  }: {
    limits: readonly Limit[];
    carried: boolean;
    missing: string | undefined;
    connectionLimit: number;
    speed: number;
  },
): Claim[] {
  const off = { reason: 'Without limit-rps, limit-rpm and limit-connections it limits nothing.' };
  const counted: Claim[] =
    limits.length > 0
      ? claimAll(
          owner,
          [...limits.map(({ annotation }) => annotation), 'limit-burst-multiplier', 'limit-allowlist'],
          carried ? 'converted' : 'opt-in',
          carried
            ? { fidelity: 'equivalent' }
            : {
                reason:
                  missing === undefined
                    ? 'It needs an EnvoyFilter.'
                    : `It needs an EnvoyFilter and Istio ${missing}.`,
              },
        )
      : claimAll(
          owner,
          ['limit-burst-multiplier', 'limit-allowlist'],
          connectionLimit === 0 ? 'no-effect-today' : 'impossible',
          connectionLimit === 0 ? off : { reason: 'Envoy has no limit of open requests for each client.' },
        );
  const zero = ['limit-rps', 'limit-rpm'].filter(
    (name) => !limits.some(({ annotation }) => annotation === name),
  );
  return [
    ...counted,
    ...claimAll(owner, zero, 'no-effect-today', { reason: '0 is no limit.' }),
    ...(connectionLimit === 0
      ? claimAll(owner, ['limit-connections'], 'no-effect-today', { reason: '0 is no limit.' })
      : claimAll(owner, ['limit-connections'], 'impossible', {
          reason: 'Envoy has no limit of open requests for each client.',
        })),
    ...(speed === 0
      ? claimAll(owner, ['limit-rate', 'limit-rate-after'], 'no-effect-today', {
          reason: 'A rate of 0 is no limit.',
        })
      : claimAll(owner, ['limit-rate', 'limit-rate-after'], 'impossible', {
          reason: 'Envoy limits all answers of a route together, not each.',
        })),
  ];
}

/** The zone of nginx: as many addresses as fit in its 5 MB. */
const longestZone = 40_000;

/** One filter for the gateway, which holds a bucket for each limited Ingress, so that all its paths count together. */
function limiter(context: Context): Effect {
  const known = limiters.get(context);
  if (known !== undefined) return known;
  const limited = context.model.ingresses.filter(
    (ingress) =>
      ingress.state.kind === 'served' &&
      !ingress.canary &&
      versionMissing(ingress, context.options) === undefined,
  );
  const effect: Effect = {
    kind: 'http-filter',
    purpose: 'rate-limit',
    before: 'first',
    filter: {
      name: 'ingress2istio.rate-limit',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit',
        stat_prefix: 'ingress',
        status: { code: statusOf(context) },
        token_bucket: { max_tokens: unlimited, tokens_per_fill: unlimited, fill_interval: '1s' },
        filter_enabled: { default_value: { numerator: 100 } },
        filter_enforced: { default_value: { numerator: 100 } },
        max_dynamic_descriptors: longestZone,
        descriptors: limited.flatMap((ingress) =>
          limitsOf(ingress).map((limit) => ({
            entries: [
              { key: limit.annotation, value: qualifiedName(ingress.ingress.ref) },
              { key: 'remote_address' },
            ],
            token_bucket: bucketOf(limit),
          })),
        ),
      },
    },
  };
  limiters.set(context, effect);
  return effect;
}

/** Asked for by each limited location. */
const limiters = new WeakMap<Context, Effect>();

/** For the bucket of everything else, which Envoy wants. */
const unlimited = 4_294_967_295;

/** Envoy fills no faster than every 50 ms, so that high rates come several at a time. */
function bucketOf({ rate, unit, burst }: Limit): object {
  const perSecond = unit === 'second' ? rate : rate / 60;
  const tokens = Math.ceil(perSecond / 20);
  return {
    max_tokens: Math.min(burst + 1, unlimited),
    tokens_per_fill: tokens,
    fill_interval: `${Number((tokens / perSecond).toFixed(9))}s`,
  };
}

/** What Envoy has names for. */
const statuses = new Set([400, 401, 402, 403, 404, 405, 409, 413, 418, 422, 429, 431, 500, 502, 503, 504]);

function statusOf({ settings }: Context): number {
  const status = Number(settings.global('limit-req-status-code') ?? 503);
  return statuses.has(status) ? status : 503;
}

function counting(owner: ModelIngress, limits: readonly Limit[]): Effect {
  const allowed = allowListOf(owner);
  const name = qualifiedName(owner.ingress.ref);
  return {
    kind: 'route-filter',
    purpose: 'rate-limit',
    on: 'forwarded',
    value: {
      route: {
        rate_limits: limits.map(({ annotation }) => {
          const entry = { descriptor_key: annotation, descriptor_value: name };
          return {
            actions: [
              allowed.length === 0
                ? { generic_key: entry }
                : {
                    remote_address_match: {
                      ...entry,
                      address_matcher: { ranges: allowed.map(rangeOf), invert_match: true },
                    },
                  },
              { remote_address: {} },
            ],
          };
        }),
      },
    },
  };
}

function rangeOf(cidr: string): object {
  const [address, length] = cidr.split('/');
  return {
    address_prefix: address,
    prefix_len: length === undefined ? (cidr.includes(':') ? 128 : 32) : Number(length),
  };
}
