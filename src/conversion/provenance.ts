import { hash } from 'node:crypto';
import { defaultOptions, type Options } from '../domain/options.ts';
import { qualifiedName } from '../domain/origin.ts';
import type { Provenance } from '../domain/provenance.ts';
import type { Backend, Cluster, ClusterObject, Ingress, Service } from '../read/cluster.ts';
import { type Conversion, partsOf } from './conversion.ts';

/** What the objects of a conversion come from, as digests. The same input gives the same, whatever its order and the tool's version. */
export function provenanceOf(conversion: Conversion, tool: string): Provenance {
  const { cluster, options, decisions = [] } = conversion;
  const named = namedObjects(cluster);
  return {
    tool,
    options: digest([chosen(options), decisions]),
    surroundings: digest([
      cluster.ingressClasses.map((one) => [qualifiedName(one.ref), one.controller, sorted(one.annotations)]),
      cluster.controllers.map(({ ref, args, image }) => [qualifiedName(ref), args, image?.text]),
      cluster.related.map(({ ref, labels, body }) => [
        ref.kind,
        qualifiedName(ref),
        sorted(labels),
        body['spec'],
      ]),
      partsOf(conversion).map(({ model: { controller } }) => [
        sorted(controller.config),
        sorted(controller.unread),
      ]),
    ]),
    ingresses: new Map(
      cluster.ingresses.map((ingress) => [qualifiedName(ingress.ref), digest(factsOf(ingress, named))]),
    ),
  };
}

/** Only what differs from the defaults: a new option of a new version is no choice of anybody's. */
function chosen(options: Options): Facts {
  const defaults = new Map<string, unknown>(Object.entries(defaultOptions));
  return Object.entries(options).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults.get(name)),
  );
}

/** A value that may name an object, as in `shop/users` or `@shop/users`. */
const objectName = /^@?([a-z0-9][a-z0-9./-]*)$/;

type Facts = readonly unknown[];

function factsOf(ingress: Ingress, named: (name: string) => Facts): Facts {
  const { namespace } = ingress.ref;
  const annotations = sorted(ingress.annotations).filter(
    ([key]) => !key.startsWith('kubectl.kubernetes.io/'),
  );
  const rules = ingress.rules.map(({ host, paths = [] }) => [
    host,
    ...paths.map(({ path, pathType, backend }) => [path, pathType, backendOf(backend)]),
  ]);
  const names = [
    ...ingress.rules.flatMap(({ paths = [] }) => paths.flatMap(({ backend }) => serviceOf(backend))),
    ...(ingress.defaultBackend === undefined ? [] : serviceOf(ingress.defaultBackend)),
    ...ingress.tls.map(({ secretName }) => secretName),
    ...annotations.flatMap(([, value]) => objectName.exec(value)?.[1] ?? []),
  ];
  const related = [...new Set(names)].flatMap((name) =>
    named(name.includes('/') ? name : `${namespace}/${name}`),
  );
  return [
    ingress.className,
    ingress.createdAt,
    annotations,
    rules,
    ingress.defaultBackend === undefined ? [] : backendOf(ingress.defaultBackend),
    ingress.tls.map(({ hosts, secretName }) => [hosts, secretName]),
    related,
  ];
}

function backendOf(backend: Backend): Facts {
  return backend.kind === 'service' ? [backend.name, backend.port] : [backend.resource];
}

function serviceOf(backend: Backend): string[] {
  return backend.kind === 'service' ? [backend.name] : [];
}

/** By `namespace/name`; Services, Secrets and ConfigMaps of one name together. Facts are taken of those only that somebody names. */
function namedObjects({ services, secrets, configMaps }: Cluster): (name: string) => Facts {
  const [ofServices, ofSecrets, ofMaps] = [byName(services), byName(secrets), byName(configMaps)];
  return (name) => {
    const [service, secret, map] = [ofServices.get(name), ofSecrets.get(name), ofMaps.get(name)];
    return [
      ...(service === undefined ? [] : [factsOfService(service)]),
      ...(secret === undefined ? [] : [[secret.type, secret.keys, secret.certificateNames]]),
      ...(map === undefined ? [] : [sorted(map.data)]),
    ];
  };
}

function byName<One extends ClusterObject>(all: readonly One[]): ReadonlyMap<string, One> {
  return new Map(all.map((one) => [qualifiedName(one.ref), one]));
}

function factsOfService({ type, externalName, headless, ports }: Service): Facts {
  return [
    type,
    externalName,
    headless,
    ports.map(({ name, port, protocol, appProtocol }) => [name, port, protocol, appProtocol]),
  ];
}

function sorted(entries: ReadonlyMap<string, string>): [string, string][] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}

function digest(facts: Facts): string {
  return hash('sha256', JSON.stringify(facts)).slice(0, 12);
}
