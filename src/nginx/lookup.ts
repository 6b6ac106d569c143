import type { Cluster, ConfigMap, SecretSummary, Service } from '../read/cluster.ts';
import { qualifiedName } from '../read/origin.ts';

/** The cluster's objects by name, each found in constant time; names are `namespace/name`. */
export interface Lookup {
  readonly cluster: Cluster;
  service(name: string): Cluster['services'][number] | undefined;
  secret(name: string): Cluster['secrets'][number] | undefined;
  configMap(name: string): Cluster['configMaps'][number] | undefined;
}

/** Indexes a cluster by `namespace/name`, once for the whole conversion. */
export function lookupOf(cluster: Cluster): Lookup {
  const services = new Map<string, Service>(
    cluster.services.map((service) => [qualifiedName(service.ref), service]),
  );
  const secrets = new Map<string, SecretSummary>(
    cluster.secrets.map((secret) => [qualifiedName(secret.ref), secret]),
  );
  const configMaps = new Map<string, ConfigMap>(
    cluster.configMaps.map((map) => [qualifiedName(map.ref), map]),
  );
  return {
    cluster,
    service: (name) => services.get(name),
    secret: (name) => secrets.get(name),
    configMap: (name) => configMaps.get(name),
  };
}
