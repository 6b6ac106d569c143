import { type Finding, finding, findingType } from '../domain/findings.ts';
import type { Options, TcpSplit } from '../domain/options.ts';
import type { Origin } from '../domain/origin.ts';
import { serviceHost } from '../istio-api/service-host.ts';
import type { Destination, WeightedDestination } from '../istio-api/types.ts';
import { findPort } from '../nginx/backends.ts';
import type { Lookup } from '../nginx/lookup.ts';
import type { NginxModel } from '../nginx/model.ts';

const split = findingType<{ port: string; shares: string }>({
  code: 'tcp/split',
  severity: 'note',
  fields: ['upstream'],
  summary: 'A share of the connections to a TCP port goes to another Service than today.',
  message: ({ port, shares }) =>
    `Of the connections to the TCP port ${port}, ${shares}. ingress-nginx sends all of them to the Service of tcp-services.`,
  remedy: () => 'Usually no action is needed: --tcp-split (tcpSplits in the config file) sets it.',
});

const notSplit = findingType<{ port: string; reason: string }>({
  code: 'tcp/not-split',
  severity: 'warning',
  fields: [],
  summary: "The connections to a TCP port can't be split as --tcp-split says.",
  message: ({ port, reason }) => `The connections to the TCP port ${port} aren't split, because ${reason}.`,
  remedy: () => 'Correct --tcp-split (tcpSplits in the config file), or add the Service to the input.',
});

export const tcpSplitFindingTypes = [split, notSplit];

/** Where the connections to a port go. */
interface Split {
  readonly routes: readonly WeightedDestination[];
  /** For a reader of the route. */
  readonly comment: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * The routes of a TCP port; all connections stay with the Service of `tcp-services` where a split can't be done.
 * @param main that Service
 * @param origin its entry
 */
export function splitOf(
  port: number,
  main: Destination,
  origin: Origin,
  options: Options,
  lookup: Lookup,
): Split {
  const wanted = options.tcpSplits.filter((one) => one.port === port);
  const whole: Split = { routes: [{ destination: main }], comment: [], findings: [] };
  if (wanted.length === 0) return whole;
  const refuse = (reason: string): Split => ({
    ...whole,
    findings: [finding(notSplit, { port: String(port), reason }, { origin })],
  });
  const routes: WeightedDestination[] = [];
  for (const one of wanted) {
    const destination = destinationOf(one, options, lookup);
    if (destination === undefined) return refuse(`the input has no Service ${one.service} with that port`);
    routes.push({ destination, weight: one.weight });
  }
  const rest = 100 - wanted.reduce((sum, { weight }) => sum + weight, 0);
  if (rest < 0) return refuse('the shares are more than 100 %');
  const shares = wanted.map(({ weight, service }) => `${weight} % go to ${service}`).join(', ');
  return {
    routes: [{ destination: main, weight: rest }, ...routes],
    comment: [`tcp-split: ${shares}`],
    findings: [finding(split, { port: String(port), shares }, { origin })],
  };
}

/** Splits of ports that `tcp-services` doesn't open; of several controllers, another one may. */
export function unknownSplits({ tcpServices }: NginxModel, { tcpSplits, gateway }: Options): Finding[] {
  if (gateway.suffix !== undefined) return [];
  const open = new Set(tcpServices.map(({ port }) => port));
  const ports = tcpSplits.map(({ port }) => port).filter((port) => !open.has(port));
  return [...new Set(ports)].map((port) =>
    finding(notSplit, { port: String(port), reason: "it isn't in tcp-services" }),
  );
}

function destinationOf(
  { service: text }: TcpSplit,
  options: Options,
  lookup: Lookup,
): Destination | undefined {
  const colon = text.lastIndexOf(':');
  const service = lookup.service(text.slice(0, colon));
  if (service === undefined || service.type === 'ExternalName') return undefined;
  const port = findPort(service, text.slice(colon + 1));
  return port && { host: serviceHost(service.ref, options), port: { number: port.port } };
}
