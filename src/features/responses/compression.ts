import { finding, findingType } from '../../domain/findings.ts';
import type { Settings } from '../../nginx/settings.ts';
import type { Effect } from '../../plan/effect.ts';
import { nothing } from '../../plan/result.ts';
import type { Feature } from '../feature.ts';

const notCarried = findingType<{ methods: string }>({
  code: 'compression/not-carried',
  severity: 'warning',
  fields: ['response-header:content-encoding', 'response-header:vary', 'response-header:etag'],
  summary: 'Responses are not compressed.',
  message: ({ methods }) => `The controller compresses responses with ${methods}; Istio has no field for it.`,
  remedy: () => 'Allow EnvoyFilters (--envoy-filters allow), or compress in the application.',
  url: 'https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/compressor_filter',
});

/** use-gzip and enable-brotli of the controller's ConfigMap (ingress-nginx 1.15.1, nginx.tmpl `gzip on`; scenario gzip-default). */
export const compression: Feature = {
  name: 'compression',
  findings: [notCarried],
  server(server, { model, options, settings }) {
    const used = methods.filter(({ key }) => settings.global(key)?.trim() === 'true');
    if (used.length === 0) return nothing;
    if (options.envoyFilters === 'deny') {
      if (server !== model.servers[0]) return nothing;
      const names = used.map(({ name }) => name).join(' and ');
      const origin = model.controller.configOrigin;
      const reported = finding(notCarried, { methods: names }, { origin, scope: { kind: 'platform' } });
      return { ...nothing, findings: [reported] };
    }
    return { ...nothing, effects: used.map((method) => compressor(method, settings)) };
  },
  /** A filter of the gateway is off until a route turns it on. */
  location(_location, { options, settings }) {
    if (options.envoyFilters === 'deny') return nothing;
    const used = methods.filter(({ key }) => settings.global(key)?.trim() === 'true');
    return used.length === 0 ? nothing : { ...nothing, effects: used.map(({ route }) => route) };
  },
};

interface Method {
  readonly name: 'gzip' | 'brotli';
  readonly key: string;
  readonly minLength: number;
  /** Beside those that both compress. */
  readonly types: readonly string[];
  readonly route: Effect;
  library(settings: Settings): object;
}

const compressor3 = 'type.googleapis.com/envoy.extensions.filters.http.compressor.v3';

function turnedOn(name: Method['name']): Effect {
  return {
    kind: 'route-filter',
    purpose: name,
    on: 'forwarded',
    wide: true,
    value: {
      typed_per_filter_config: {
        [`ingress2istio.${name}`]: {
          '@type': `${compressor3}.CompressorPerRoute`,
          overrides: { response_direction_config: {} },
        },
      },
    },
  };
}

const methods: readonly Method[] = [
  {
    name: 'brotli',
    key: 'enable-brotli',
    minLength: 20,
    types: ['application/xml+rss'],
    route: turnedOn('brotli'),
    library: (settings) => ({
      '@type': 'type.googleapis.com/envoy.extensions.compression.brotli.compressor.v3.Brotli',
      quality: numberIn(settings, 'brotli-level', 4, 0, 11),
    }),
  },
  {
    name: 'gzip',
    key: 'use-gzip',
    minLength: 256,
    types: [],
    route: turnedOn('gzip'),
    library: (settings) => ({
      '@type': 'type.googleapis.com/envoy.extensions.compression.gzip.compressor.v3.Gzip',
      compression_level: `COMPRESSION_LEVEL_${numberIn(settings, 'gzip-level', 1, 1, 9)}`,
    }),
  },
];

/** Defaults of ingress-nginx 1.15.1 (controller/config/config.go); nginx adds text/html itself. */
const commonTypes = [
  'application/atom+xml',
  'application/javascript',
  'application/x-javascript',
  'application/json',
  'application/rss+xml',
  'application/vnd.ms-fontobject',
  'application/x-font-ttf',
  'application/x-web-app-manifest+json',
  'application/xhtml+xml',
  'application/xml',
  'font/opentype',
  'image/svg+xml',
  'image/x-icon',
  'text/css',
  'text/javascript',
  'text/plain',
  'text/x-component',
];

function compressor({ name, minLength, types, library }: Method, settings: Settings): Effect {
  const written = (settings.global(`${name}-types`) ?? '').split(/\s+/).filter((type) => type.includes('/'));
  const compressed = written.length > 0 ? written : [...types, ...commonTypes];
  return {
    kind: 'http-filter',
    purpose: name,
    before: 'router',
    filter: {
      name: `ingress2istio.${name}`,
      disabled: true,
      typed_config: {
        '@type': `${compressor3}.Compressor`,
        compressor_library: { name, typed_config: library(settings) },
        response_direction_config: {
          common_config: {
            min_content_length: numberIn(settings, `${name}-min-length`, minLength, 0, 4_294_967_295),
            content_type: [...new Set(['text/html', ...compressed])],
          },
        },
      },
    },
  };
}

function numberIn(settings: Settings, key: string, fallback: number, least: number, most: number): number {
  const text = settings.global(key)?.trim() ?? '';
  return /^[0-9]+$/.test(text) ? Math.min(Math.max(Number(text), least), most) : fallback;
}
