import { type Finding, finding } from '../domain/findings.ts';
import { type ControllerOptions, type Options, withFlags } from '../domain/options.ts';
import { qualifiedName } from '../domain/origin.ts';
import type { Cluster, ControllerWorkload, Ingress } from '../read/cluster.ts';
import { ambiguousController, flagsForAll, noGateway, notChosen, servedTwice } from './findings.ts';
import { type Assigned, assignGateways, controllersMeant, namesGateway } from './gateways.ts';
import { hasOneController, type Installed, installedControllers, shareOf } from './installed.ts';
import type { Unserved } from './waiting.ts';

/** The part of an input that one controller serves, and how it is converted. */
export interface Share {
  /** Undefined for what no controller serves. */
  readonly controller: Assigned | undefined;
  /** Its own Ingresses, and what all controllers see. */
  readonly cluster: Cluster;
  readonly options: Options;
  /** What is the case with all of the Ingresses, where nothing is to be made of them. */
  readonly unserved: Unserved | undefined;
}

export interface Division {
  readonly shares: readonly Share[];
  readonly findings: readonly Finding[];
  /** The options with the gateways that were found, so that a part of the input is divided in the same way. */
  readonly options: Options;
}

/** An input that is converted as a whole: one controller serves it. */
export interface Undivided {
  readonly shares: undefined;
  /** With the workload of that controller before any other. */
  readonly cluster: Cluster;
}

/** Divides an input among its controllers, where several serve it or the user named one. */
export function divide(cluster: Cluster, options: Options): Division | Undivided {
  const requested = options.controllers !== undefined || options.controller !== undefined;
  const undivided = { shares: undefined, cluster };
  if (!requested && (hasOneController(cluster) || choosesClass(options))) return undivided;
  const installed = installedControllers(cluster, options);
  const serving = installed.filter(({ selects }) => cluster.ingresses.some(selects));
  const { assigned, findings } = assignGateways(installed, serving, options);
  const wanted = chosen(assigned, options);
  // One that serves nothing and has no gateway has nothing to do with the move.
  const concerned = assigned.filter((one) => one.gateway !== undefined || isAmong(one, serving));
  const [main] = concerned;
  if (!requested && concerned.length < 2 && main?.gateway !== undefined)
    return withFirst(cluster, main.workload);
  const shares = concerned.map((one) => shareFor(one, cluster, options, wanted));
  const served = new Set(shares.flatMap((share) => share.cluster.ingresses));
  const rest = cluster.ingresses.filter((ingress) => !served.has(ingress));
  return {
    shares: rest.length === 0 ? shares : [...shares, shareOfNobody(rest, concerned, cluster, options)],
    findings: [
      ...findings,
      ...choiceFindings(assigned, options),
      ...(serving.length > 1 && wanted === undefined && options.controllerFlags.length > 0
        ? [finding(flagsForAll, { flags: options.controllerFlags })]
        : []),
      ...servedTwiceFindings(shares),
    ],
    options: { ...options, controllers: assigned.flatMap(resolved) },
  };
}

function withFirst(cluster: Cluster, workload: ControllerWorkload | undefined): Undivided {
  const { controllers } = cluster;
  const same = workload === undefined || controllers[0] === workload;
  const others = controllers.filter((one) => one !== workload);
  return { shares: undefined, cluster: same ? cluster : { ...cluster, controllers: [workload, ...others] } };
}

/** Flags of the user that say which class is meant: then the others are none of this conversion's business. */
function choosesClass({ controllerFlags }: Options): boolean {
  return controllerFlags.some((flag) => /^--?(?:ingress-class|controller-class)\b(?!-)/.test(flag));
}

function isAmong({ name }: Installed, all: readonly Installed[]): boolean {
  return all.some((one) => one.name === name);
}

/** The only controller that is wanted; undefined: all of them. */
function chosen(assigned: readonly Assigned[], { controller }: Options): string | undefined {
  if (controller === undefined) return undefined;
  const meant = controllersMeant(assigned, controller);
  return meant.length === 1 ? meant[0]!.name : controller;
}

function shareFor(
  controller: Assigned,
  cluster: Cluster,
  options: Options,
  wanted: string | undefined,
): Share {
  const ingresses = cluster.ingresses.filter(controller.selects);
  const { controllers: _, controller: __, ...base } = withFlags(options, controller.flags);
  const left = wanted !== undefined && wanted !== controller.name;
  const gateway =
    controller.gateway ?? (wanted === controller.name && namesGateway(options) ? options.gateway : undefined);
  return {
    controller: gateway === undefined ? controller : { ...controller, gateway, why: undefined },
    cluster: { ...shareOf(cluster, controller), ingresses, findings: [], ...(left && { configMaps: [] }) },
    options: {
      ...base,
      gateway: gateway ?? options.gateway,
      controllerVersion: controller.version ?? options.controllerVersion,
    },
    unserved: left
      ? {
          kind: 'not-selected',
          reason: `it belongs to the controller ${controller.name}, and only ${wanted} is converted`,
        }
      : gateway === undefined
        ? waitingFor(controller, ingresses)
        : undefined,
  };
}

function shareOfNobody(
  ingresses: readonly Ingress[],
  controllers: readonly Installed[],
  cluster: Cluster,
  options: Options,
): Share {
  const { controllers: _, controller: __, ...base } = options;
  const names = controllers.map(({ name }) => name).join(', ');
  return {
    controller: undefined,
    cluster: { ...cluster, ingresses, controllers: [], configMaps: [], findings: [] },
    options: { ...base, assumeSnippets: false },
    unserved: { kind: 'not-selected', reason: `none of the controllers of the input selects it (${names})` },
  };
}

/** What is wrong with the choice of one controller. */
function choiceFindings(assigned: readonly Assigned[], { controller: name }: Options): Finding[] {
  if (name === undefined) return [];
  const meant = controllersMeant(assigned, name);
  if (meant.length === 1) return [];
  if (meant.length > 1)
    return [finding(ambiguousController, { name, workloads: meant.map((one) => one.name) })];
  return [finding(notChosen, { name, known: assigned.map((one) => one.name) })];
}

/** A controller that serves something and has no gateway: an error that says what waits, and what to write. */
function waitingFor({ name, why = '' }: Assigned, ingresses: readonly Ingress[]): Unserved {
  const hosts = [...new Set(ingresses.flatMap(({ rules }) => rules.map(({ host }) => host)))].sort();
  const args = { name, ingresses: ingresses.length, hosts, why };
  return {
    kind: 'waiting',
    reason: `its controller ${name} has no gateway: ${why}`,
    finding: finding(noGateway, args),
  };
}

function servedTwiceFindings(shares: readonly Share[]): Finding[] {
  const by = new Map<Ingress, Share[]>();
  for (const share of shares) {
    for (const ingress of share.cluster.ingresses) {
      const known = by.get(ingress);
      if (known === undefined) by.set(ingress, [share]);
      else known.push(share);
    }
  }
  return [...by].flatMap(([{ ref }, selecting]) => {
    const serving = selecting.filter(({ controller }) => controller?.watches(ref.namespace) === true);
    if (serving.length < 2) return [];
    const controllers = serving.map(({ controller }) => controller?.name ?? '');
    const converted = serving.filter(({ unserved }) => unserved === undefined).length;
    const args = { ingress: qualifiedName(ref), controllers, converted };
    return [finding(servedTwice, args, { scope: { kind: 'ingress', ingress: ref } })];
  });
}

function resolved({ name, gateway, flags, version }: Assigned): ControllerOptions[] {
  return gateway === undefined
    ? []
    : [
        {
          class: name,
          gateway: { ...gateway, suffix: gateway.suffix },
          flags,
          ...(version !== undefined && { version }),
        },
      ];
}
