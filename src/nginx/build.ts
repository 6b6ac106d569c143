import type { Annotation } from '../decode/annotation.ts';
import { originOf } from '../domain/origin.ts';
import { memoize } from '../memoize.ts';
import type { ConfigMap, Ingress } from '../read/cluster.ts';
import { aliasesOf } from './aliases.ts';
import { type CanaryPath, mergeCanaries } from './canaries.ts';
import { ingressDenial } from './denials.ts';
import type { LostPath } from './draft.ts';
import type { Lookup } from './lookup.ts';
import type { Controller, ModelIngress, NginxModel, Server, TcpService } from './model.ts';
import type { Order } from './order.ts';
import { selectIngresses } from './selection.ts';
import { draftServers, finishServer } from './servers.ts';

/** The model, and what the ledger has to know of paths that did not become locations. */
export interface BuiltModel {
  readonly model: NginxModel;
  readonly lost: readonly LostPath[];
  readonly canaryPaths: readonly CanaryPath[];
  readonly collisions: Order['collisions'];
  readonly canaryUpstreams: ReadonlySet<string>;
}

/** From a set of Ingresses to servers and locations, as ingress-nginx 1.15.1 does it. */
export function buildModel(
  lookup: Lookup,
  annotations: ReadonlyMap<Ingress, readonly Annotation[]>,
  controller: Controller,
  tcpServices: ConfigMap | undefined,
): BuiltModel {
  const ingresses: readonly ModelIngress[] = selectIngresses(lookup.cluster, annotations, controller);
  const drafts = draftServers(ingresses, lookup, controller);
  const { canaryOf, paths } = mergeCanaries(ingresses, drafts, lookup, controller);
  const denialOf = memoize((owner: ModelIngress) => ingressDenial(owner, lookup, controller));
  const aliases = aliasesOf(drafts.servers);
  const finished = [...drafts.servers.values()].map((draft) =>
    finishServer(draft, drafts, aliases(draft.host), canaryOf, denialOf, lookup, controller),
  );
  const servers: Server[] = finished.map(({ server }) => server).sort(byHost);
  return {
    model: { controller, ingresses, servers, tcpServices: readTcpServices(tcpServices, lookup) },
    lost: [...drafts.lost, ...finished.flatMap(({ lost }) => lost)],
    canaryPaths: paths,
    collisions: finished.flatMap(({ collisions }) => collisions),
    canaryUpstreams: drafts.canaryUpstreams,
  };
}

function byHost(a: Server, b: Server): number {
  if (a.host === '' || b.host === '') return a.host === b.host ? 0 : a.host === '' ? 1 : -1;
  return a.host < b.host ? -1 : a.host > b.host ? 1 : 0;
}

/** `port: namespace/service:port[:PROXY[:PROXY]]` (ingress-nginx 1.15.1, controller/controller.go getStreamServices). */
function readTcpServices(map: ConfigMap | undefined, lookup: Lookup): TcpService[] {
  if (map === undefined) return [];
  const services: TcpService[] = [];
  for (const [key, value] of map.data) {
    const origin = originOf(map.source, 'data', key);
    const port = /^\d{1,5}$/.test(key.trim()) ? Number(key) : Number.NaN;
    const parts = value.trim().split(':');
    const service = lookup.service(parts[0] ?? '');
    const found = service?.ports.find((candidate) =>
      /^\d+$/.test(parts[1] ?? '') ? candidate.port === Number(parts[1]) : candidate.name === parts[1],
    );
    const unavailable = (reason: string) => ({ kind: 'unavailable' as const, reason });
    services.push({
      port,
      backend: !(port >= 1 && port <= 65535)
        ? unavailable(`${JSON.stringify(key)} is not a port`)
        : service === undefined
          ? unavailable(`the Service ${parts[0]} is not in the input`)
          : found === undefined
            ? unavailable(`the Service ${parts[0]} has no port ${parts[1] ?? ''}`)
            : { kind: 'service', service, port: found, origin },
      acceptProxyProtocol: parts[2]?.toUpperCase() === 'PROXY',
      sendProxyProtocol: parts.length === 4 && parts[3]?.toUpperCase() === 'PROXY',
      origin,
    });
  }
  return services.sort((a, b) => a.port - b.port || (a.origin.path.join() < b.origin.path.join() ? -1 : 1));
}
