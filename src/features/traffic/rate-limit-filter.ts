import { qualifiedName } from '../../domain/origin.ts';
import type { ModelIngress } from '../../nginx/model.ts';
import type { Effect } from '../../plan/effect.ts';
import type { Context } from '../feature.ts';

/** A limit of requests for each client of an Ingress. */
export interface Limit {
  readonly annotation: string;
  /** Requests a unit. */
  readonly rate: number;
  readonly unit: 'second' | 'minute';
  readonly burst: number;
}

/** limit-rps and limit-rpm, each with its burst (ingress-nginx 1.15.1, annotations/ratelimit/main.go). */
export function limitsOf(owner: ModelIngress): Limit[] {
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

/** The number of an annotation; 0 where it is not set or limits nothing. */
export function positive(owner: ModelIngress, name: string): number {
  const value = owner.annotations.get(name)?.value;
  return typeof value === 'number' && value > 0 ? value : 0;
}

function allowListOf(owner: ModelIngress): readonly string[] {
  const value = owner.annotations.get('limit-allowlist')?.value;
  return Array.isArray(value) ? value : [];
}

/** The Istio release whose Envoy has a bucket for each client (1.35), and with an allow-list tells addresses apart (1.38). */
export function neededVersion(owner: ModelIngress): string {
  return allowListOf(owner).length > 0 ? '1.30' : '1.27';
}

export function isOlder(version: string, needed: string): boolean {
  return minorOf(version) < minorOf(needed);
}

function minorOf(version: string): number {
  return Number(/^1\.([0-9]+)/.exec(version)?.[1] ?? Number.POSITIVE_INFINITY);
}

/** The zone of nginx: as many addresses as fit in its 5 MB. */
const longestZone = 40_000;

/** One filter for the gateway, which holds a bucket for each limited Ingress, so that all its paths count together. */
export function limiter(context: Context): Effect {
  const known = limiters.get(context);
  if (known !== undefined) return known;
  const limited = context.model.ingresses.filter(
    (ingress) =>
      ingress.state.kind === 'served' &&
      !ingress.canary &&
      !isOlder(context.options.istioVersion, neededVersion(ingress)),
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

/** limit-conn-zone-variable: what all limits count by; undefined where Envoy cannot. A request without the header is not counted, in both. */
export function clientOf({ settings }: Context): object | undefined {
  const variable = settings.global('limit-conn-zone-variable')?.trim() ?? '$binary_remote_addr';
  if (variable === '$binary_remote_addr' || variable === '$remote_addr') return { remote_address: {} };
  const header = /^\$http_([a-z0-9_]+)$/.exec(variable)?.[1];
  return header === undefined
    ? undefined
    : { request_headers: { header_name: header.replaceAll('_', '-'), descriptor_key: 'remote_address' } };
}

/** What Envoy has names for. */
const statuses = new Set([400, 401, 402, 403, 404, 405, 409, 413, 418, 422, 429, 431, 500, 502, 503, 504]);

function statusOf({ settings }: Context): number {
  const status = Number(settings.global('limit-req-status-code') ?? 503);
  return statuses.has(status) ? status : 503;
}

/** What the routes of a limited Ingress count; an address of its allow-list is not counted. */
export function counting(owner: ModelIngress, limits: readonly Limit[], client: object): Effect {
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
              client,
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
