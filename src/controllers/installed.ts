import { type Options, withFlags } from '../domain/options.ts';
import { qualifiedName } from '../domain/origin.ts';
import { readController } from '../nginx/controller.ts';
import type { Controller } from '../nginx/model.ts';
import { selectorOf } from '../nginx/selection.ts';
import { type Watched, watchedNamespaces } from '../nginx/watched-namespaces.ts';
import type { Cluster, ControllerWorkload, Ingress, IngressClass } from '../read/cluster.ts';

/** A controller that the input shows: by its workload, or by an IngressClass or a config file that speaks of it. */
export interface Installed {
  /** The class that it serves; `namespace/name` of its workload where two serve the same one. */
  readonly name: string;
  /** All by which the config file may call it. */
  readonly names: ReadonlySet<string>;
  readonly workload: ControllerWorkload | undefined;
  /** Flags that stand for those of a workload that the input lacks. */
  readonly flags: readonly string[];
  readonly controller: Controller;
  selects(ingress: Ingress): boolean;
  readonly watches: Watched;
}

/** Whether an input shows at first sight that it has one controller: the usual case, for which nothing is looked up. */
export function hasOneController({ controllers, ingressClasses }: Cluster): boolean {
  return (
    controllers.length < 2 &&
    controllers.every(({ args }) => args.every((arg) => !/^--?controller-class\b/.test(arg))) &&
    ingressClasses.every(
      ({ controller }) => controller === 'k8s.io/ingress-nginx' || !isIngressNginx(controller),
    )
  );
}

/**
 * The controllers of the input: its workloads, else one with the defaults, and those that an IngressClass in use or the config
 * file speaks of. Replicas, and the Pods of a Deployment, are one.
 */
export function installedControllers(cluster: Cluster, options: Options): readonly Installed[] {
  const named = options.controllers ?? [];
  const workloads = cluster.controllers.length === 0 ? [undefined] : cluster.controllers;
  const plain = distinctControllers(workloads.map((workload) => installed(cluster, options, workload, [])));
  const found = plain.map((one) => {
    const flags = named.find(({ class: name }) => one.names.has(name))?.flags ?? [];
    return flags.length === 0 || one.workload === undefined
      ? one
      : installed(cluster, options, one.workload, flags);
  });
  for (const { name, flags } of declared(cluster, options, found)) {
    found.push({ ...installed(cluster, options, undefined, flags), name });
  }
  return withDistinctNames(found);
}

/** Workloads of one namespace that select alike are one controller: replicas, also in the middle of a roll-out. */
function distinctControllers(all: readonly Installed[]): Installed[] {
  const groups = new Map<string, Installed>();
  for (const one of all) {
    const { ingressClass, controllerClass, ingressClassByName, watchIngressWithoutClass } =
      one.controller.flags;
    const { watchNamespace, watchNamespaceSelector } = one.controller.flags;
    const namespace = one.workload?.ref.namespace;
    const key = JSON.stringify([
      namespace,
      ingressClass,
      controllerClass,
      ingressClassByName,
      watchIngressWithoutClass,
      watchNamespace,
      watchNamespaceSelector,
    ]);
    if (!groups.has(key)) groups.set(key, one);
  }
  return [...groups.values()];
}

function installed(
  cluster: Cluster,
  options: Options,
  workload: ControllerWorkload | undefined,
  flags: readonly string[],
): Installed {
  const own = shareOf(cluster, { workload, flags });
  const { controller } = readController(own, withFlags(options, flags));
  const classes = cluster.ingressClasses
    .filter((one) => one.controller === controller.flags.controllerClass)
    .map(({ ref }) => ref.name);
  const { ingressClass, controllerClass } = controller.flags;
  const name = ingressClass === 'nginx' ? (classes.find((one) => one === 'nginx') ?? classes[0]) : undefined;
  return {
    name: name ?? ingressClass,
    names: new Set([
      ...classes,
      ...(classes.length === 0 || ingressClass !== 'nginx' ? [ingressClass] : []),
      controllerClass,
      ...(workload === undefined ? [] : [qualifiedName(workload.ref)]),
    ]),
    workload,
    flags,
    controller,
    selects: selectorOf(cluster, controller),
    watches: watchedNamespaces(cluster, controller.flags),
  };
}

/** The cluster as one controller sees itself in it; one without a workload has a ConfigMap only where its flags name it. */
export function shareOf(
  cluster: Cluster,
  { workload, flags }: Pick<Installed, 'workload' | 'flags'>,
): Cluster {
  const apart =
    workload === undefined && flags.length > 0 && !flags.some((flag) => /^--?configmap\b/.test(flag));
  return {
    ...cluster,
    controllers: workload === undefined ? [] : [workload],
    ...(apart && { configMaps: [] }),
  };
}

/** Classes of an ingress-nginx that none of these controllers is. */
function foreignClasses({ ingressClasses }: Cluster, found: readonly Installed[]): IngressClass[] {
  const known = new Set(found.map(({ controller }) => controller.flags.controllerClass));
  return ingressClasses.filter(({ controller }) => !known.has(controller) && isIngressNginx(controller));
}

/** Names such as `k8s.io/internal-ingress-nginx`, which the documentation of ingress-nginx recommends, and `k8s.io/nginx-2`. */
function isIngressNginx(controller: string): boolean {
  return /ingress-nginx|^k8s\.io\/.*nginx/.test(controller);
}

/** Controllers without a workload in the input: those that an IngressClass in use or the config file speaks of. */
function declared(
  cluster: Cluster,
  { controllers = [] }: Options,
  found: readonly Installed[],
): { readonly name: string; readonly flags: readonly string[] }[] {
  const made = new Map<string, { readonly name: string; readonly flags: readonly string[] }>();
  const used = new Set(cluster.ingresses.map(({ className }) => className));
  const known = new Set(found.flatMap(({ names }) => [...names]));
  for (const { ref, controller } of foreignClasses(cluster, found)) {
    const named = controllers.find((one) => one.class === ref.name || one.class === controller);
    if ((!used.has(ref.name) && named === undefined) || made.has(controller)) continue;
    const flags = [
      `--controller-class=${controller}`,
      `--ingress-class=${ref.name}`,
      ...(named?.flags ?? []),
    ];
    made.set(controller, { name: ref.name, flags });
    known.add(ref.name).add(controller);
  }
  for (const { class: name, flags = [] } of controllers) {
    if (known.has(name) || !/^[^/]+$/.test(name) || !usesClass(cluster, name)) continue;
    made.set(name, { name, flags: [`--controller-class=${name}`, `--ingress-class=${name}`, ...flags] });
  }
  return [...made.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function usesClass({ ingresses }: Cluster, name: string): boolean {
  return ingresses.some(
    ({ className, annotations }) => (className ?? annotations.get('kubernetes.io/ingress.class')) === name,
  );
}

function withDistinctNames(found: readonly Installed[]): Installed[] {
  const count = new Map<string, number>();
  for (const { name } of found) count.set(name, (count.get(name) ?? 0) + 1);
  return found.map((one) =>
    count.get(one.name) === 1 || one.workload === undefined
      ? one
      : { ...one, name: qualifiedName(one.workload.ref) },
  );
}
