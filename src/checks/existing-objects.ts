import { listAt, recordAt, textsAt } from '../domain/fields.ts';
import { finding, findingType } from '../domain/findings.ts';
import { grouped } from '../domain/grouped.ts';
import { originOf, qualifiedName } from '../domain/origin.ts';
import type { PlainObject } from '../read/cluster.ts';
import { shown } from '../text/shown.ts';
import type { Check } from './check.ts';
import { bareHost, gatewayHosts } from './hosts.ts';

interface Args {
  readonly host: string;
  readonly existing: string;
  readonly written: string;
}

const servedAlready = findingType<Args>({
  code: 'check/host-already-served',
  severity: 'error',
  fields: ['status', 'upstream'],
  summary: 'A VirtualService that is there already serves a host of the output.',
  message: ({ host, existing, written }) =>
    `The VirtualService ${existing} of the input serves ${shown(host)} as well; Istio would put its routes and those of ${written} one after the other by age, so the older one hides the newer.`,
  remedy: () =>
    'Decide which of the two routes the host: remove the host from the other, or merge their routes manually.',
});

const onExistingGateway = findingType<Args>({
  code: 'check/host-on-existing-gateway',
  severity: 'warning',
  fields: ['status', 'certificate', 'connection'],
  summary: 'A Gateway that is there already serves a host of the output on the same port.',
  message: ({ host, existing, written }) =>
    `The Gateway ${existing} of the input serves ${shown(host)} as well as ${written}; for HTTPS Istio keeps one of them and ignores the other.`,
  remedy: () => 'Remove the host from one of them, or use the one that is there with --gateway.',
});

/** What runs in the cluster already and would meet the output; an earlier version of the output itself does not. */
export const existingObjects: Check = {
  name: 'existing-objects',
  findings: [servedAlready, onExistingGateway],
  run({ virtualServices, gateways, others }) {
    const http = virtualServices.filter(({ spec }) => spec.http !== undefined);
    const routed = grouped(http, ({ spec }) => spec.hosts.map((host) => host.toLowerCase()));
    const opened = grouped(gateways, ({ spec }) => gatewayHosts(spec));
    return others.flatMap((object) => {
      const { type, hosts, path, ours } =
        object.ref.kind === 'VirtualService'
          ? { type: servedAlready, hosts: routedHosts(object), path: 'hosts', ours: routed }
          : { type: onExistingGateway, hosts: openedHosts(object), path: 'servers', ours: opened };
      return [...new Set(hosts)].flatMap((host) => {
        const written = ours.get(host)?.[0];
        if (written === undefined) return [];
        const args = { host, existing: qualifiedName(object.ref), written: written.name };
        return [
          finding(type, args, { origin: originOf(object.source, 'spec', path), scope: written.where.scope }),
        ];
      });
    });
  },
};

/** Hosts that it serves on a gateway; without `gateways` it is for the mesh's own traffic. */
function routedHosts({ body }: PlainObject): string[] {
  const onGateway = textsAt(body, 'spec', 'gateways').some((gateway) => gateway !== 'mesh');
  const http = listAt(body, 'spec', 'http').length > 0;
  return onGateway && http ? textsAt(body, 'spec', 'hosts').map((host) => host.toLowerCase()) : [];
}

function openedHosts({ ref, body }: PlainObject): string[] {
  if (ref.kind !== 'Gateway') return [];
  return listAt(body, 'spec', 'servers').flatMap((server) => {
    const port = recordAt(server, 'port')['number'];
    return textsAt(server, 'hosts').map((host) => `${bareHost(host)}:${String(port)}`);
  });
}
