import type { Conversion } from '../conversion/conversion.ts';
import { qualifiedName } from '../domain/origin.ts';
import { externalHostName, serviceHost } from '../istio-api/service-host.ts';
import type { VirtualServiceSpec } from '../istio-api/types.ts';
import type { ModelIngress, ServiceBackend } from '../nginx/model.ts';
import type { Service } from '../read/cluster.ts';

/** A Service that routes of a gateway name, as nginx used it. */
export interface Backend {
  /** As the routes name it. */
  readonly host: string;
  readonly service: Service;
  /** The Ingresses whose settings count for requests to it. */
  readonly users: readonly ModelIngress[];
  readonly protocols: ReadonlySet<Protocol>;
  /** `namespace/name` of the Ingresses, sorted. */
  readonly from: readonly string[];
}

type Protocol = 'http' | 'tls' | 'tcp';

/** The backends of one gateway, by host. What is closed, redirected or answered has none. */
export function backendsOf(part: Conversion): Backend[] {
  const routed = routedHosts(part);
  const users = new Map<string, { readonly service: Service; readonly users: Set<ModelIngress> }>();
  const note = ({ service }: Pick<ServiceBackend, 'service'>, user?: ModelIngress) => {
    const host =
      service.type === 'ExternalName'
        ? externalHostName(service.externalName!)
        : serviceHost(service.ref, part.options);
    if (!routed.has(host)) return;
    const known = users.get(host) ?? { service, users: new Set() };
    users.set(host, known);
    if (user !== undefined) known.users.add(user);
  };
  for (const { backend, canary, owner } of part.model.servers.flatMap(({ locations }) => locations)) {
    if (backend.kind === 'service') note(backend, owner);
    if (canary !== undefined) note(canary.backend, owner);
  }
  for (const { backend } of part.model.tcpServices) if (backend.kind === 'service') note(backend);
  const split = new Set(
    part.options.tcpSplits.map(({ service }) => service.slice(0, service.lastIndexOf(':'))),
  );
  for (const service of part.cluster.services) if (split.has(qualifiedName(service.ref))) note({ service });
  return [...users]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([host, known]) => {
      const from = [...known.users].map(({ ingress }) => qualifiedName(ingress.ref)).sort();
      return {
        host,
        service: known.service,
        users: [...known.users],
        protocols: routed.get(host)!,
        from: [...new Set(from)],
      };
    });
}

/** The hosts that the VirtualServices send to. */
function routedHosts({ objects }: Conversion): ReadonlyMap<string, ReadonlySet<Protocol>> {
  const hosts = new Map<string, Set<Protocol>>();
  for (const { object } of objects) {
    if (object.kind !== 'VirtualService') continue;
    const spec = object.spec as VirtualServiceSpec;
    for (const protocol of ['http', 'tls', 'tcp'] as const) {
      for (const { destination } of (spec[protocol] ?? []).flatMap(({ route = [] }) => route)) {
        const known = hosts.get(destination.host);
        if (known === undefined) hosts.set(destination.host, new Set([protocol]));
        else known.add(protocol);
      }
    }
  }
  return hosts;
}
