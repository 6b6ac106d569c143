import { textsAt } from '../domain/fields.ts';
import { type Finding, finding, findingType } from '../domain/findings.ts';
import type { Destination, VirtualServiceSpec } from '../istio-api/types.ts';
import { type Check, type CheckedObject, ofKind } from './check.ts';
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
    `VirtualService ${object} sends requests to ${host}, which isn't in the input. Without it, clients get 503.`,
  remedy: () => 'Add the Services to the input, or create this one before the cut-over.',
});

const noPort = findingType<Args>({
  code: 'check/service-port-missing',
  severity: 'warning',
  fields: ['status', 'upstream'],
  summary: 'A route leads to a port that its Service does not have.',
  message: ({ host, port, object }) =>
    `VirtualService ${object} sends requests to port ${port} of ${host}, which that Service doesn't have. Clients get 503.`,
  remedy: () => 'Give the Service that port, or correct the port of the Ingress.',
});

/** Every destination has to be a Service of the input or a host of a ServiceEntry; each gap is told once. */
export const destinations: Check = {
  name: 'destinations',
  findings: [noService, noPort],
  run({ virtualServices, all, others, lookup, options: { clusterDomain } }) {
    const entries = new Set([
      ...ofKind<{ readonly hosts: readonly string[] }>(all, 'ServiceEntry').flatMap(({ spec }) => spec.hosts),
      ...others
        .filter(({ ref }) => ref.kind === 'ServiceEntry')
        .flatMap(({ body }) => textsAt(body, 'spec', 'hosts')),
    ]);
    const first = new Map<
      string,
      { host: string; port: number | undefined; by: CheckedObject<VirtualServiceSpec> }
    >();
    for (const by of virtualServices) {
      eachDestination(by.spec, ({ host, port }) => {
        const full = fullHost(host, by.namespace, clusterDomain);
        const key = `${full}:${port?.number ?? ''}`;
        if (!first.has(key)) first.set(key, { host: full, port: port?.number, by });
      });
    }
    const unknown = new Set<string>();
    const findings: Finding[] = [];
    for (const { host, port, by } of first.values()) {
      if (entries.has(host)) continue;
      const args = { host, port: port ?? 0, object: by.name };
      const service = lookup.service(serviceOf(host, clusterDomain) ?? '');
      if (service === undefined) {
        if (!unknown.has(host)) findings.push(finding(noService, args, by.where));
        unknown.add(host);
        continue;
      }
      const open =
        port === undefined || service.ports.length === 0 || service.ports.some((each) => each.port === port);
      if (!open) findings.push(finding(noPort, args, by.where));
    }
    return findings;
  },
};

function eachDestination(
  { http = [], tls = [], tcp = [] }: VirtualServiceSpec,
  take: (destination: Destination) => void,
): void {
  for (const { route = [], mirrors = [] } of http) {
    for (const { destination } of route) take(destination);
    for (const { destination } of mirrors) take(destination);
  }
  for (const { route } of tls) for (const { destination } of route) take(destination);
  for (const { route } of tcp) for (const { destination } of route) take(destination);
}
