import { findingType } from '../../domain/findings.ts';
import { isSince } from '../../domain/release.ts';
import type { Location, Setting } from '../../nginx/model.ts';
import type { Effect } from '../../plan/effect.ts';
import { type Claim, type FeatureResult, nothing } from '../../plan/result.ts';
import { claimAll, findingOf, hasAny } from '../claims.ts';
import type { Context, Feature } from '../feature.ts';
import { policyOf } from './retries.ts';

const totalTimeout = findingType<{ seconds: number }>({
  code: 'timeouts/total',
  severity: 'warning',
  fields: ['status', 'upstream', 'connection', 'side-requests', 'response-header:content-type'],
  summary: 'nginx limits the pause between two reads, Istio the whole request.',
  message: ({ seconds }) =>
    `proxy-read-timeout is ${seconds} s: nginx gives up after that long without a byte, and tries a GET three times; Istio ends the whole request after ${seconds} s. Websockets are left without a limit.`,
  remedy: () =>
    'Raise the timeout where downloads, uploads or event streams take longer, or allow EnvoyFilters, which can limit the pause (--envoy-filters allow).',
  url: 'https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute',
});

const sendTimeout = findingType<{ seconds: number }>({
  code: 'timeouts/send',
  severity: 'note',
  fields: ['status', 'connection'],
  summary: 'Istio has no limit for the pause between two writes.',
  message: ({ seconds }) =>
    `proxy-send-timeout is ${seconds} s; Istio has no limit of its own for a slow upload to the upstream.`,
  remedy: () => 'Nothing, as a rule.',
});

const names = ['proxy-read-timeout', 'proxy-send-timeout', 'proxy-connect-timeout'];

/**
 * proxy-read-timeout, proxy-send-timeout and proxy-connect-timeout (ingress-nginx 1.15.1, annotations/proxy/main.go;
 * scenarios proxy-read-timeout*, retries, websocket, global-timeouts-body).
 */
export const timeouts: Feature = {
  name: 'timeouts',
  findings: [totalTimeout, sendTimeout],
  location(location, context) {
    const { owner } = location;
    const { settings, options } = context;
    const read = settings.of(owner, 'proxy-read-timeout');
    const send = settings.of(owner, 'proxy-send-timeout');
    if (!isTimed(location, settings)) return withoutTimes(location, context);
    if (options.envoyFilters === 'deny' && !isWritten(settings, owner)) return nothing;
    const pauses =
      options.envoyFilters === 'allow'
        ? { effects: [pauseOf(location, context)], findings: [] }
        : wholeRequest(location, read, send);
    return {
      effects: [...pauses.effects, ...connectTimeout(location, context)],
      claims: claimsOf(location, context),
      findings: pauses.findings,
    };
  },
};

/** Before 1.11.0 gRPC has nginx's own 60 seconds, whatever is set (ingress-nginx 1.10.6, template/nginx.tmpl writes no grpc_*_timeout). */
function isTimed({ owner }: Location, { release }: Context['settings']): boolean {
  const protocol = String(owner.annotations.get('backend-protocol')?.value ?? '').toUpperCase();
  return isSince(release, '1.11.0') || !protocol.startsWith('GRPC');
}

function withoutTimes({ owner }: Location, { options, settings }: Context): FeatureResult {
  const reason = `ingress-nginx ${settings.release} does not set times for gRPC: its own 60 s hold.`;
  return {
    effects: options.envoyFilters === 'allow' ? [idleTime(60, 60, policyOf(owner, settings).tries)] : [],
    claims: claimAll(owner, names, 'no-effect-today', { reason }),
    findings: [],
  };
}

/** Stable fields know the time of the whole request alone; nothing is written where nobody asked for a time. */
function wholeRequest(
  location: Location,
  read: Setting<unknown> | undefined,
  send: Setting<unknown> | undefined,
): Pick<FeatureResult, 'effects' | 'findings'> {
  const total = written(read);
  const sending = written(send);
  return {
    effects:
      total === undefined
        ? []
        : [
            { kind: 'forward', patch: { timeout: `${total}s` } },
            {
              kind: 'forward',
              variant: 'websocket',
              when: { method: { exact: 'GET' }, headers: { upgrade: { regex: '(?i)websocket' } } },
              patch: { timeout: 'none' },
            },
          ],
    findings: [
      ...(total === undefined
        ? []
        : [findingOf(totalTimeout, { seconds: total }, location.owner, 'proxy-read-timeout')]),
      ...(sending === undefined
        ? []
        : [findingOf(sendTimeout, { seconds: sending }, location.owner, 'proxy-send-timeout')]),
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
    ...claimAll(owner, useless, 'manual', { reason: 'Istio has no word for a timeout of 0 seconds.' }),
    ...claimAll(owner, used('proxy-read-timeout'), 'converted', {
      fidelity: options.envoyFilters === 'allow' ? 'equivalent' : 'approximate',
    }),
    ...claimAll(
      owner,
      used('proxy-send-timeout'),
      options.envoyFilters === 'allow' ? 'converted' : 'opt-in',
      options.envoyFilters === 'allow' ? { fidelity: 'approximate' } : { reason: 'It needs an EnvoyFilter.' },
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
