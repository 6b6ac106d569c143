import { qualifiedName } from '../domain/origin.ts';
import type { Ingress } from '../read/cluster.ts';

/** How the DNS records of hosts get to the gateway, as the input shows it. */
export type DnsChange =
  /** Nothing of the input manages the record. */
  | { readonly kind: 'record'; readonly host: string }
  /** external-dns makes the records of an Ingress. */
  | {
      readonly kind: 'external-dns';
      /** `namespace/name` */
      readonly ingress: string;
      readonly hosts: readonly string[];
      /** Hosts of the same Ingress that the change would take along. */
      readonly others: readonly string[];
      /** Prefix of its annotations, with the slash. */
      readonly prefix: string;
      /** What its target annotation says today. */
      readonly target: string | undefined;
      readonly ttl: string | undefined;
    }
  /** external-dns makes one record of several that share a name by weight (Route 53). */
  | {
      readonly kind: 'weighted';
      readonly ingress: string;
      readonly hosts: readonly string[];
      readonly others: readonly string[];
      readonly prefix: string;
      readonly identifier: string;
      readonly weight: string;
      /** `namespace/name` of the Gateways that get the other part. */
      readonly gateways: readonly string[];
    };

/** What is known of a wave when its records are looked at. */
export interface DnsScene {
  readonly hosts: readonly string[];
  readonly ingressesOf: (host: string) => readonly Ingress[];
  readonly hostsOf: (ingress: string) => readonly string[];
  /** `namespace/name` of the Gateways written for a host. */
  readonly gatewaysOf: (host: string) => readonly string[];
}

/** In the order of the hosts; an Ingress with several is one change. The catch-all has no record of its own. */
export function dnsChanges({ hosts, ingressesOf, hostsOf, gatewaysOf }: DnsScene): DnsChange[] {
  const changes = new Map<string, DnsChange>();
  for (const host of hosts) {
    const managed = ingressesOf(host).filter((ingress) => prefixOf(ingress) !== undefined);
    if (managed.length === 0) {
      if (host !== '') changes.set(`record ${host}`, { kind: 'record', host });
      continue;
    }
    for (const ingress of managed) {
      const name = qualifiedName(ingress.ref);
      if (changes.has(name)) continue;
      const all = hostsOf(name);
      const own = all.filter((one) => hosts.includes(one));
      const others = all.filter((one) => !hosts.includes(one));
      changes.set(name, changeOf(ingress, { ingress: name, hosts: own, others }, own.flatMap(gatewaysOf)));
    }
  }
  return [...changes.values()];
}

function changeOf(
  ingress: Ingress,
  who: { readonly ingress: string; readonly hosts: readonly string[]; readonly others: readonly string[] },
  gateways: readonly string[],
): DnsChange {
  const prefix = prefixOf(ingress)!;
  const annotation = (name: string): string | undefined => ingress.annotations.get(`${prefix}${name}`);
  const identifier = annotation('set-identifier');
  const weight = annotation('aws-weight');
  if (identifier !== undefined && weight !== undefined && gateways.length > 0)
    return { kind: 'weighted', ...who, prefix, identifier, weight, gateways: [...new Set(gateways)].sort() };
  return { kind: 'external-dns', ...who, prefix, target: annotation('target'), ttl: annotation('ttl') };
}

const prefixes = ['external-dns.alpha.kubernetes.io/', 'external-dns.kubernetes.io/'];

function prefixOf({ annotations }: Ingress): string | undefined {
  return prefixes.find((prefix) => [...annotations.keys()].some((key) => key.startsWith(prefix)));
}
