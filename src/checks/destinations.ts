import { finding, findingType } from '../findings.ts';
import type { Destination, VirtualServiceSpec } from '../istio/types.ts';
import { type Check, ofKind, type Placed } from './check.ts';
import { textsAt } from './fields.ts';
import { fullHost, serviceOf } from './hosts.ts';

interface Args {
  readonly host: string;
  readonly port: number;
  readonly object: string;
}

const noService = findingType<Args>({
  code: 'check/service-missing',
  severity: 'warning',
  fields: ['status', 'upstream'],
  summary: 'A route leads to a Service that is not in the input.',
  message: ({ host, object }) =>
    `VirtualService ${object} sends requests to ${host}, which is not in the input; without it they are answered with 503.`,
  remedy: () => 'Add the Services to the input, or create this one before the cut-over.',
});

const noPort = findingType<Args>({
  code: 'check/service-port-missing',
  severity: 'warning',
  fields: ['status', 'upstream'],
  summary: 'A route leads to a port that its Service does not have.',
  message: ({ host, port, object }) =>
    `VirtualService ${object} sends requests to port ${port} of ${host}, which that Service does not have; they are answered with 503.`,
  remedy: () => 'Give the Service that port, or correct the port of the Ingress.',
});

/** Every destination has to be a Service of the input or a host of a ServiceEntry; each gap is told once. */
export const destinations: Check = {
  name: 'destinations',
  findings: [noService, noPort],
  run({ virtualServices, all, others, services, options: { clusterDomain } }) {
    const entries = new Set([
      ...ofKind<{ readonly hosts: readonly string[] }>(all, 'ServiceEntry').flatMap(({ spec }) => spec.hosts),
      ...others
        .filter(({ ref }) => ref.kind === 'ServiceEntry')
        .flatMap(({ body }) => textsAt(body, 'spec', 'hosts')),
    ]);
    const first = new Map<
      string,
      { host: string; port: number | undefined; by: Placed<VirtualServiceSpec> }
    >();
    for (const by of virtualServices) {
      for (const { host, port } of destinationsOf(by.spec)) {
        const full = fullHost(host, by.namespace, clusterDomain);
        const key = `${full}:${port?.number ?? ''}`;
        if (!first.has(key)) first.set(key, { host: full, port: port?.number, by });
      }
    }
    const unknown = new Set<string>();
    return [...first.values()].flatMap(({ host, port, by }) => {
      if (entries.has(host)) return [];
      const args = { host, port: port ?? 0, object: by.name };
      const service = services.get(serviceOf(host, clusterDomain) ?? '');
      if (service === undefined) {
        if (unknown.has(host)) return [];
        unknown.add(host);
        return [finding(noService, args, by.where)];
      }
      const open =
        port === undefined || service.ports.length === 0 || service.ports.some((each) => each.port === port);
      return open ? [] : [finding(noPort, args, by.where)];
    });
  },
};

function* destinationsOf({ http = [], tls = [], tcp = [] }: VirtualServiceSpec): Generator<Destination> {
  for (const route of http) {
    for (const { destination } of route.route ?? []) yield destination;
    for (const { destination } of route.mirrors ?? []) yield destination;
  }
  for (const route of [...tls, ...tcp]) {
    for (const { destination } of route.route) yield destination;
  }
}
