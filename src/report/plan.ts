import type { Conversion } from '../conversion/conversion.ts';
import type { Options } from '../domain/options.ts';
import type { Server } from '../nginx/model.ts';
import type { Step } from '../plan/step.ts';
import { visible } from '../text/escape.ts';
import { shellWord } from '../text/shell.ts';

/** How many hosts are spelled out in commands. */
const shownHosts = 20;

/**
 * All that a person does for the cut-over, in order: what the conversion asks for (Secrets, certificates, the mesh), then
 * applying it, looking at it, moving traffic over, and the way back. Empty where nothing was written.
 */
export function planOf(conversion: Conversion): readonly Step[] {
  const { steps, objects, model } = conversion;
  if (objects.length === 0) return steps;
  const gateways = gatewaysOf(conversion);
  const ingresses = model.ingresses
    .filter(({ state }) => state.kind === 'served')
    .map(
      ({ ingress }) =>
        `kubectl delete ingress ${shellWord(ingress.ref.name)} -n ${shellWord(ingress.ref.namespace)}`,
    )
    .sort();
  return [
    ...steps,
    step('apply', 'Write the objects into a directory, check them, and apply them', [
      'ingress2istio convert INPUT --output istio',
      'istioctl analyze --all-namespaces --recursive istio',
      'kubectl diff -k istio',
      'kubectl apply -k istio',
    ]),
    step('proxy-status', 'See that every gateway has taken the configuration (SYNCED in all columns)', [
      'istioctl proxy-status',
      ...gateways.map(
        ({ options }) =>
          `istioctl proxy-config routes "$(kubectl get pods -n ${shellWord(options.gateway.namespace)} -l ${selector(options)} -o name | head -n 1)" -n ${shellWord(options.gateway.namespace)}`,
      ),
    ]),
    step('try', 'Ask the gateway before DNS knows of it', [
      ...gateways.flatMap(({ name, options, hosts }) => [
        ...headOf(name),
        addressCommand(options),
        ...tries(hosts, options),
      ]),
    ]),
    step(
      'cut-over',
      'Cut over: a day ahead lower the TTL of these DNS records, then point them at the gateway',
      gateways.flatMap(({ name, hosts }) => [
        ...headOf(name),
        ...hosts.slice(0, shownHosts).map((host) => `# ${visible(host)} -> $GATEWAY`),
        ...more(hosts),
      ]),
    ),
    step(
      'roll-back',
      'Roll back: point the DNS records at ingress-nginx again; its Ingresses are as they were',
      [
        'kubectl get service -A -l app.kubernetes.io/name=ingress-nginx -o wide  # the address to go back to',
        'kubectl delete -k istio  # once no request arrives at the gateway any more',
      ],
    ),
    step('clean-up', 'Clean up once no request arrives at ingress-nginx any more', [
      ...ingresses.slice(0, shownHosts),
      ...more(ingresses),
    ]),
  ];
}

/** A gateway, and the hosts that move to it. */
interface Gateway {
  /** The controller from which it takes over, where there are several. */
  readonly name: string | undefined;
  readonly options: Options;
  readonly hosts: readonly string[];
}

function gatewaysOf({ controllers, options, model }: Conversion): readonly Gateway[] {
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

function addressCommand(options: Options): string {
  const at = '.items[0].status.loadBalancer.ingress[0]';
  return `GATEWAY=$(kubectl get service -n ${shellWord(options.gateway.namespace)} -l ${selector(options)} -o jsonpath='{${at}.ip}{${at}.hostname}')`;
}

function tries(hosts: readonly string[], { gateway }: Options): string[] {
  const plain = hosts.filter((host) => /^[\w.-]+$/.test(host));
  return plain.slice(0, shownHosts).flatMap((host) => {
    const url = (scheme: string, port: number) =>
      `curl -i --connect-to ${shellWord(`${host}:${port}:`)}"$GATEWAY":${port} ${shellWord(`${scheme}://${host}${isUsual(port) ? '' : `:${port}`}/`)}`;
    return [url('http', gateway.httpPort), url('https', gateway.httpsPort)];
  });
}

function isUsual(port: number): boolean {
  return port === 80 || port === 443;
}

function more(all: readonly unknown[]): string[] {
  return all.length > shownHosts ? [`# … and ${all.length - shownHosts} more`] : [];
}
