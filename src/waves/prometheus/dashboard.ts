import type { Dashboard, FieldColorModeId, Panel } from '@grafana/schema';
import { alertPrefix } from './alerts.ts';
import { recorded } from './recordings.ts';

/** Of the dashboard's JSON: that of Grafana 10 (public/app/features/dashboard/state/DashboardMigrator.ts); newer ones migrate it. */
const schemaVersion = 39;
const width = 12;
const height = 8;

interface Graph {
  readonly title: string;
  readonly description: string;
  readonly unit: 'reqps' | 'percentunit' | 's';
  readonly metric: string;
  readonly matchers?: string;
}

const sides =
  'Three lines a host: the Istio gateway, ingress-nginx, and ingress-nginx at the same time of last week.';

const graphs: readonly Graph[] = [
  {
    title: 'Requests',
    description: sides,
    unit: 'reqps',
    metric: recorded.requests,
  },
  {
    title: 'Share of 5xx',
    description: sides,
    unit: 'percentunit',
    metric: recorded.share,
    matchers: 'class="5xx"',
  },
  {
    title: 'Share of 4xx',
    description: `${sides} Without 499 of nginx, for which Envoy has no status.`,
    unit: 'percentunit',
    metric: recorded.share,
    matchers: 'class="4xx"',
  },
  ...[
    ['p50', '0.5'],
    ['p95', '0.95'],
    ['p99', '0.99'],
  ].map(
    ([name, quantile]): Graph => ({
      title: `Duration, ${name}`,
      description: `${sides} Until the client has the last byte; the buckets of ingress-nginx end at 10 s.`,
      unit: 's',
      metric: recorded.duration,
      matchers: `quantile="${quantile}"`,
    }),
  ),
];

const datasource = { type: 'prometheus', uid: '$' + '{datasource}' };

/**
 * A dashboard of Grafana for a wave. It reads what the rules record; hosts come from there, so none is written into it. Typed by
 * Grafana's own package, which is the definition of the format (kinds/dashboard/dashboard_kind.cue).
 */
export function dashboardOf(wave: string): Dashboard {
  return {
    uid: `ingress-move-wave-${wave}`,
    title: `Move to Istio, wave ${wave}`,
    description: 'ingress-nginx and the Istio gateway, by host. Needs the recording rules of the wave.',
    tags: ['ingress2istio'],
    editable: true,
    graphTooltip: 1,
    refresh: '1m',
    schemaVersion,
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    annotations: { list: [] },
    templating: {
      list: [
        { type: 'datasource', name: 'datasource', label: 'Prometheus', query: 'prometheus' },
        {
          type: 'query',
          name: 'host',
          label: 'Host',
          datasource,
          query: `label_values(${recorded.requests}{wave="${wave}"}, host)`,
          refresh: 2,
          sort: 1,
          multi: true,
          includeAll: true,
          current: { text: 'All', value: '$__all' },
        },
      ],
    },
    panels: [
      ...graphs.map((graph, index) => graphPanel(graph, index, wave)),
      alertPanel(graphs.length, wave),
    ],
  };
}

function graphPanel(
  { title, description, unit, metric, matchers }: Graph,
  index: number,
  wave: string,
): Panel {
  const labels = [`wave="${wave}"`, 'host=~"$host"', ...(matchers === undefined ? [] : [matchers])];
  return {
    ...panelAt(index),
    type: 'timeseries',
    title,
    description,
    targets: [target(`${metric}{${labels.join(',')}}`, '{{host}} {{proxy}}')],
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        custom: { drawStyle: 'line', lineWidth: 1, fillOpacity: 0, spanNulls: false },
      },
      overrides: [],
    },
    options: {
      legend: { displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull'], showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}

function alertPanel(index: number, wave: string): Panel {
  const expr = `ALERTS{alertname=~"${alertPrefix}.+",wave="${wave}",host=~"$host",alertstate="firing"}`;
  return {
    ...panelAt(index),
    gridPos: { ...panelAt(index).gridPos, w: 2 * width },
    type: 'state-timeline',
    title: 'Alerts that fire',
    description: 'Those of the rules of the wave.',
    targets: [target(expr, '{{alertname}} {{host}}')],
    fieldConfig: {
      defaults: {
        color: { mode: 'fixed' as FieldColorModeId as FieldColorModeId, fixedColor: 'red' },
        noValue: 'None',
      },
      overrides: [],
    },
    options: {
      showValue: 'never',
      mergeValues: true,
      legend: { displayMode: 'list', placement: 'bottom', showLegend: false },
    },
  };
}

function panelAt(index: number) {
  const gridPos = { x: (index % 2) * width, y: Math.floor(index / 2) * height, w: width, h: height };
  return { id: index + 1, datasource, gridPos };
}

function target(expr: string, legendFormat: string) {
  return { refId: 'A', datasource, expr, legendFormat, range: true };
}
