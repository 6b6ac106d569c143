import { qualifiedName } from '../domain/origin.ts';
import { policyOf } from '../features/traffic/retries.ts';
import type { ConnectionPool, OutlierDetection } from '../istio-api/types.ts';
import type { Settings } from '../nginx/settings.ts';
import type { Backend } from './backends.ts';

/** Limits, and for a reader of the object where each comes from. */
export interface Limits<Policy> {
  readonly policy: Policy;
  readonly comment: readonly string[];
}

/** A number of the controller's ConfigMap or its default; undefined where it is neither, or no limit. */
interface Known {
  readonly value: number;
  readonly shown: string;
}

/** Larger ones Istio's API can't hold, or nobody means. */
const largest = 999_999_999;
/** Connections of a worker, where neither the ConfigMap nor the release says (ingress-nginx 1.15.1, config/config.go). */
const usualConnections = 16_384;

/**
 * Connections to a backend as nginx kept them: ingress-nginx 1.15.1, template/nginx.tmpl writes keepalive, keepalive_requests,
 * keepalive_time and keepalive_timeout in each upstream; nginx counts connections for a worker and not for an upstream.
 */
export function connectionPool(backend: Backend, settings: Settings): Limits<ConnectionPool> {
  const { protocols } = backend;
  const connections = connectionsOf(settings);
  const http = protocols.has('http');
  const connect = http ? connectTimeout(backend, settings) : undefined;
  // For a TCP proxy, also of TLS that is passed through, the same field cuts connections (istio, core/networkfilter.go).
  const age = http && protocols.size === 1 ? knownSeconds(settings, 'upstream-keepalive-time') : undefined;
  const idle = protocols.has('tcp') ? knownSeconds(settings, 'proxy-stream-timeout') : undefined;
  const keep = http ? keepalive(settings) : undefined;
  const policy: ConnectionPool = {
    tcp: {
      maxConnections: connections.value,
      ...(connect !== undefined && { connectTimeout: `${connect.value}s` }),
      ...(idle !== undefined && { idleTimeout: `${idle.value}s` }),
      ...(age !== undefined && { maxConnectionDuration: `${age.value}s` }),
    },
    ...(http && {
      http: {
        http1MaxPendingRequests: connections.value,
        http2MaxRequests: connections.value,
        ...keep?.policy,
      },
    }),
  };
  const comment = [
    `- at most ${connections.value} connections${http ? ' and requests' : ''} at a time (${connections.shown}; nginx has no limit for a Service)`,
    ...(connect === undefined ? [] : [`- ${connect.value} s to open a connection (${connect.shown})`]),
    ...(keep?.comment ?? []),
    ...(age === undefined
      ? []
      : [`- a connection gets no more requests after ${age.value} s (${age.shown})`]),
    ...(idle === undefined
      ? []
      : [`- a TCP connection without data is closed after ${idle.value} s (${idle.shown})`]),
  ];
  return { policy, comment };
}

function connectionsOf(settings: Settings): Known {
  const perWorker = knownNumber(settings, 'max-worker-connections') ?? {
    value: usualConnections,
    shown: `max-worker-connections: ${usualConnections}, the default`,
  };
  const workers = Number(settings.global('worker-processes')?.trim());
  const product = perWorker.value * workers;
  return Number.isInteger(workers) && workers > 1 && product <= largest
    ? { value: product, shown: `${perWorker.shown}, of ${workers} workers` }
    : { ...perWorker, shown: `${perWorker.shown}, of one worker` };
}

function keepalive(settings: Settings): Limits<NonNullable<ConnectionPool['http']>> {
  if (settings.global('upstream-keepalive-connections')?.trim() === '0')
    return {
      policy: { maxRequestsPerConnection: 1 },
      comment: ['- one request for each connection (upstream-keepalive-connections: 0)'],
    };
  const requests = knownNumber(settings, 'upstream-keepalive-requests');
  const idle = knownSeconds(settings, 'upstream-keepalive-timeout');
  return {
    policy: {
      ...(requests !== undefined && { maxRequestsPerConnection: requests.value }),
      ...(idle !== undefined && { idleTimeout: `${idle.value}s` }),
    },
    comment: [
      ...(requests === undefined
        ? []
        : [`- ${requests.value} requests for each connection (${requests.shown})`]),
      ...(idle === undefined
        ? []
        : [`- a connection without requests is closed after ${idle.value} s (${idle.shown})`]),
    ],
  };
}

/** The longest of the Ingresses that use it: a subset with a time of its own keeps that. */
function connectTimeout({ users }: Backend, settings: Settings): Known | undefined {
  const times = users.flatMap((user): Known[] => {
    const setting = settings.of(user, 'proxy-connect-timeout');
    const value = Number(setting?.value);
    if (setting === undefined || !(Number.isInteger(value) && value > 0 && value <= largest)) return [];
    const from =
      setting.from === 'default'
        ? 'the default'
        : setting.from === 'configmap'
          ? 'of the ConfigMap'
          : qualifiedName(user.ingress.ref);
    return [{ value, shown: `proxy-connect-timeout: ${value}, ${from}` }];
  });
  return times.sort((a, b) => b.value - a.value || (a.shown < b.shown ? -1 : 1))[0];
}

/** Istio's own defaults (networking/v1alpha3/destination_rule.proto, OutlierDetection), written out. */
const usualErrors = 5;
const usualTimes = { interval: '10s', baseEjectionTime: '30s' };
/** nginx always has a pod to try: half of them stay, and where more fail, all are tried. */
const shares = { maxEjectionPercent: 50, minHealthPercent: 50 };

/** What nginx takes for a failure, and how often it tries. */
interface Failures {
  /** 1 where it tries once, or without end. */
  readonly tries: number;
  readonly gateway: boolean;
  readonly server: boolean;
  /** The settings that say so. */
  readonly names: string;
}

/** A pod that failed as often in a row as nginx tries a request at all gets none for a while. */
export function outlierDetection(backend: Backend, settings: Settings): Limits<OutlierDetection> {
  const { tries, gateway, server, names } = failuresOf(backend, settings);
  const errors = tries > 1 ? tries : usualErrors;
  const named = [
    'failed connections and timeouts',
    ...(gateway ? ['502, 503, and 504'] : []),
    ...(server ? ['every 5xx'] : []),
  ];
  return {
    policy: {
      splitExternalLocalOriginErrors: true,
      consecutiveLocalOriginFailures: errors,
      consecutiveGatewayErrors: gateway ? errors : 0,
      consecutive5xxErrors: server ? errors : 0,
      ...usualTimes,
      ...shares,
    },
    comment: [
      `- a pod that fails ${errors} times in a row gets nothing for 30 s, longer each time (${tries > 1 ? `${names}-tries` : "Istio's default"})`,
      `- failures are ${named.join('; ')} (${names})`,
      '- at most half of the pods are left out; where more fail, all are tried, as nginx does it',
      '- pods of all zones stay equal: outlier detection would otherwise turn on locality failover',
    ],
  };
}

/** `proxy-next-upstream` of the Ingresses; where they differ, what the most patient of them takes for a failure. */
function failuresOf({ users, protocols }: Backend, settings: Settings): Failures {
  if (!protocols.has('http')) {
    const again = settings.global('proxy-stream-next-upstream')?.trim() !== 'false';
    const tries = knownNumber(settings, 'proxy-stream-next-upstream-tries')?.value ?? 1;
    return { tries: again ? tries : 1, gateway: false, server: false, names: 'proxy-stream-next-upstream' };
  }
  const policies = users.map((user) => policyOf(user, settings));
  const all = (statuses: readonly string[]) =>
    policies.length > 0 && policies.every((policy) => statuses.some((one) => policy.statuses.includes(one)));
  return {
    tries: Math.max(1, ...policies.map((policy) => policy.tries)),
    gateway: all(['502', '503', '504']),
    server: all(['500']),
    names: 'proxy-next-upstream',
  };
}

function knownNumber(settings: Settings, key: string): Known | undefined {
  return known(settings, key, (text) => (/^\d+$/.test(text) ? Number(text) : undefined));
}

const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** nginx's times: seconds, or with a unit. */
function knownSeconds(settings: Settings, key: string): Known | undefined {
  return known(settings, key, (text) => {
    const [, digits, unit = ''] = /^(\d+)([smhd]?)$/.exec(text) ?? [];
    return digits === undefined ? undefined : Number(digits) * units[unit]!;
  });
}

function known(
  settings: Settings,
  key: string,
  read: (text: string) => number | undefined,
): Known | undefined {
  const written = settings.global(key)?.trim();
  const candidates = [
    [written, 'of the ConfigMap'],
    [settings.usual(key), 'the default'],
  ] as const;
  for (const [text, from] of candidates) {
    const value = text === undefined ? undefined : read(String(text));
    if (value !== undefined && value > 0 && value <= largest)
      return { value, shown: `${key}: ${text}, ${from}` };
  }
  return undefined;
}
