import type { Conversion } from '../conversion/conversion.ts';
import { recordAt, valueAt } from '../domain/fields.ts';
import { finding } from '../domain/findings.ts';
import { suffixOf } from '../domain/options.ts';
import { originOf, qualifiedName } from '../domain/origin.ts';
import { objectName } from '../istio-api/names.ts';
import type { Settings } from '../nginx/settings.ts';
import type { Extras } from './extras.ts';
import { telemetryExists } from './findings.ts';

/** Of requests, in percent: Istio's own default. */
const usualSampling = 1;

/**
 * The gateway's access log, which nginx writes by default and Istio doesn't, and traces. Istio takes one Telemetry for a pod, the
 * oldest, so there is none where one is there, or where the conversion writes one because nginx was told something about its log.
 */
export function telemetry(part: Conversion, settings: Settings): Extras {
  const { options } = part;
  if (!options.extras.includes('telemetry')) return { objects: [], findings: [] };
  const { namespace, selector } = options.gateway;
  const name = objectName('gateway', 'telemetry', ...suffixOf(options));
  const existing = existingTelemetry(part, name);
  if (existing !== undefined) {
    const missing = [
      ...(existing.spec['accessLogging'] === undefined ? ['access logs'] : []),
      ...(existing.spec['tracing'] === undefined ? ['tracing'] : []),
    ].join(' and ');
    const args = { existing: existing.name, missing };
    const findings = missing === '' ? [] : [finding(telemetryExists, args, { origin: existing.origin })];
    return { objects: [], findings };
  }
  const ratio = Number(settings.global('otel-sampler-ratio')?.trim() || Number.NaN);
  const written = ratio >= 0 && ratio <= 1;
  const sampling = written ? Math.round(ratio * 10_000) / 100 : usualSampling;
  const comment = [
    "The gateway's access log on its standard output, as nginx writes one; Istio writes none by default.",
    `Traces for ${sampling} % of the requests (${written ? 'otel-sampler-ratio' : "Istio's default"}), once the mesh names a tracing provider`,
    '(defaultProviders.tracing). To go back, delete this object.',
  ];
  const spec = {
    selector: { matchLabels: selector },
    accessLogging: [{ providers: [{ name: 'envoy' }] }],
    tracing: [{ randomSamplingPercentage: sampling }],
  };
  return {
    objects: [
      {
        object: {
          apiVersion: 'telemetry.istio.io/v1',
          kind: 'Telemetry',
          metadata: { name, namespace },
          spec,
        },
        file: ['extras', ['telemetry', ...suffixOf(options)].join('-')].join('/'),
        from: [],
        parts: [{ path: '', comment, origins: [] }],
      },
    ],
    findings: [],
  };
}

/** The Telemetry that Istio uses for the gateway's pods: one of the conversion, or of the input. */
function existingTelemetry({ objects, cluster, options: { gateway } }: Conversion, own: string) {
  const written = objects.find(
    ({ object: { kind, metadata } }) => kind === 'Telemetry' && metadata.namespace === gateway.namespace,
  );
  if (written !== undefined) {
    const { metadata, spec } = written.object;
    return {
      name: `${metadata.namespace}/${metadata.name}`,
      spec: recordAt(spec),
      origin: undefined,
    };
  }
  const found = cluster.istioObjects.find(({ ref, body }) => {
    if (ref.kind !== 'Telemetry' || ref.namespace !== gateway.namespace || ref.name === own) return false;
    // One for metrics only, such as that of `plan --prometheus`, has nothing to do with logs and traces: Istio merges them by part.
    if (recordsOnly('metrics', recordAt(body, 'spec'))) return false;
    const labels = Object.entries(recordAt(body, 'spec', 'selector', 'matchLabels'));
    return (
      labels.length > 0 &&
      labels.every(([key, value]) => Object.hasOwn(gateway.selector, key) && gateway.selector[key] === value)
    );
  });
  return (
    found && {
      name: qualifiedName(found.ref),
      spec: recordAt(valueAt(found.body, ['spec'])),
      origin: originOf(found.source, 'spec'),
    }
  );
}

function recordsOnly(part: string, spec: Readonly<Record<string, unknown>>): boolean {
  const parts = Object.keys(spec).filter((key) => key !== 'selector');
  return parts.length === 1 && parts[0] === part;
}
