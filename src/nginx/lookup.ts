import { qualifiedName } from '../domain/origin.ts';
import type { Cluster, ClusterObject, PlainObject } from '../read/cluster.ts';

/** The cluster's objects by name, each found in constant time; names are `namespace/name`. */
export interface Lookup {
  readonly cluster: Cluster;
  service(name: string): Cluster['services'][number] | undefined;
  secret(name: string): Cluster['secrets'][number] | undefined;
  configMap(name: string): Cluster['configMaps'][number] | undefined;
  /** The cert-manager Certificate that keeps the Secret of this name. */
  certificateOfSecret(name: string): PlainObject | undefined;
}

/** Indexes a cluster by `namespace/name`, once for the whole conversion. */
export function lookupOf(cluster: Cluster): Lookup {
  const services = byName(cluster.services);
  const secrets = byName(cluster.secrets);
  const configMaps = byName(cluster.configMaps);
  const certificates = bySecret(cluster.related);
  return {
    cluster,
    service: (name) => services.get(name),
    secret: (name) => secrets.get(name),
    configMap: (name) => configMaps.get(name),
    certificateOfSecret: (name) => certificates.get(name),
  };
}

function byName<Named extends ClusterObject>(objects: readonly Named[]): ReadonlyMap<string, Named> {
  const named = new Map<string, Named>();
  for (const object of objects) named.set(qualifiedName(object.ref), object);
  return named;
}

function bySecret(related: readonly PlainObject[]): ReadonlyMap<string, PlainObject> {
  const named = new Map<string, PlainObject>();
  for (const object of related) {
    const { secretName } = (object.body['spec'] ?? {}) as { readonly secretName?: unknown };
    if (object.ref.kind === 'Certificate' && typeof secretName === 'string')
      named.set(`${object.ref.namespace}/${secretName}`, object);
  }
  return named;
}
