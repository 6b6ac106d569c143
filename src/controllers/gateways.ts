import { type Finding, finding } from '../domain/findings.ts';
import {
  type ControllerOptions,
  defaultOptions,
  type GatewayOptions,
  type Options,
} from '../domain/options.ts';
import { objectName } from '../istio-api/names.ts';
import { canonical } from '../text/json.ts';
import { ambiguousController, overlappingGateways, unknownController } from './findings.ts';
import type { Installed } from './installed.ts';

/** A controller with the gateway that takes over from it, or why it has none, and the release that the config file names for it. */
export type Assigned = Installed & { readonly version?: string | undefined } & (
    | { readonly gateway: GatewayOptions; readonly why?: undefined }
    | { readonly gateway: undefined; readonly why: string }
  );

/**
 * Gives each controller its gateway. Where none is named for any of them, the gateway of the options is that of the only
 * workload that serves anything (or, where the input has none, of the controller with the defaults); several workloads all have to be named.
 */
export function assignGateways(
  installed: readonly Installed[],
  serving: readonly Installed[],
  options: Options,
): { readonly assigned: readonly Assigned[]; readonly findings: readonly Finding[] } {
  const { controllers } = options;
  if (controllers === undefined) {
    const main = mainOf(installed, serving, options);
    const assigned = installed.map(
      (one): Assigned =>
        one === main
          ? { ...one, gateway: options.gateway }
          : { ...one, gateway: undefined, why: 'no gateway is named for it' },
    );
    return { assigned, findings: [] };
  }
  const findings: Finding[] = [];
  const entries = new Map<Installed, ControllerOptions>();
  const unclear = new Set<Installed>();
  for (const entry of controllers) {
    const meant = controllersMeant(installed, entry.class);
    if (meant.length === 1) entries.set(meant[0]!, entry);
    else if (meant.length === 0) {
      findings.push(
        finding(unknownController, { name: entry.class, known: installed.map(({ name }) => name) }),
      );
    } else {
      for (const one of meant) unclear.add(one);
      findings.push(
        finding(ambiguousController, { name: entry.class, workloads: meant.map(({ name }) => name) }),
      );
    }
  }
  const given = installed.map((one): Assigned => {
    const entry = entries.get(one);
    if (entry !== undefined) return { ...one, gateway: gatewayOf(entry, options), version: entry.version };
    const why = unclear.has(one)
      ? 'a gateway is named for a class that it shares'
      : 'no gateway is named for it';
    return { ...one, gateway: undefined, why };
  });
  const assigned = given.map((one): Assigned => {
    const { gateway } = one;
    if (gateway === undefined) return one;
    const same = given.find((other) => other.name !== one.name && covers(other.gateway, gateway));
    return same === undefined
      ? one
      : { ...one, gateway: undefined, why: `its gateway and that of ${same.name} select the same pods` };
  });
  return { assigned, findings: [...findings, ...overlaps(assigned)] };
}

/** The controller that one of the entries means: by its name first, then by all others that it has. */
export function controllersMeant<Known extends Pick<Installed, 'name' | 'names'>>(
  installed: readonly Known[],
  wanted: string,
): readonly Known[] {
  const named = installed.filter(({ name }) => name === wanted);
  return named.length > 0 ? named : installed.filter(({ names }) => names.has(wanted));
}

/** Of several workloads, one that serves everything; the usual gateway may be public, so another class than the usual has to name its own. */
function mainOf(
  installed: readonly Installed[],
  serving: readonly Installed[],
  options: Options,
): Installed | undefined {
  const workloads = installed.filter(({ workload }) => workload !== undefined);
  if (workloads.length === 0) return installed.find(({ flags }) => flags.length === 0);
  if (workloads.length === 1) return workloads[0];
  const [busy = workloads[0], ...others] = serving.filter(({ workload }) => workload !== undefined);
  const usual = busy?.controller.flags.controllerClass === 'k8s.io/ingress-nginx';
  return others.length === 0 && (usual || namesGateway(options)) ? busy : undefined;
}

/** Whether a gateway was named at all: the usual one may be a public one. */
export function namesGateway({ gateway }: Options): boolean {
  const { namespace, selector, existing } = defaultOptions.gateway;
  return (
    gateway.existing !== existing ||
    gateway.namespace !== namespace ||
    canonical(gateway.selector) !== canonical(selector)
  );
}

function gatewayOf(
  { class: name, gateway }: ControllerOptions,
  { gateway: base, controllers = [] }: Options,
): GatewayOptions {
  const { existing } = gateway;
  return {
    httpPort: base.httpPort,
    httpsPort: base.httpsPort,
    suffix: suffixFor(
      name,
      controllers.map((one) => one.class),
    ),
    ...gateway,
    existing,
  };
}

/** Readable, and the end of no other's, so that no two names of objects can be equal. */
function suffixFor(name: string, all: readonly string[]): string {
  const plain = objectName(name);
  const meets = all.some((other) => other !== name && objectName(other).endsWith(`-${plain}`));
  return meets ? objectName(name, 'controller') : plain;
}

/**
 * Whether every pod of the second gateway is one of the first. Istio looks for the pods of a Gateway in all namespaces, so labels
 * alone count.
 */
function covers(one: GatewayOptions | undefined, other: GatewayOptions): boolean {
  if (one === undefined) return false;
  if (one.existing !== undefined && one.existing === other.existing) return true;
  const [fewer, more] = [Object.entries(one.selector), other.selector];
  const within = (labels: readonly [string, string][], all: Readonly<Record<string, string>>) =>
    labels.every(([key, value]) => Object.hasOwn(all, key) && all[key] === value);
  return within(fewer, more) || within(Object.entries(more), one.selector);
}

function overlaps(assigned: readonly Assigned[]): Finding[] {
  const having = assigned.filter(({ gateway }) => gateway !== undefined);
  return having.flatMap((one, index) =>
    having
      .slice(index + 1)
      .filter((other) => !areApart(one.gateway!.selector, other.gateway!.selector))
      .map((other) => finding(overlappingGateways, { one: one.name, other: other.name })),
  );
}

function areApart(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  return Object.entries(one).some(([key, value]) => Object.hasOwn(other, key) && other[key] !== value);
}
