import { type Finding, findingType } from '../../domain/findings.ts';
import type { Location, ModelIngress } from '../../nginx/model.ts';
import { type Claim, nothing } from '../../plan/result.ts';
import { claimAll, findingOf } from '../claims.ts';
import type { Context, Feature } from '../feature.ts';
import {
  clientOf,
  counting,
  isOlder,
  type Limit,
  limiter,
  limitsOf,
  neededVersion,
  positive,
} from './rate-limit-filter.ts';

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

const otherKey = findingType<{ limits: string; variable: string }>({
  code: 'rate-limit/other-key',
  severity: 'warning',
  fields: refusals,
  summary: 'A limit of requests counts by something that Envoy cannot count by.',
  message: ({ limits, variable }) =>
    `nginx refuses requests over ${limits} with the same ${variable} (limit-conn-zone-variable); Envoy counts by the address of the client or by a request header, so all requests pass.`,
  remedy: () => 'Count by $binary_remote_addr or a header, or limit requests in the application.',
});

const countedApart = findingType<object>({
  code: 'rate-limit/counted-apart',
  severity: 'note',
  fields: ['status', 'upstream', 'share'],
  summary: 'HTTP, HTTPS and each host over HTTPS count apart.',
  message: () =>
    'nginx counts all requests of a client to this Ingress together; Envoy counts those over plain HTTP and those to each host over HTTPS apart, and where limit-rps and limit-rpm are both set, a request that one of them refuses counts for the other.',
  remedy: () => 'Usually no action is needed. Lower the limit if it has to apply across all hosts.',
});

const connections = findingType<{ limit: number }>({
  code: 'rate-limit/connections',
  severity: 'warning',
  fields: refusals,
  summary: 'Envoy does not limit the requests that one client has open.',
  message: ({ limit }) =>
    `ingress-nginx allows each client address ${limit} concurrent request(s) and returns 503 for more. Neither Istio nor Envoy can count that, so all requests pass.`,
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
    `ingress-nginx sends each response with ${limit} KiB a second at most; Envoy can only limit all responses of a route together, so responses are sent at full speed.`,
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
  findings: [notCarried, needsIstio, otherKey, countedApart, connections, bandwidth],
  location(location, context) {
    const { owner } = location;
    const limits = limitsOf(owner);
    const speed = intOf(location, context, 'limit-rate');
    const named = names.some((name) => owner.annotations.has(name));
    if (!named && speed === 0) return nothing;
    const connectionLimit = positive(owner, 'limit-connections');
    const client = clientOf(context);
    const obstacle = limits.length === 0 ? undefined : obstacleTo(owner, context);
    const carried = limits.length > 0 && obstacle === undefined && client !== undefined;
    const about = limits[0]?.annotation ?? '';
    const apart = carried && (limits.length > 1 || location.server.tls !== undefined);
    const told: Told = {
      counts: obstacle === undefined ? [] : [obstacle.reported(limits)],
      connections:
        connectionLimit === 0
          ? []
          : [findingOf(connections, { limit: connectionLimit }, owner, 'limit-connections')],
      speed: speed === 0 ? [] : [findingOf(bandwidth, { limit: speed }, owner, 'limit-rate')],
    };
    return {
      effects: carried ? [limiter(context), counting(owner, limits, client)] : [],
      claims: [...countClaims(owner, limits, obstacle, told), ...otherClaims(owner, told)],
      findings: [
        ...told.counts,
        ...(apart ? [findingOf(countedApart, {}, owner, about)] : []),
        ...told.connections,
        ...told.speed,
      ],
    };
  },
};

/** What is said of limits that are not written; their details belong to the same question. */
interface Told {
  readonly counts: readonly Finding[];
  readonly connections: readonly Finding[];
  readonly speed: readonly Finding[];
}

/** Why the limits of an Ingress are not written. */
interface Obstacle {
  readonly claim: Pick<Claim, 'status' | 'reason'>;
  reported(limits: readonly Limit[]): Finding;
}

function obstacleTo(owner: ModelIngress, context: Context): Obstacle | undefined {
  const { envoyFilters, istioVersion } = context.options;
  const needed = neededVersion(owner);
  const opening = (limits: readonly Limit[]): string =>
    limits.map(({ rate, unit }) => `${rate} a ${unit}`).join(' and ');
  const at = (limits: readonly Limit[]): string => limits[0]!.annotation;
  if (clientOf(context) === undefined) {
    const variable = context.settings.global('limit-conn-zone-variable') ?? '';
    return {
      claim: { status: 'impossible', reason: `Envoy does not count by ${variable}.` },
      reported: (limits) => findingOf(otherKey, { limits: opening(limits), variable }, owner, at(limits)),
    };
  }
  if (envoyFilters === 'deny') {
    return {
      claim: { status: 'opt-in', reason: 'It needs an EnvoyFilter.' },
      reported: (limits) => findingOf(notCarried, { limits: opening(limits) }, owner, at(limits)),
    };
  }
  if (!isOlder(istioVersion, needed)) return undefined;
  return {
    claim: { status: 'opt-in', reason: `It needs Istio ${needed}.` },
    reported: (limits) => findingOf(needsIstio, { needed, has: istioVersion }, owner, at(limits)),
  };
}

const names = [
  'limit-rps',
  'limit-rpm',
  'limit-burst-multiplier',
  'limit-allowlist',
  'limit-connections',
  'limit-rate',
  'limit-rate-after',
];

function intOf({ owner }: Location, { settings }: Context, name: string): number {
  const value = settings.of(owner, name)?.value;
  return typeof value === 'number' && value > 0 ? value : 0;
}

const noConnectionLimit = 'Envoy has no limit of open requests for each client.';

function countClaims(
  owner: ModelIngress,
  limits: readonly Limit[],
  obstacle: Obstacle | undefined,
  { counts, connections: open }: Told,
): Claim[] {
  const set = limits.map(({ annotation }) => annotation);
  const zero = ['limit-rps', 'limit-rpm'].filter((name) => !set.includes(name));
  const details = ['limit-burst-multiplier', 'limit-allowlist'];
  const off = claimAll(owner, zero, 'no-effect-today', { reason: '0 is no limit.' });
  if (set.length === 0) {
    return open.length === 0
      ? [
          ...off,
          ...claimAll(owner, details, 'no-effect-today', { reason: 'There is no limit that it belongs to.' }),
        ]
      : [...off, ...claimAll(owner, details, 'impossible', { reason: noConnectionLimit, findings: open })];
  }
  if (obstacle === undefined)
    return [...off, ...claimAll(owner, [...set, ...details], 'converted', { fidelity: 'equivalent' })];
  const { status, reason = '' } = obstacle.claim;
  return [...off, ...claimAll(owner, [...set, ...details], status, { reason, findings: counts })];
}

function otherClaims(owner: ModelIngress, { connections: open, speed }: Told): Claim[] {
  return [
    ...(open.length === 0
      ? claimAll(owner, ['limit-connections'], 'no-effect-today', { reason: '0 is no limit.' })
      : claimAll(owner, ['limit-connections'], 'impossible', { reason: noConnectionLimit })),
    ...(speed.length === 0
      ? claimAll(owner, ['limit-rate', 'limit-rate-after'], 'no-effect-today', {
          reason: 'A rate of 0 is no limit.',
        })
      : claimAll(owner, ['limit-rate', 'limit-rate-after'], 'impossible', {
          reason: 'Envoy limits all answers of a route together, not each.',
          findings: speed,
        })),
  ];
}
