import type { Conversion } from '../conversion/conversion.ts';
import type { Options } from '../domain/options.ts';
import type { NginxModel, Server } from '../nginx/model.ts';
import type { Step } from '../plan/step.ts';
import { visible } from '../text/escape.ts';
import { shellWord } from '../text/shell.ts';

/** How many hosts a loop asks for, how many DNS records are listed, and how many namespaces are cleaned up. */
const shownHosts = 20;
const shownRecords = 12;
const shownRemovals = 12;

/**
 * All that a person does for the cut-over, in order: what the conversion asks for (Secrets, certificates, the mesh), then
 * applying it, looking at it, moving traffic over, and the way back. Empty where nothing was written.
 */
export function planOf(conversion: Conversion): readonly Step[] {
  const { steps, objects, extras = [], model } = conversion;
  if (objects.length === 0) return steps;
  const gateways = gatewaysOf(conversion);
  const removals = removalsOf(model);
  return [
    ...steps,
    step('apply', 'Write the objects to a directory, check them, and apply them', [
      'ingress2istio convert INPUT --output istio',
      'istioctl analyze --all-namespaces --recursive istio',
      'kubectl diff -k istio',
      'kubectl apply -k istio',
    ]),
    step('proxy-status', 'Check that every gateway accepted the configuration (SYNCED in all columns)', [
      'istioctl proxy-status',
      ...gateways.map(
        ({ options }) =>
          `istioctl proxy-config routes "$(kubectl get pods -n ${shellWord(options.gateway.namespace)} -l ${selector(options)} -o name | head -n 1)" -n ${shellWord(options.gateway.namespace)}`,
      ),
    ]),
    step('try', 'Try the gateway before you change DNS', [
      ...gateways.flatMap(({ name, options, hosts }) => [
        ...headOf(name),
        addressCommand(options),
        ...tries(hosts, options),
      ]),
    ]),
    step(
      'cut-over',
      'Cut over: lower the TTL of these DNS records a day ahead, then point them to the gateway',
      gateways.flatMap(({ name, hosts }) => [
        ...headOf(name),
        ...hosts.slice(0, shownRecords).map((host) => `# ${visible(host)} -> $GATEWAY`),
        ...more(hosts, shownRecords),
      ]),
    ),
    step(
      'roll-back',
      'Roll back: point the DNS records to ingress-nginx again; its Ingresses are unchanged',
      [
        'kubectl get service -A -l app.kubernetes.io/name=ingress-nginx -o wide  # the address to go back to',
        'kubectl delete -k istio  # when the gateway receives no more requests',
      ],
    ),
    ...(extras.length === 0
      ? []
      : [
          step('extras', 'Add what Istio adds, in a change of its own, when the hosts have moved', [
            'kubectl diff -k istio/extras',
            'kubectl apply -k istio/extras',
            'kubectl delete -k istio/extras  # to go back',
          ]),
        ]),
    step('clean-up', 'Clean up when ingress-nginx receives no more requests', [
      ...removals.slice(0, shownRemovals),
      ...more(removals, shownRemovals),
    ]),
  ];
}

/** A gateway, and the hosts that move to it. */
export interface Gateway {
  /** The controller from which it takes over, where there are several. */
  readonly name: string | undefined;
  readonly options: Options;
  readonly hosts: readonly string[];
}

/** Every gateway that hosts of a conversion move to, with these hosts. */
export function gatewaysOf({ controllers, options, model }: Conversion): readonly Gateway[] {
  const named = (servers: readonly Server[]) => servers.map(({ host }) => host).filter((host) => host !== '');
  if (controllers === undefined) return [{ name: undefined, options, hosts: named(model.servers) }];
  const shown = new Set(model.servers);
  return controllers.flatMap(({ name, conversion }) => {
    const servers = conversion?.model.servers.filter((server) => shown.has(server)) ?? [];
    return conversion === undefined || servers.length === 0
      ? []
      : [{ name, options: conversion.options, hosts: named(servers) }];
  });
}

function headOf(name: string | undefined): string[] {
  return name === undefined ? [] : [`# The gateway that takes over from the controller ${visible(name)}`];
}

function step(key: string, title: string, commands: readonly string[]): Step {
  return { kind: 'verify', key, title, commands, origins: [] };
}

function selector({ gateway }: Options): string {
  return shellWord(
    Object.entries(gateway.selector)
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
  );
}

/** Sets `$GATEWAY` to the address of a gateway. */
export function addressCommand(options: Options): string {
  const at = '.items[0].status.loadBalancer.ingress[0]';
  return `GATEWAY=$(kubectl get service -n ${shellWord(options.gateway.namespace)} -l ${selector(options)} -o jsonpath='{${at}.ip}{${at}.hostname}')`;
}

/** One loop over the hosts: each is asked for at the gateway's address, over both schemes. */
export function tries(hosts: readonly string[], { gateway: { httpPort, httpsPort } }: Options): string[] {
  const plain = hosts.filter((host) => /^[\w.-]+$/.test(host)).slice(0, shownHosts);
  if (plain.length === 0) return [];
  const url = (scheme: string, port: number) =>
    `  curl -i --connect-to "$host:${port}:$GATEWAY:${port}" "${scheme}://$host${isUsual(port) ? '' : `:${port}`}/"`;
  return [`for host in ${plain.join(' ')}; do`, url('http', httpPort), url('https', httpsPort), 'done'];
}

function isUsual(port: number): boolean {
  return port === 80 || port === 443;
}

/** A command for each namespace. */
function removalsOf({ ingresses }: NginxModel): string[] {
  const byNamespace = new Map<string, string[]>();
  for (const { ingress, state } of ingresses) {
    if (state.kind !== 'served') continue;
    const { namespace, name } = ingress.ref;
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), name]);
  }
  return [...byNamespace]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([namespace, names]) =>
        `kubectl delete ingress -n ${shellWord(namespace)} ${names.sort().map(shellWord).join(' ')}`,
    );
}

function more(all: readonly unknown[], shown: number): string[] {
  return all.length > shown ? [`# … and ${all.length - shown} more`] : [];
}
