import { type Options, suffixOf } from '../domain/options.ts';
import { envoyFilter } from '../istio-api/envoy-filter.ts';
import { objectName } from '../istio-api/names.ts';
import type { IstioObject } from '../istio-api/objects.ts';
import { externalHostName, serviceHost } from '../istio-api/service-host.ts';
import type { Destination, PortPolicy } from '../istio-api/types.ts';
import type { ServiceBackend } from '../nginx/model.ts';
import { type Explained, type Reason, reasonsOf } from '../plan/because.ts';
import type { ExternalHost } from '../plan/effect.ts';
import type { Emitted, Part } from '../plan/emitted.ts';
import { canonical } from '../text/json.ts';

/** A policy for a backend, with a word for what it does: the subset is named after it. */
export interface PurposedPolicy extends Explained {
  readonly purpose: string;
  readonly policy: PortPolicy;
  /** Merged into Envoy's cluster of the subset. */
  readonly cluster?: ClusterPatch;
}

export interface ClusterPatch {
  readonly purpose: string;
  readonly value: object;
}

/**
 * Gathers what DestinationRules and ServiceEntries the routes need. A policy becomes a subset without labels (all pods of
 * the Service) that only the gateway's routes name, so clients inside the mesh keep what they have, and two locations may
 * treat one Service differently, as in nginx.
 */
export interface Destinations {
  of(backend: ServiceBackend, policies: readonly PurposedPolicy[], from: string): Destination;
  /** Makes a host known beside the backends. Routes name it by `externalDestination`. */
  external(host: ExternalHost, from: string): void;
  objects(): Emitted[];
}

interface Subset {
  readonly name: string;
  readonly policy: PortPolicy;
  readonly port: number;
  readonly patches: readonly ClusterPatch[];
  readonly because: Map<string, Reason>;
}

interface Rule {
  readonly host: string;
  readonly namespace: string;
  readonly external: boolean;
  readonly subsets: Map<string, Subset>;
  readonly ports: Map<number, { name: string; protocol: string }>;
  readonly from: Set<string>;
}

export function gatherDestinations(options: Options): Destinations {
  const rules = new Map<string, Rule>();
  const wanted = (purposes: readonly string[]): string => [...purposes, ...suffixOf(options)].join('-');
  const ruleOf = (host: string, own: string, external: boolean, from: string): Rule => {
    // A host outside has no namespace. Only the gateway sends there, and objects in several would contradict each other.
    const namespace = external ? options.gateway.namespace : own;
    const key = `${namespace}/${host}`;
    const rule = rules.get(key) ?? {
      host,
      namespace,
      external,
      subsets: new Map(),
      ports: new Map(),
      from: new Set<string>(),
    };
    rules.set(key, rule);
    rule.from.add(from);
    return rule;
  };
  return {
    of(backend, policies, from) {
      const { service, port } = backend;
      const external = service.type === 'ExternalName';
      const host = external ? externalHostName(service.externalName!) : serviceHost(service.ref, options);
      const destination = { host, port: { number: port.port } };
      if (policies.length === 0 && !external) return destination;
      const policy = mergePolicies(policies.map((one) => one.policy));
      const patches = policies.flatMap(({ cluster }) => (cluster === undefined ? [] : [cluster]));
      const plain = Object.keys(policy).length === 0 && patches.length === 0;
      if (plain && !external) return destination;
      const rule = ruleOf(host, service.ref.namespace, external, from);
      if (external) rule.ports.set(port.port, { name: `http-${port.port}`, protocol: 'HTTP' });
      if (plain) return destination;
      const purposes = [...new Set(policies.map(({ purpose }) => purpose))].sort();
      const subset = subsetOf(rule, wanted(purposes), policy, patches, port.port);
      for (const reason of reasonsOf(policies)) subset.because.set(reason.text, reason);
      return { host, subset: subset.name, port: destination.port };
    },
    external({ name, port, namespace, tls, inMesh = false }, from) {
      const rule = ruleOf(name, namespace, !inMesh, from);
      if (!inMesh) rule.ports.set(port, { name: `http-${port}`, protocol: 'HTTP' });
      if (tls !== undefined) subsetOf(rule, wanted(['https']), { tls }, [], port);
    },
    objects() {
      return [...rules.values()]
        .sort((a, b) => (a.host === b.host ? (a.namespace < b.namespace ? -1 : 1) : a.host < b.host ? -1 : 1))
        .flatMap((rule) => {
          const from = [...rule.from].sort();
          const file = `destinations/${rule.host}`;
          return objectsOf(rule, options).map(({ object, parts }) => ({ object, file, from, parts }));
        });
    },
  };
}

/** The subset of a policy; different policies for one purpose are counted. */
function subsetOf(
  rule: Rule,
  wanted: string,
  policy: PortPolicy,
  patches: readonly ClusterPatch[],
  port: number,
): Subset {
  // A patch finds its cluster by the port, too.
  const key = canonical(patches.length === 0 ? [policy] : [policy, patches, port]);
  const known = rule.subsets.get(key);
  if (known !== undefined) return known;
  const same = [...rule.subsets.values()].filter(
    ({ name }) =>
      name === wanted || (name.startsWith(`${wanted}-`) && /^\d+$/.test(name.slice(wanted.length + 1))),
  ).length;
  const name = same === 0 ? wanted : `${wanted}-${same + 1}`;
  const subset: Subset = { name, policy, port, patches, because: new Map() };
  rule.subsets.set(key, subset);
  return subset;
}

/** Later policies win within a field. */
function mergePolicies(policies: readonly PortPolicy[]): PortPolicy {
  const merged: PortPolicy = Object.assign({}, ...policies);
  const pools = policies.flatMap(({ connectionPool }) => (connectionPool ? [connectionPool] : []));
  if (pools.length === 0) return merged;
  const tcp = Object.assign({}, ...pools.map((pool) => pool.tcp ?? {}));
  const http = Object.assign({}, ...pools.map((pool) => pool.http ?? {}));
  return {
    ...merged,
    connectionPool: {
      ...(Object.keys(tcp).length > 0 && { tcp }),
      ...(Object.keys(http).length > 0 && { http }),
    },
  };
}

function objectsOf(rule: Rule, options: Options): Pick<Emitted, 'object' | 'parts'>[] {
  const readable = rule.host.endsWith(`.svc.${options.clusterDomain}`)
    ? rule.host.slice(0, -`.svc.${options.clusterDomain}`.length)
    : rule.host;
  const parts = readable.split('.');
  // The subsets of a Service stand in one DestinationRule, whichever gateway uses them.
  const own = rule.external ? suffixOf(options) : [];
  const metadata = { name: objectName(...parts, ...own), namespace: rule.namespace };
  const apiVersion = `networking.istio.io/${options.apiVersion}`;
  const objects: Pick<Emitted, 'object' | 'parts'>[] = [];
  if (rule.external) {
    const ports = [...rule.ports].sort(([a], [b]) => a - b).map(([number, port]) => ({ number, ...port }));
    const spec = { hosts: [rule.host], location: 'MESH_EXTERNAL', ports, resolution: 'DNS' };
    objects.push({ object: { apiVersion, kind: 'ServiceEntry', metadata, spec } });
  }
  const subsets = [...rule.subsets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (subsets.length > 0) {
    const spec = {
      host: rule.host,
      subsets: subsets.map((subset) => ({
        name: subset.name,
        ...(Object.keys(subset.policy).length > 0 && { trafficPolicy: subset.policy }),
      })),
    };
    const parts = subsets.map(({ because }, index): Part => {
      const reasons = [...because.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
      return {
        path: `spec.subsets.${index}`,
        comment: reasons.map(({ text }) => text),
        origins: reasons.map(({ origin }) => origin),
      };
    });
    objects.push({ object: { apiVersion, kind: 'DestinationRule', metadata, spec }, parts });
  }
  return [...objects, ...clusterFilters(rule, subsets, parts, options).map((object) => ({ object }))];
}

/** EnvoyFilters for the clusters of subsets, one for each purpose. */
function clusterFilters(
  rule: Rule,
  subsets: readonly Subset[],
  name: readonly string[],
  options: Options,
): IstioObject[] {
  const byPurpose = new Map<string, object[]>();
  for (const { name: subset, port, patches } of subsets) {
    for (const { purpose, value } of patches) {
      const patch = {
        applyTo: 'CLUSTER',
        match: { context: 'GATEWAY', cluster: { service: rule.host, portNumber: port, subset } },
        patch: { operation: 'MERGE', value },
      };
      byPurpose.set(purpose, [...(byPurpose.get(purpose) ?? []), patch]);
    }
  }
  return [...byPurpose]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([purpose, patches]) =>
      envoyFilter(objectName(...name, purpose, ...suffixOf(options)), options, patches),
    );
}
