import { qualifiedName } from '../domain/origin.ts';
import type { Cluster, ClusterObject } from '../read/cluster.ts';

/** The cluster's objects by name, each found in constant time; names are `namespace/name`. */
export interface Lookup {
  readonly cluster: Cluster;
  service(name: string): Cluster['services'][number] | undefined;
  secret(name: string): Cluster['secrets'][number] | undefined;
  configMap(name: string): Cluster['configMaps'][number] | undefined;
}

/** Indexes a cluster by `namespace/name`, once for the whole conversion. */
export function lookupOf(cluster: Cluster): Lookup {
  const services = byName(cluster.services);
  const secrets = byName(cluster.secrets);
  const configMaps = byName(cluster.configMaps);
  return {
    cluster,
    service: (name) => services.get(name),
    secret: (name) => secrets.get(name),
    configMap: (name) => configMaps.get(name),
  };
}

function byName<Named extends ClusterObject>(objects: readonly Named[]): ReadonlyMap<string, Named> {
  const named = new Map<string, Named>();
  for (const object of objects) named.set(qualifiedName(object.ref), object);
  return named;
}
