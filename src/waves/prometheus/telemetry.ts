import { type Conversion, partsOf } from '../../conversion/conversion.ts';
import { recordAt } from '../../domain/fields.ts';
import { type GatewayOptions, suffixOf } from '../../domain/options.ts';
import { qualifiedName } from '../../domain/origin.ts';
import { type CommentedObject, toCommentedYaml } from '../../emit/yaml.ts';
import { objectName } from '../../istio-api/names.ts';
import type { IstioObject } from '../../istio-api/objects.ts';
import { canonical } from '../../text/json.ts';

/** The label of Istio's metrics that the rules read. */
const label = 'virtual_host';

/**
 * Istio's standard metrics don't say which host a request was for. The tag has the name of the virtual host that Envoy chose
 * (`shop.example.com:443`), also for what it answers itself; one that matches none gets `unknown` (istio_stats.cc of Envoy's
 * contrib/istio). `request.host` would be whatever clients send, and a time series for each.
 */
function telemetryOf(gateway: GatewayOptions, suffix: readonly string[]): IstioObject {
  const overrides = ['REQUEST_COUNT', 'REQUEST_DURATION'].map((metric) => ({
    match: { metric, mode: 'CLIENT' },
    tagOverrides: { [label]: { operation: 'UPSERT', value: 'xds.virtual_host_name' } },
  }));
  return {
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    metadata: { name: objectName('ingress', 'move', 'metrics', ...suffix), namespace: gateway.namespace },
    spec: { selector: { matchLabels: gateway.selector }, metrics: [{ overrides }] },
  };
}

const explanation = [
  `Adds the label ${label} to the request counts and durations of the gateway: the virtual host that Envoy chose. The rules read it.`,
  'It has at most one value for each host and port of the Gateways, whatever clients send as Host. To go back, delete this object.',
];

/** A Telemetry for each gateway, as YAML. */
export function telemetryText(conversion: Conversion): string {
  const seen = new Set<string>();
  const objects = partsOf(conversion).flatMap((part): CommentedObject[] => {
    const object = telemetryOf(part.options.gateway, suffixOf(part.options));
    const pods = canonical([object.metadata.namespace, part.options.gateway.selector]);
    if (seen.has(pods)) return [];
    seen.add(pods);
    const others = othersFor({ ...part, extras: conversion.extras ?? [] }, object.metadata.name);
    return [{ object, comment: [...explanation, ...(others.length === 0 ? [] : conflict(others))] }];
  });
  return toCommentedYaml(objects);
}

/** Istio merges them today (applicableTelemetries of pilot/pkg/model/telemetry.go, 1.24 to 1.31), and warns all the same. */
function conflict(others: readonly string[]): string[] {
  return [
    `${others.join(', ')} ${others.length === 1 ? 'selects' : 'select'} the same pods. Istio 1.24 to 1.31 merges them, but istioctl analyze reports IST0159: undefined behavior.`,
    'To be independent of that, move the metrics below into that object.',
  ];
}

/** Telemetries of the output or the input for the pods of the gateway. */
function othersFor({ objects, extras, cluster, options: { gateway } }: Conversion, own: string): string[] {
  const written = [...objects, ...(extras ?? [])].map(({ object }) => object);
  const found = cluster.istioObjects.map(({ ref, body }) => ({
    kind: ref.kind,
    metadata: { name: ref.name, namespace: ref.namespace },
    spec: recordAt(body, 'spec'),
  }));
  const names = [...written, ...found]
    .filter(
      ({ kind, metadata: { name, namespace } }) =>
        kind === 'Telemetry' && namespace === gateway.namespace && name !== own,
    )
    .filter(({ spec }) => selects(recordAt(spec, 'selector', 'matchLabels'), gateway.selector))
    .map(({ kind, metadata }) => qualifiedName({ kind, ...metadata }));
  return [...new Set(names)].sort();
}

function selects(labels: Readonly<Record<string, unknown>>, pods: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries(labels);
  return (
    entries.length > 0 && entries.every(([key, value]) => Object.hasOwn(pods, key) && pods[key] === value)
  );
}
