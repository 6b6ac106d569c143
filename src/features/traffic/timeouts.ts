import { findingType } from '../../domain/findings.ts';
import { isSince } from '../../domain/release.ts';
import type { Location, Setting } from '../../nginx/model.ts';
import type { Effect } from '../../plan/effect.ts';
import { type Claim, type FeatureResult, nothing } from '../../plan/result.ts';
import { claimAll, findingOf, hasAny } from '../claims.ts';
import type { Context, Feature } from '../feature.ts';
import { policyOf } from './retries.ts';

const pauses = findingType<{ seconds: number }>({
  code: 'timeouts/pauses',
  severity: 'note',
  fields: ['status', 'upstream', 'connection', 'side-requests', 'response-header:content-type'],
  summary: 'Istio limits the time until a backend responds, and not the time between two reads.',
  message: ({ seconds }) =>
    `With proxy-read-timeout ${seconds}, ingress-nginx times out after ${seconds} s without a byte from the backend and tries a GET three times. The gateway returns 504 when a backend doesn't begin to respond within ${seconds} s; once it has begun, the response has no limit.`,
  remedy: () =>
    'Usually no action is needed. To limit pauses within a response too, allow EnvoyFilters (--envoy-filters allow).',
  url: 'https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry',
});

const totalTimeout = findingType<{ seconds: number }>({
  code: 'timeouts/total',
  severity: 'warning',
  fields: ['status', 'upstream', 'connection', 'side-requests', 'response-header:content-type'],
  summary: 'ingress-nginx limits the time between two reads; Istio limits the whole request.',
  message: ({ seconds }) =>
    `With proxy-read-timeout ${seconds}, ingress-nginx times out after ${seconds} s without a byte from the backend. Without retries on timeouts, Istio can only limit the whole request, so a response that takes longer than ${seconds} s is cut. WebSockets aren't limited.`,
  remedy: () =>
    'Raise the timeout where downloads or event streams take longer, or allow EnvoyFilters, which can limit the time between two reads (--envoy-filters allow).',
  url: 'https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute',
});

const sendTimeout = findingType<{ seconds: number }>({
  code: 'timeouts/send',
  severity: 'note',
  fields: ['status', 'connection'],
  summary: "Istio doesn't limit the time between two writes to a backend.",
  message: ({ seconds }) =>
    `With proxy-send-timeout ${seconds}, ingress-nginx times out when a backend doesn't accept data for ${seconds} s; Istio has no such limit.`,
  remedy: () => 'Usually no action is needed.',
});

const names = ['proxy-read-timeout', 'proxy-send-timeout', 'proxy-connect-timeout'];

/**
 * proxy-read-timeout, proxy-send-timeout and proxy-connect-timeout (ingress-nginx 1.15.1, annotations/proxy/main.go;
 * scenarios proxy-read-timeout*, retries, websocket, global-timeouts-body).
 */
export const timeouts: Feature = {
  name: 'timeouts',
  findings: [pauses, totalTimeout, sendTimeout],
  location(location, context) {
    const { owner } = location;
    const { settings, options } = context;
    const read = settings.of(owner, 'proxy-read-timeout');
    const send = settings.of(owner, 'proxy-send-timeout');
    if (!isTimed(location, settings)) return withoutTimes(location, context);
    if (options.envoyFilters === 'deny' && !isWritten(settings, owner)) return nothing;
    const times =
      options.envoyFilters === 'allow'
        ? { effects: [pauseOf(location, context)], findings: [] }
        : firstResponse(location, context, read, send);
    return {
      effects: [...times.effects, ...connectTimeout(location, context)],
      claims: claimsOf(location, context),
      findings: times.findings,
    };
  },
};

/** Before 1.11.0 gRPC has nginx's own 60 seconds, whatever is set (ingress-nginx 1.10.6, template/nginx.tmpl writes no grpc_*_timeout). */
function isTimed({ owner }: Location, { release }: Context['settings']): boolean {
  const protocol = String(owner.annotations.get('backend-protocol')?.value ?? '').toUpperCase();
  return isSince(release, '1.11.0') || !protocol.startsWith('GRPC');
}

function withoutTimes({ owner }: Location, { options, settings }: Context): FeatureResult {
  const reason = `ingress-nginx ${settings.release} doesn't set timeouts for gRPC: nginx's own 60 s apply.`;
  return {
    effects: options.envoyFilters === 'allow' ? [idleTime(60, 60, policyOf(owner, settings).tries)] : [],
    claims: claimAll(owner, names, 'no-effect-today', { reason }),
    findings: [],
  };
}

/**
 * The time of a try begins once the request is sent, and ends with the first byte of the response, so that long responses, uploads
 * and WebSockets have none (Envoy 1.38, router/upstream_request.cc onPerTryTimeout; scenarios proxy-read-timeout-idle,
 * websocket). It needs a retry policy, and one that repeats no request that nginx does not: elsewhere the whole request is limited.
 * Nothing is written where nobody set a time.
 */
function firstResponse(
  { owner }: Location,
  { settings }: Context,
  read: Setting<unknown> | undefined,
  send: Setting<unknown> | undefined,
): Pick<FeatureResult, 'effects' | 'findings'> {
  const reading = written(read);
  const sending = written(send);
  const { tries, onTimeout, onFailure, written: chosen } = policyOf(owner, settings);
  const byTry = tries > 1 && (!chosen || onTimeout || !onFailure);
  const type = byTry ? pauses : totalTimeout;
  const patch = byTry ? { perTryTimeout: `${reading}s` } : { timeout: `${reading}s` };
  return {
    effects: reading === undefined ? [] : [{ kind: 'forward', patch }],
    findings: [
      ...(reading === undefined ? [] : [findingOf(type, { seconds: reading }, owner, 'proxy-read-timeout')]),
      ...(sending === undefined
        ? []
        : [findingOf(sendTimeout, { seconds: sending }, owner, 'proxy-send-timeout')]),
    ],
  };
}

/**
 * Envoy's idle time of a try is nginx's read timeout: it begins once the request is sent, and leads to another try or a
 * 504, or cuts an answer that has begun. Streams that never end their request, such as websockets, have the time of the
 * stream alone, which has to outlast all tries.
 */
function pauseOf({ owner }: Location, { settings }: Context): Effect {
  const read = seconds(settings.of(owner, 'proxy-read-timeout')?.value) ?? 60;
  const send = seconds(settings.of(owner, 'proxy-send-timeout')?.value) ?? 60;
  return idleTime(read, send, policyOf(owner, settings).tries);
}

function idleTime(read: number, send: number, tries: number): Effect {
  return {
    kind: 'route-filter',
    purpose: 'idle-timeout',
    on: 'forwarded',
    wide: true,
    value: {
      route: {
        idle_timeout: `${Math.max(read, send) * (tries + 1)}s`,
        retry_policy: { per_try_idle_timeout: `${read}s` },
      },
    },
  };
}

function connectTimeout({ owner, backend, origin }: Location, { settings }: Context): Effect[] {
  const connect = written(settings.of(owner, 'proxy-connect-timeout'));
  if (connect === undefined || backend.kind !== 'service') return [];
  return [
    {
      kind: 'destination',
      purpose: 'connect-timeout',
      backend,
      policy: { connectionPool: { tcp: { connectTimeout: `${connect}s` } } },
      origin: owner.annotations.get('proxy-connect-timeout')?.origin ?? origin,
    },
  ];
}

function claimsOf({ owner }: Location, { options }: Context): readonly Claim[] {
  if (!hasAny(owner, names)) return nothing.claims;
  const useless = names.filter((name) => seconds(owner.annotations.get(name)?.value) === undefined);
  const used = (name: string): string[] => (useless.includes(name) ? [] : [name]);
  return [
    ...claimAll(owner, useless, 'manual', { reason: "Istio can't express a timeout of 0 seconds." }),
    ...claimAll(owner, used('proxy-read-timeout'), 'converted', {
      fidelity: options.envoyFilters === 'allow' ? 'equivalent' : 'approximate',
    }),
    ...claimAll(
      owner,
      used('proxy-send-timeout'),
      options.envoyFilters === 'allow' ? 'converted' : 'not-needed',
      options.envoyFilters === 'allow'
        ? { fidelity: 'approximate' }
        : { reason: "Istio doesn't limit the time between two writes." },
    ),
    ...claimAll(owner, used('proxy-connect-timeout'), 'converted'),
  ];
}

/** Whether anybody, in an annotation or for all, asks for another time than the controller's own. */
function isWritten(settings: Context['settings'], owner: Location['owner']): boolean {
  return names.some((name) => (settings.of(owner, name)?.from ?? 'default') !== 'default');
}

/** Undefined where the controller's own default holds. */
function written(setting: Setting<unknown> | undefined): number | undefined {
  return setting === undefined || setting.from === 'default' ? undefined : seconds(setting.value);
}

/** Seconds of at least 1; nginx takes 0 for "at once", which Istio has no word for. */
function seconds(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}
