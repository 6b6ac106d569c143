import type { Cluster } from '../../src/read/cluster.ts';

/** What the controller of the recordings was set to, where a scenario's ConfigMap does not say otherwise (FORMAT: snippets allowed, risk Critical). */
const labSettings: readonly (readonly [string, string])[] = [
  ['allow-snippet-annotations', 'true'],
  ['annotations-risk-level', 'Critical'],
];

/** The cluster as the recorded controller saw it. */
export function asRecorded(cluster: Cluster): Cluster {
  const configMaps = cluster.configMaps.map((map) =>
    map.ref.name === 'ingress-nginx-controller'
      ? { ...map, data: new Map([...labSettings, ...map.data]) }
      : map,
  );
  return { ...cluster, configMaps };
}
