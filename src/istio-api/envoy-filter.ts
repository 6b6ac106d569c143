import type { Options } from '../domain/options.ts';
import type { IstioObject } from './objects.ts';

/** An EnvoyFilter for the gateway's pods alone. */
export function envoyFilter(
  name: string,
  options: Options,
  configPatches: readonly object[],
  priority?: number,
): IstioObject {
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name, namespace: options.gateway.namespace },
    spec: {
      workloadSelector: { labels: options.gateway.selector },
      ...(priority !== undefined && { priority }),
      configPatches,
    },
  };
}
