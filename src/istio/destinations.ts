import type { ServiceBackend } from '../nginx/model.ts';
import type { Options } from '../options.ts';
import { canonical } from './conditions.ts';
import { nameOf } from './names.ts';
import type { IstioObject } from './objects.ts';
import type { Destination, PortPolicy } from './types.ts';

/** A policy for a backend, with a word for what it does: the subset is named after it. */
export interface PurposedPolicy {
  readonly purpose: string;
  readonly policy: PortPolicy;
}

/**
 * Gathers what DestinationRules and ServiceEntries the routes need. A policy becomes a subset without labels (all pods of
 * the Service) that only the gateway's routes name, so clients inside the mesh keep what they have, and two locations may
 * treat one Service differently, as in nginx.
 */
export interface Destinations {
  of(backend: ServiceBackend, policies: readonly PurposedPolicy[], from: string): Destination;
  objects(): { readonly object: IstioObject; readonly file: string; readonly from: readonly string[] }[];
}

interface Rule {
  readonly host: string;
  readonly namespace: string;
  readonly external: boolean;
  readonly subsets: Map<string, { readonly name: string; readonly policy: PortPolicy }>;
  readonly ports: Map<number, { name: string; protocol: string }>;
  readonly from: Set<string>;
}

export function gatherDestinations(options: Options): Destinations {
  const rules = new Map<string, Rule>();
  return {
    of(backend, policies, from) {
      const { service, port } = backend;
      const external = service.type === 'ExternalName';
      const host = external
        ? service.externalName!.replace(/\.$/, '')
        : `${service.ref.name}.${service.ref.namespace}.svc.${options.clusterDomain}`;
      const destination = { host, port: { number: port.port } };
      const policy: PortPolicy = mergePolicies(policies.map((one) => one.policy));
      const plain = Object.keys(policy).length === 0;
      if (plain && !external) return destination;
      const key = `${service.ref.namespace}/${host}`;
      const rule = rules.get(key) ?? {
        host,
        namespace: service.ref.namespace,
        external,
        subsets: new Map(),
        ports: new Map(),
        from: new Set<string>(),
      };
      rules.set(key, rule);
      rule.from.add(from);
      if (external) rule.ports.set(port.port, { name: `http-${port.port}`, protocol: 'HTTP' });
      if (plain) return destination;
      const text = canonical(policy);
      const known = rule.subsets.get(text);
      if (known !== undefined) return { host, subset: known.name, port: destination.port };
      const wanted = [...new Set(policies.map((one) => one.purpose))].sort().join('-');
      const same = [...rule.subsets.values()].filter(
        ({ name }) => name === wanted || name.startsWith(`${wanted}-`),
      ).length;
      const name = same === 0 ? wanted : `${wanted}-${same + 1}`;
      rule.subsets.set(text, { name, policy });
      return { host, subset: name, port: destination.port };
    },
    objects() {
      return [...rules.values()]
        .sort((a, b) => (a.host === b.host ? (a.namespace < b.namespace ? -1 : 1) : a.host < b.host ? -1 : 1))
        .flatMap((rule) => {
          const from = [...rule.from].sort();
          const file = `destinations/${rule.host}`;
          return objectsOf(rule, options).map((object) => ({ object, file, from }));
        });
    },
  };
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

function objectsOf(rule: Rule, options: Options): IstioObject[] {
  const name = nameOf(
    ...rule.host
      .replace(new RegExp(`\\.svc\\.${options.clusterDomain.replaceAll('.', '\\.')}$`), '')
      .split('.'),
  );
  const metadata = { name, namespace: rule.namespace };
  const apiVersion = `networking.istio.io/${options.apiVersion}`;
  const objects: IstioObject[] = [];
  if (rule.external) {
    const ports = [...rule.ports].sort(([a], [b]) => a - b).map(([number, port]) => ({ number, ...port }));
    objects.push({
      apiVersion,
      kind: 'ServiceEntry',
      metadata,
      spec: { hosts: [rule.host], location: 'MESH_EXTERNAL', ports, resolution: 'DNS' },
    });
  }
  if (rule.subsets.size > 0) {
    const subsets = [...rule.subsets.values()]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((subset) => ({ name: subset.name, trafficPolicy: subset.policy }));
    objects.push({ apiVersion, kind: 'DestinationRule', metadata, spec: { host: rule.host, subsets } });
  }
  return objects;
}
