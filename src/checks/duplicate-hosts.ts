import { finding, findingType } from '../domain/findings.ts';
import { grouped } from '../domain/grouped.ts';
import type { GatewaySpec, VirtualServiceSpec } from '../istio-api/types.ts';
import { canonical } from '../text/json.ts';
import { type Check, type CheckedObject, some } from './check.ts';
import { gatewayHosts } from './hosts.ts';

interface Args {
  readonly host: string;
  readonly objects: string;
}

const twoVirtualServices = findingType<Args>({
  code: 'check/host-in-two-virtual-services',
  severity: 'error',
  fields: ['status', 'upstream'],
  summary: 'Several VirtualServices of the output serve one host.',
  message: ({ host, objects }) =>
    `The VirtualServices ${objects} all serve ${host}; Istio puts their routes one after the other by age and name, not by path.`,
  remedy: () => 'Merge their routes into one VirtualService, the longest paths first.',
});

const twoGateways = findingType<Args>({
  code: 'check/host-in-two-gateways',
  severity: 'error',
  fields: ['status', 'certificate', 'connection'],
  summary: 'Several Gateways of the output serve one host on one port.',
  message: ({ host, objects }) =>
    `The Gateways ${objects} all serve ${host}; Istio ignores all but one of them for HTTPS.`,
  remedy: () => 'Keep the host in one of the Gateways, the one with the right certificate.',
});

/** One Gateway and one VirtualService serve a host: what others say of it Istio merges or ignores (istio/FACTS b). */
export const duplicateHosts: Check = {
  name: 'duplicate-hosts',
  findings: [twoVirtualServices, twoGateways],
  run({ virtualServices, gateways }) {
    const http = virtualServices.filter(({ spec }) => spec.http !== undefined);
    const byHost = grouped(http, ({ spec }) => spec.hosts.map((host) => host.toLowerCase()));
    return [
      ...[...byHost]
        .filter(([, group]) => shareGateway(group))
        .map(([host, group]) =>
          finding(
            twoVirtualServices,
            { host, objects: some(group.map(({ name }) => name)) },
            group[0]!.where,
          ),
        ),
      ...[...grouped(gateways, ({ spec }) => hostsAtPods(spec))]
        .filter(([, group]) => group.length > 1)
        .map(([host, group]) =>
          finding(
            twoGateways,
            { host: host.slice(0, host.indexOf(' ')), objects: some(group.map(({ name }) => name)) },
            group[0]!.where,
          ),
        ),
    ];
  },
};

/** A host is another one at the pods of another gateway. */
function hostsAtPods(spec: GatewaySpec): string[] {
  const pods = canonical(spec.selector);
  return gatewayHosts(spec).map((host) => `${host} ${pods}`);
}

function shareGateway(group: readonly CheckedObject<VirtualServiceSpec>[]): boolean {
  const bound = grouped(group, ({ spec, namespace }) =>
    spec.gateways.map((gateway) => (gateway.includes('/') ? gateway : `${namespace}/${gateway}`)),
  );
  return [...bound.values()].some((sharing) => sharing.length > 1);
}
