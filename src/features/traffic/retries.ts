import { findingType } from '../../domain/findings.ts';
import type { Retries } from '../../istio-api/types.ts';
import { memoize } from '../../memoize.ts';
import type { ModelIngress } from '../../nginx/model.ts';
import type { Settings } from '../../nginx/settings.ts';
import type { Effect } from '../../plan/effect.ts';
import { nothing } from '../../plan/result.ts';
import { claimAll, findingOf, hasAny } from '../claims.ts';
import type { Feature } from '../feature.ts';

const timeLimit = findingType<{ seconds: number }>({
  code: 'retries/time-limit',
  severity: 'note',
  fields: ['side-requests'],
  summary: 'Istio limits the number of tries, and not the time for them.',
  message: ({ seconds }) =>
    `ingress-nginx doesn't start another try once ${seconds} s have passed (proxy-next-upstream-timeout); Istio only limits the number of tries.`,
  remedy: () => 'Usually no action is needed. To stop earlier, lower proxy-next-upstream-tries.',
});

const names = ['proxy-next-upstream', 'proxy-next-upstream-tries', 'proxy-next-upstream-timeout'];

/**
 * proxy-next-upstream, -tries and retry-non-idempotent. nginx repeats a request that it sent only if its method is not
 * POST, LOCK or PATCH; one that never reached a pod is repeated whatever its method (nginx 1.27,
 * ngx_http_upstream_next; ingress-nginx 1.15.1, template/template.go buildNextUpstream; scenarios retries, proxy-next-upstream).
 */
export const retries: Feature = {
  name: 'retries',
  findings: [timeLimit],
  location({ owner }, { settings, options }) {
    const policy = policyOf(owner, settings);
    const parity = options.envoyFilters === 'allow';
    if (!policy.written && !parity && !hasAny(owner, names)) return nothing;
    const seconds = settings.of(owner, 'proxy-next-upstream-timeout')?.value;
    const limited = Number(seconds) > 0 && policy.tries !== 1;
    return {
      effects: policy.written ? written(policy) : parity ? [repeating, repeated] : [],
      claims: [
        ...claimAll(owner, ['proxy-next-upstream'], 'converted', { fidelity: 'approximate' }),
        ...claimAll(owner, ['proxy-next-upstream-tries'], 'converted'),
        ...(limited
          ? claimAll(owner, ['proxy-next-upstream-timeout'], 'not-needed', {
              reason: 'Istio limits the number of tries, and not the time for them.',
            })
          : claimAll(owner, ['proxy-next-upstream-timeout'], 'no-effect-today', {
              reason: 'There is no limit, or no other try.',
            })),
      ],
      findings: limited
        ? [findingOf(timeLimit, { seconds: Number(seconds) }, owner, 'proxy-next-upstream-timeout')]
        : [],
    };
  },
};

export interface RetryPolicy {
  /** False where nobody says anything: nginx's default holds. */
  readonly written: boolean;
  /** The first one included. */
  readonly tries: number;
  /** Other tries where no pod took the request. */
  readonly onFailure: boolean;
  /** Other tries where a pod that took the request doesn't respond in time. */
  readonly onTimeout: boolean;
  /** Statuses of the pod that lead to another try. */
  readonly statuses: readonly string[];
  readonly nonIdempotent: boolean;
}

/** nginx takes 0 as no limit; Istio wants a number. */
const manyTries = 10;

/** What nginx does after a failed try of a location of this Ingress. */
export const policyOf = memoize((owner: ModelIngress, settings: Settings): RetryPolicy => {
  const conditions = settings.of(owner, 'proxy-next-upstream');
  const count = settings.of(owner, 'proxy-next-upstream-tries');
  const everyMethod = settings.global('retry-non-idempotent')?.trim() === 'true';
  const words = [conditions?.value ?? []]
    .flat()
    .flatMap((word) => String(word).split(/[\s,]+/))
    .filter((word) => word !== '');
  const off = words.includes('off') || words.length === 0;
  const tries = Number(count?.value ?? 3);
  return {
    written:
      everyMethod ||
      [conditions, count].some((setting) => setting !== undefined && setting.from !== 'default'),
    tries: off ? 1 : tries > 0 ? tries : manyTries,
    onTimeout: words.includes('timeout'),
    onFailure: ['error', 'timeout', 'invalid_header'].some((word) => words.includes(word)),
    statuses: words.flatMap((word) => (word.startsWith('http_') ? [word.slice('http_'.length)] : [])),
    nonIdempotent: everyMethod || words.includes('non_idempotent'),
  };
});

function written({ tries, onFailure, statuses, nonIdempotent }: RetryPolicy): Effect[] {
  const unsent = onFailure ? ['connect-failure', 'refused-stream'] : [];
  const all = retriesOf(tries, [...unsent, ...(onFailure ? ['reset'] : []), ...statuses]);
  const effects: Effect[] = [{ kind: 'forward', patch: { retries: all } }];
  if (all.attempts > 0 && !nonIdempotent) {
    effects.push({
      kind: 'forward',
      variant: 'non-idempotent',
      when: { method: { regex: 'POST|LOCK|PATCH' } },
      patch: { retries: retriesOf(tries, unsent) },
    });
  }
  return effects;
}

function retriesOf(tries: number, on: readonly string[]): Retries {
  return tries === 1 || on.length === 0 ? { attempts: 0 } : { attempts: tries - 1, retryOn: on.join(',') };
}

const filterName = 'ingress2istio.retries';
const lua = 'type.googleapis.com/envoy.extensions.filters.http.lua.v3';

/**
 * nginx's default is Istio's and, for requests that may be repeated, one more: a try that was sent and came to nothing.
 * Envoy adds the header's conditions to those of the route, and sends it nowhere.
 */
const repeating: Effect = {
  kind: 'http-filter',
  purpose: 'retries',
  before: 'router',
  filter: {
    name: filterName,
    disabled: true,
    typed_config: {
      '@type': `${lua}.Lua`,
      source_codes: {
        idempotent: {
          inline_string: [
            'local once = { POST = true, LOCK = true, PATCH = true }',
            'function envoy_on_request(request)',
            '  local headers = request:headers()',
            '  if not once[headers:get(":method")] then',
            '    headers:replace("x-envoy-retry-on", "reset")',
            '  end',
            'end',
            '',
          ].join('\n'),
        },
      },
    },
  },
};

const repeated: Effect = {
  kind: 'route-filter',
  purpose: 'retries',
  on: 'forwarded',
  wide: true,
  value: { typed_per_filter_config: { [filterName]: { '@type': `${lua}.LuaPerRoute`, name: 'idempotent' } } },
};
