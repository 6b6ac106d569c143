import { type ProxyName, recorded } from './recordings.ts';

/** A rule that alerts. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<'summary' | 'description', string>>;
}

/** All names begin with this. */
export const alertPrefix = 'IngressMove';

/**
 * What is compared: the gateway now, and ingress-nginx an hour around the same time of last week. The first one is the ticket's
 * own rule for going back. Hosts are named by their label only, as a template in a name would be carried out.
 */
export function alertingRules(wave: string): AlertingRule[] {
  const of = (name: keyof typeof recorded, proxy: ProxyName, more = ''): string =>
    `${recorded[name]}{wave="${wave}",proxy="${proxy}"${more}}`;
  const usual = 'nginx-last-week';
  const more = (status: string, least: string, most: string, responses: number): string => {
    const label = `,class="${status}"`;
    const before = of('share', usual, label);
    return [
      of('share', 'istio', label),
      '> on (host)',
      `(${before} + clamp(${before}, ${least}, ${most}))`,
      'and on (host)',
      `${of('responses', 'istio', label)} * 300 >= ${responses}`,
    ].join('\n');
  };
  const before = of('requests', usual);
  const p95 = ',quantile="0.95"';
  return [
    {
      alert: `${alertPrefix}ServerErrors`,
      expr: more('5xx', '0.002', '0.01', 3),
      for: '5m',
      labels: { severity: 'critical', wave },
      annotations: {
        summary: 'More 5xx from the Istio gateway than from ingress-nginx last week.',
        description:
          '{{ $value | humanizePercentage }} of the responses for {{ $labels.host }} are 5xx: twice its usual share, or 1 % more. Go back as the ticket of the wave says.',
      },
    },
    {
      alert: `${alertPrefix}ClientErrors`,
      expr: more('4xx', '0.02', '0.05', 10),
      for: '10m',
      labels: { severity: 'warning', wave },
      annotations: {
        summary: 'More 4xx from the Istio gateway than from ingress-nginx last week.',
        description:
          '{{ $value | humanizePercentage }} of the responses for {{ $labels.host }} are 4xx. Look for 404s without a route name in the access log of the gateway.',
      },
    },
    {
      alert: `${alertPrefix}Slower`,
      expr: [
        of('duration', 'istio', p95),
        '> on (host)',
        `1.5 * ${of('duration', usual, p95)}`,
        'and on (host)',
        `${of('duration', 'istio', p95)} > on (host) 0.1 + ${of('duration', usual, p95)}`,
        'and on (host)',
        `${of('requests', 'istio')} >= 0.2`,
      ].join('\n'),
      for: '10m',
      labels: { severity: 'warning', wave },
      annotations: {
        summary: 'The Istio gateway is slower than ingress-nginx was last week.',
        description:
          '95 % of the requests for {{ $labels.host }} take up to {{ $value | humanizeDuration }}: 1.5 times as long as usual, and 0.1 s more.',
      },
    },
    {
      alert: `${alertPrefix}FewerRequests`,
      expr: [
        `(sum by (host) (${recorded.requests}{wave="${wave}",proxy=~"nginx|istio"}) or sum by (host) (0 * ${before}))`,
        '< on (host)',
        `0.5 * (${before} > 0.1)`,
      ].join('\n'),
      for: '15m',
      labels: { severity: 'warning', wave },
      annotations: {
        summary: 'Both gateways together get fewer requests than ingress-nginx last week.',
        description:
          '{{ $labels.host }} gets {{ $value | humanize }} requests a second, less than half of last week. Check DNS, TLS, and whether Prometheus has the label virtual_host of the Istio gateway.',
      },
    },
    {
      alert: `${alertPrefix}NoBaseline`,
      expr: [
        `${of('requests', 'istio')} > 0`,
        'unless on (host)',
        `${before} > 0`,
        'unless on (host)',
        `${of('requests', 'istio')} offset 1w > 0`,
      ].join('\n'),
      for: '1h',
      labels: { severity: 'info', wave },
      annotations: {
        summary: 'Prometheus has no requests of ingress-nginx last week to compare with.',
        description:
          'No alert compares {{ $labels.host }} with ingress-nginx. Watch it yourself: its errors and durations are on the dashboard of the wave.',
      },
    },
  ];
}
