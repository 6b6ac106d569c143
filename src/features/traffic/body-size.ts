import { type Finding, findingType } from '../../domain/findings.ts';
import type { Location, Server, Setting } from '../../nginx/model.ts';
import type { AnswerEffect } from '../../plan/answer-effect.ts';
import type { Effect } from '../../plan/effect.ts';
import { type FeatureResult, nothing } from '../../plan/result.ts';
import { authCheckOf } from '../auth/external/check.ts';
import { claimAll, findingOf } from '../claims.ts';
import type { Context, Feature } from '../feature.ts';

const unmeasured = findingType<{ limit: number }>({
  code: 'body-size/without-length',
  severity: 'note',
  fields: ['status', 'upstream', 'path', 'method', 'host'],
  summary: 'The body limit only applies to requests that state the length of their body.',
  message: ({ limit }) =>
    `Requests with a Content-Length over ${limit} bytes get 413, as from nginx; a body that is sent in chunks, without a length, is not measured.`,
  remedy: ({ limit }) =>
    limit > longestBuffered
      ? 'Limit such bodies in the application: the gateway would have to keep them in memory to measure them.'
      : 'Limit such bodies in the application, or allow EnvoyFilters (--envoy-filters allow).',
});

const measuredFirst = findingType<object>({
  code: 'body-size/measured-first',
  severity: 'note',
  fields: ['status', 'location', 'side-requests', 'response-header:www-authenticate'],
  summary: 'The body is measured before the auth service is asked.',
  message: () =>
    'ingress-nginx asks the auth service before it reads a body that is sent in chunks. The gateway reads the body first, so it returns 413 to a long one without asking.',
  remedy: () => 'Usually no action is needed.',
});

/** Bodies without a length are kept in the gateway's memory until they are measured: nginx keeps them on disk. */
const longestBuffered = 10 * 1024 * 1024;

/**
 * proxy-body-size. nginx compares Content-Length with it as soon as it has chosen the location, before redirects, limits
 * and authentication; a decimal number over a limit is a regular expression, so that no EnvoyFilter is needed. Bodies in
 * chunks have to be gathered, which the buffer filter does (nginx 1.27, ngx_http_core_find_config_phase; ingress-nginx
 * 1.15.1, annotations/proxy/main.go; scenarios proxy-body-size, global-timeouts-body).
 */
export const bodySize: Feature = {
  name: 'body-size',
  findings: [unmeasured, measuredFirst],
  /** One route for the host where all its locations have one limit. */
  server(server, context) {
    const limit = limitOfServer(server, context);
    return limit === undefined ? nothing : { effects: [tooLarge(limit)], claims: [], findings: [] };
  },
  location(location, context) {
    const { owner, server } = location;
    const limit = limitOf(location, context);
    if (limit === undefined)
      return owner.annotations.has('proxy-body-size')
        ? { ...nothing, claims: unlimited(location, context) }
        : nothing;
    const buffered = context.options.envoyFilters === 'allow' && limit <= longestBuffered;
    const effects: Effect[] = limitOfServer(server, context) === undefined ? [tooLarge(limit)] : [];
    if (buffered) effects.push(measuring, measured(limit));
    return {
      effects,
      claims: claimAll(owner, ['proxy-body-size'], 'converted', {
        fidelity: buffered ? 'equivalent' : 'approximate',
      }),
      findings: buffered ? measuredOf(location, context) : [unmeasuredOf(location, limit)],
    };
  },
};

function unlimited({ owner }: Location, { settings }: Context): FeatureResult['claims'] {
  const none = bytesOf(settings.of(owner, 'proxy-body-size')) === 0;
  return none
    ? claimAll(owner, ['proxy-body-size'], 'converted', {
        reason: 'Istio has no limit, and none is set.',
      })
    : claimAll(owner, ['proxy-body-size'], 'no-effect-today', { reason: 'nginx cannot read the size.' });
}

function unmeasuredOf(location: Location, limit: number) {
  const reported = findingOf(unmeasured, { limit }, location.owner, 'proxy-body-size');
  return { ...reported, scope: { kind: 'requests' as const, which: 'large-body' as const } };
}

function measuredOf(location: Location, context: Context): Finding[] {
  if (authCheckOf(location, context) === undefined) return [];
  const reported = findingOf(measuredFirst, {}, location.owner, 'proxy-body-size');
  return [{ ...reported, scope: { kind: 'requests', which: 'with-body' } }];
}

/** The limit to write, in bytes: one that somebody set, and with EnvoyFilters allowed also the 1 MiB that nobody did. */
function limitOf({ owner }: Pick<Location, 'owner'>, { settings, options }: Context): number | undefined {
  const setting = settings.of(owner, 'proxy-body-size');
  if (setting?.from === 'default' && options.envoyFilters === 'deny') return undefined;
  return bytesOf(setting) || undefined;
}

/** Undefined where the locations of the host differ. Annotations are the Ingress's, so that its locations need not be asked one by one. */
function limitOfServer(server: Server, context: Context): number | undefined {
  const known = shared.get(server);
  if (known !== undefined && known.context === context) return known.limit;
  const owners = new Set(server.locations.map(({ owner }) => owner));
  const limits = new Set([...owners].map((owner) => limitOf({ owner }, context)));
  const limit = limits.size === 1 ? [...limits][0] : undefined;
  shared.set(server, { context, limit });
  return limit;
}

/** Asked for by each location of a server. */
const shared = new WeakMap<Server, { context: Context; limit: number | undefined }>();

function bytesOf(setting: Setting<unknown> | undefined): number | undefined {
  if (typeof setting?.value === 'number') return setting.value;
  const [, digits, unit] = /^([0-9]+)([kmg]?)$/i.exec(String(setting?.value).trim()) ?? [];
  return digits === undefined ? undefined : Number(digits) * factors[(unit ?? '').toLowerCase()]!;
}

const factors: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

function tooLarge(limit: number): AnswerEffect {
  return {
    kind: 'answer',
    phase: 'body-size',
    when: { headers: { 'content-length': { regex: numberOver(limit) } } },
    answer: { status: 413 },
  };
}

/** A regular expression for the decimal numbers over `limit`, which is at least 1. */
export function numberOver(limit: number): string {
  const digits = String(limit);
  const any = (count: number): string => (count === 0 ? '' : count === 1 ? '[0-9]' : `[0-9]{${count}}`);
  const larger = [...digits].flatMap((digit, index) => {
    if (digit === '9') return [];
    const next = digit === '8' ? '9' : `[${Number(digit) + 1}-9]`;
    return [`${digits.slice(0, index)}${next}${any(digits.length - index - 1)}`];
  });
  return `0*(?:${[`[1-9][0-9]{${digits.length},}`, ...larger].join('|')})`;
}

const filterName = 'ingress2istio.body-size';

/** Gathers bodies without a length; protocols that wait for an answer before they end the request are left alone. */
const measuring: Effect = {
  kind: 'http-filter',
  purpose: 'body-size',
  before: 'router',
  // nginx measures a body without a length as it reads it: behind lists of addresses and passwords.
  priority: 20,
  filter: {
    name: filterName,
    disabled: true,
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.common.matching.v3.ExtensionWithMatcher',
      extension_config: {
        name: 'envoy.filters.http.buffer',
        typed_config: {
          '@type': 'type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer',
          max_request_bytes: longestBuffered,
        },
      },
      xds_matcher: {
        matcher_list: {
          matchers: [
            {
              predicate: {
                or_matcher: {
                  predicate: [
                    header('content-length', { safe_regex: { google_re2: {}, regex: '.*' } }),
                    header('upgrade', { safe_regex: { google_re2: {}, regex: '.*' } }),
                    header('content-type', { prefix: 'application/grpc' }),
                  ],
                },
              },
              on_match: {
                action: {
                  name: 'skip',
                  typed_config: {
                    '@type':
                      'type.googleapis.com/envoy.extensions.filters.common.matcher.action.v3.SkipFilter',
                  },
                },
              },
            },
          ],
        },
      },
    },
  },
};

function header(name: string, match: object): object {
  return {
    single_predicate: {
      input: {
        name,
        typed_config: {
          '@type': 'type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput',
          header_name: name,
        },
      },
      value_match: match,
    },
  };
}

function measured(limit: number): Effect {
  return {
    kind: 'route-filter',
    purpose: 'body-size',
    on: 'forwarded',
    wide: true,
    value: {
      typed_per_filter_config: {
        [filterName]: {
          '@type': 'type.googleapis.com/envoy.extensions.filters.http.buffer.v3.BufferPerRoute',
          buffer: { max_request_bytes: limit },
        },
      },
    },
  };
}
