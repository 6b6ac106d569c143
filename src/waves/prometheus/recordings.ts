import type { Series } from './promql.ts';
import { ofIstio, ofNginx, type WatchedHost } from './watched-host.ts';

/** A rule that records; its labels come in their order. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Names of what is recorded, by host: the alerts and the dashboard read these only. */
export const recorded = {
  requests: 'host:ingress_move_requests:rate',
  responses: 'host:ingress_move_responses:rate',
  share: 'host:ingress_move_responses:share',
  duration: 'host:ingress_move_request_duration_seconds:quantile',
} as const;

/** Who served the requests: the label `proxy`. */
export type ProxyName = 'nginx' | 'istio' | 'nginx-last-week';

interface Side {
  readonly proxy: ProxyName;
  readonly vector: (hosts: readonly WatchedHost[], series: Series) => string;
  readonly window: string;
  readonly requests: Omit<Series, 'window'>;
  readonly duration: Omit<Series, 'window'>;
  /** Buckets a second. */
  readonly second: number;
  readonly classes: Readonly<Record<'4xx' | '5xx', readonly string[]>>;
}

/** Names and labels of internal/ingress/metric/collectors/socket.go; 499 is a client that went away, which Envoy counts as 0. */
const nginx: Omit<Side, 'proxy' | 'window'> = {
  vector: ofNginx,
  requests: { metric: 'nginx_ingress_controller_requests', matchers: [] },
  duration: { metric: 'nginx_ingress_controller_request_duration_seconds_bucket', matchers: [] },
  second: 1,
  classes: { '4xx': ['status=~"4.."', 'status!="499"'], '5xx': ['status=~"5.."'] },
};

const sides: readonly Side[] = [
  { ...nginx, proxy: 'nginx', window: '[5m]' },
  // An hour, so that a quiet host has a share at all: half of it before the same time of last week, half after.
  { ...nginx, proxy: 'nginx-last-week', window: '[1h] offset 6d23h30m' },
  {
    proxy: 'istio',
    window: '[5m]',
    vector: ofIstio,
    requests: { metric: 'istio_requests_total', matchers: ['reporter="source"'] },
    duration: { metric: 'istio_request_duration_milliseconds_bucket', matchers: ['reporter="source"'] },
    second: 1000,
    classes: { '4xx': ['response_code=~"4.."'], '5xx': ['response_code=~"5.."'] },
  },
];

/** Requests, shares of 4xx and 5xx, and durations of a wave's hosts on both sides; each rule uses those before it. */
export function recordingRules(hosts: readonly WatchedHost[], wave: string): RecordingRule[] {
  return [
    ...sides.flatMap((side) => rulesOf(side, hosts, wave)),
    ...(['4xx', '5xx'] as const).map((status): RecordingRule => {
      const requests = `${recorded.requests}{wave="${wave}"}`;
      const some = `${recorded.responses}{wave="${wave}",class="${status}"}`;
      return {
        record: recorded.share,
        expr: [
          `(sum by (host, proxy) (${some}) or sum by (host, proxy) (0 * ${requests}))`,
          '/ on (host, proxy)',
          `(${requests} > 0)`,
        ].join('\n'),
        labels: { wave, class: status },
      };
    }),
  ];
}

function rulesOf(side: Side, hosts: readonly WatchedHost[], wave: string): RecordingRule[] {
  const { proxy, vector, window, second } = side;
  const requests = (own: readonly string[] = []): string =>
    vector(hosts, { ...side.requests, matchers: [...side.requests.matchers, ...own], window });
  if (requests() === '') return [];
  const buckets = vector(hosts, { ...side.duration, window, keep: 'le' });
  const unit = second === 1 ? '' : ` / ${second}`;
  return [
    { record: recorded.requests, expr: requests(), labels: { wave, proxy } },
    ...(['4xx', '5xx'] as const).map((status) => ({
      record: recorded.responses,
      expr: requests(side.classes[status]),
      labels: { wave, proxy, class: status },
    })),
    ...['0.5', '0.95', '0.99'].map((quantile) => ({
      record: recorded.duration,
      expr: `histogram_quantile(${quantile},\n${buckets}\n)${unit}`,
      labels: { wave, proxy, quantile },
    })),
  ];
}
