import type { Conversion } from '../conversion/conversion.ts';
import type { Finding } from '../domain/findings.ts';
import { type Origin, qualifiedName } from '../domain/origin.ts';
import { fileNameOf } from '../istio-api/names.ts';
import type { Emitted } from '../plan/emitted.ts';
import type { Step } from '../plan/step.ts';
import type { Ingress } from '../read/cluster.ts';

/** Hosts by name, '' for the catch-all; undefined: the gateway as a whole, or no host that is known. */
export type Hosts = readonly string[] | undefined;

/** Which hosts each part of a conversion belongs to: what a selection and a plan of waves divide by. */
export interface HostPlaces {
  /** By `namespace/name`; empty for an Ingress that nothing is served of. */
  readonly hostsOfIngress: ReadonlyMap<string, readonly string[]>;
  ofOrigin(origin: Origin): Hosts;
  ofFinding(finding: Finding): Hosts;
  ofStep(step: Step): Hosts;
  ofObject(emitted: Emitted): Hosts;
}

export function hostPlaces(conversion: Conversion): HostPlaces {
  const { model } = conversion;
  const hostsOfIngress = new Map<string, string[]>();
  const ingresses = new Map<string, Ingress>();
  const files = new Map<string, string>();
  for (const { ingress } of model.ingresses) {
    hostsOfIngress.set(qualifiedName(ingress.ref), []);
    ingresses.set(qualifiedName(ingress.ref), ingress);
  }
  for (const { host, ingresses: own } of model.servers) {
    files.set(fileNameOf(host), host);
    for (const { ingress } of own) {
      const hosts = hostsOfIngress.get(qualifiedName(ingress.ref));
      if (hosts !== undefined && hosts.at(-1) !== host) hosts.push(host);
    }
  }
  const certificates = hostsByCertificate(conversion, files);

  const ofOrigin = ({ source: { ref }, path }: Origin): Hosts => {
    if (ref.kind !== 'Ingress') return undefined;
    const name = qualifiedName(ref);
    const hosts = hostsOfIngress.get(name);
    if (hosts === undefined) return undefined;
    const named = namedAt(ingresses.get(name), path).filter((host) => hosts.includes(host));
    return named.length === 0 ? hosts : named;
  };
  return {
    hostsOfIngress,
    ofOrigin,
    ofFinding({ origin, scope }) {
      if (scope.kind === 'host' || scope.kind === 'location') return [scope.host];
      const placed = origin === undefined ? undefined : ofOrigin(origin);
      if (placed !== undefined || scope.kind !== 'ingress') return placed;
      return hostsOfIngress.get(qualifiedName(scope.ingress));
    },
    ofStep({ kind, origins }) {
      if (kind === 'mesh-config') return undefined;
      const hosts = origins.flatMap((origin) => ofOrigin(origin) ?? []);
      return hosts.length === 0 ? undefined : [...new Set(hosts)].sort();
    },
    ofObject(emitted) {
      const { object, file, from } = emitted;
      const own = files.get(withoutController(file));
      if (own !== undefined) return [own];
      const certificate = certificates.get(`${object.metadata.namespace}/${secretNameOf(object.spec)}`);
      if (object.kind === 'Certificate' && certificate !== undefined) return [...certificate].sort();
      const hosts = from.flatMap((name) => hostsOfIngress.get(name) ?? []);
      return object.kind === 'MeshConfig' || hosts.length === 0 ? undefined : [...new Set(hosts)].sort();
    },
  };
}

/** The hosts that a rule or a `tls` entry names, as the model writes them; none for any other place. */
function namedAt(ingress: Ingress | undefined, [spec, list, index]: Origin['path']): readonly string[] {
  if (ingress === undefined || spec !== 'spec' || typeof index !== 'number') return [];
  const hosts =
    list === 'rules' ? [ingress.rules[index]?.host] : list === 'tls' ? (ingress.tls[index]?.hosts ?? []) : [];
  return hosts.flatMap((host) => host?.toLowerCase() ?? []);
}

/** Where there are several controllers, each writes into a folder of its own. */
function withoutController(file: string): string {
  return file.replace(/^controllers\/[^/]+\//, '');
}

/** Which hosts show the certificate in a Secret, by `namespace/name` of the Secret. */
function hostsByCertificate(
  { objects, options, controllers = [] }: Conversion,
  files: ReadonlyMap<string, string>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const namespaces = [options, ...controllers.flatMap(({ conversion }) => conversion?.options ?? [])].map(
    ({ gateway }) => gateway.namespace,
  );
  const hosts = new Map<string, Set<string>>();
  for (const { object, file } of objects) {
    const host = files.get(withoutController(file));
    if (object.kind !== 'Gateway' || host === undefined) continue;
    const { servers = [] } = object.spec as {
      readonly servers?: readonly { readonly tls?: { readonly credentialName?: string } }[];
    };
    for (const { tls } of servers) {
      if (tls?.credentialName === undefined) continue;
      for (const namespace of new Set(namespaces)) {
        const key = `${namespace}/${tls.credentialName}`;
        hosts.set(key, (hosts.get(key) ?? new Set()).add(host));
      }
    }
  }
  return hosts;
}

function secretNameOf(spec: object): string {
  return 'secretName' in spec ? String(spec.secretName) : '';
}
