import type { Annotation, KnownAnnotation } from '../decode/annotation.ts';
import { originOf, qualifiedName } from '../domain/origin.ts';
import { isSince } from '../domain/release.ts';
import { memoize } from '../memoize.ts';
import type { Cluster, Ingress, IngressClass } from '../read/cluster.ts';
import type { Controller, IngressState, ModelIngress } from './model.ts';
import { waitingForNamespaces, watchedNamespaces } from './watched-namespaces.ts';

/**
 * The controller's order of precedence: oldest first; equal ages by `namespace/name`, descending
 * (ingress-nginx 1.15.1, controller/store/store.go sortIngressSlice). An Ingress without a time counts as oldest.
 */
export function inPrecedence<Item>(items: readonly Item[], ingressOf: (item: Item) => Ingress): Item[] {
  return items
    .map((item) => {
      const ingress = ingressOf(item);
      return { item, time: timeOf(ingress), name: qualifiedName(ingress.ref) };
    })
    .sort((a, b) => {
      if (a.time !== b.time) return a.time < b.time ? -1 : 1;
      return a.name === b.name ? 0 : a.name > b.name ? -1 : 1;
    })
    .map(({ item }) => item);
}

function timeOf(ingress: Ingress): number {
  const time = ingress.createdAt === undefined ? Number.NaN : Date.parse(ingress.createdAt);
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
}

/** Whether a controller of these flags looks at the Ingress at all, whatever it makes of it then. */
export function selectorOf(
  cluster: Cluster,
  controller: Pick<Controller, 'flags' | 'release'>,
): (ingress: Ingress) => boolean {
  const notSelected = refusalOf(cluster, controller);
  return (ingress) => notSelected(ingress) === undefined;
}

/** Decides for each Ingress whether the controller serves it, and gathers the annotations that count. */
export function selectIngresses(
  cluster: Cluster,
  annotations: ReadonlyMap<Ingress, readonly Annotation[]>,
  controller: Controller,
): ModelIngress[] {
  const notSelected = memoize(refusalOf(cluster, controller));
  const waiting = waitingForNamespaces(
    watchedNamespaces(cluster, controller.flags),
    cluster.ingresses.filter((ingress) => notSelected(ingress) === undefined),
    controller.flags,
  );
  const policy = admissionOf(controller);
  return inPrecedence(cluster.ingresses, (ingress) => ingress).map((ingress) => {
    const all = annotations.get(ingress) ?? [];
    const known = all.filter((annotation): annotation is KnownAnnotation => annotation.kind === 'known');
    const state = notSelected(ingress) ?? waiting(ingress) ?? dropped(ingress, known, policy) ?? served;
    const values = new Map<string, KnownAnnotation>();
    for (const annotation of known) {
      if (annotation.value === undefined || annotation.shadowed) continue;
      if (isSnippet(annotation) && !controller.snippets) continue;
      values.set(annotation.mapping.name, annotation);
    }
    const refused = known.filter((annotation) => annotation.problem !== undefined && !annotation.shadowed);
    return { ingress, annotations: values, refused, state, canary: values.get('canary')?.value === true };
  });
}

const served: IngressState = { kind: 'served' };

export function isSnippet(annotation: KnownAnnotation): boolean {
  return annotation.mapping.value.type === 'snippet';
}

/** Why the controller does not look at an Ingress; undefined where it does. */
function refusalOf(
  cluster: Cluster,
  { flags, release }: Pick<Controller, 'flags' | 'release'>,
): (ingress: Ingress) => IngressState | undefined {
  const classes = new Map(
    cluster.ingressClasses.map((ingressClass) => [ingressClass.ref.name, ingressClass]),
  );
  const watched = watchedNamespaces(cluster, flags);
  const { watchNamespace, watchNamespaceSelector } = flags;
  const namespaces =
    watchNamespace === ''
      ? `namespaces that match ${watchNamespaceSelector}`
      : `the namespace ${watchNamespace}`;
  return (ingress) =>
    watched(ingress.ref.namespace) === false
      ? { kind: 'not-selected', reason: `the controller only watches ${namespaces}` }
      : notSelectedByClass(ingress, classes, { flags, release });
}

/** ingress-nginx 1.15.1, controller/store/ingressclass.go and store.go GetIngressClass. */
function notSelectedByClass(
  ingress: Ingress,
  classes: ReadonlyMap<string, IngressClass>,
  { flags, release }: Pick<Controller, 'flags' | 'release'>,
): IngressState | undefined {
  if (!isSince(release.version, '1.0.0')) return notSelectedByName(ingress, flags.ingressClass);
  const name = ingress.className;
  if (name !== undefined && name !== '') {
    const known = classes.get(name);
    if (known === undefined) {
      return name === flags.ingressClass
        ? undefined
        : {
            kind: 'not-selected',
            reason: `its class ${name} is not in the input and is not the controller's (${flags.ingressClass})`,
          };
    }
    if (known.controller === flags.controllerClass) return undefined;
    if (flags.ingressClassByName && name === flags.ingressClass) return undefined;
    return {
      kind: 'not-selected',
      reason: `its class ${name} belongs to the controller ${known.controller}`,
    };
  }
  const annotated = ingress.annotations.get('kubernetes.io/ingress.class');
  if (annotated !== undefined && annotated !== '') {
    return annotated === flags.ingressClass
      ? undefined
      : {
          kind: 'not-selected',
          reason: `its annotation names the class ${annotated}, and the controller serves ${flags.ingressClass}`,
        };
  }
  return flags.watchIngressWithoutClass
    ? undefined
    : {
        kind: 'not-selected',
        reason: 'it names no class, and the controller runs without --watch-ingress-without-class',
      };
}

/**
 * Before 1.0 only names count, no IngressClass has to exist, and the controller of the usual class serves Ingresses without any
 * (ingress-nginx 0.49.3, ingress/annotations/class/main.go IsValid).
 */
function notSelectedByName({ annotations, className }: Ingress, served: string): IngressState | undefined {
  const name = annotations.get('kubernetes.io/ingress.class') ?? className ?? '';
  if (name === served || (name === '' && served === 'nginx')) return undefined;
  return {
    kind: 'not-selected',
    reason:
      name === ''
        ? `it names no class, and the controller serves ${served}`
        : `it names the class ${name}, and the controller serves ${served}`,
  };
}

/** ingress-nginx 1.15.1, internal/ingress/inspector/rules.go, applied to hosts, paths and Secret names. */
function isInspected(text: string): boolean {
  const end = text.lastIndexOf(';');
  const before = (word: string): boolean => text.includes(word) && text.indexOf(word) < end;
  return (
    (end !== -1 && (before('alias') || before('root'))) ||
    /\/etc\/(?:passwd|shadow|group|nginx|ingress-controller)|\/var\/run\/secrets|_by_lua/.test(text)
  );
}

/** The first host, path or Secret name that the inspection refuses. */
function inspected({ rules, tls }: Ingress): string | undefined {
  for (const { host, paths = [] } of rules) {
    if (isInspected(host)) return host;
    for (const { path } of paths) if (isInspected(path)) return path;
  }
  for (const { secretName, hosts } of tls) {
    if (isInspected(secretName)) return secretName;
    for (const host of hosts) if (isInspected(host)) return host;
  }
  return undefined;
}

const riskOrder = ['Low', 'Medium', 'High', 'Critical'];

/** What the controller refuses of every Ingress alike. */
interface Admission {
  readonly flags: Controller['flags'];
  /** No value may hold one of them. */
  readonly words: readonly string[];
  /** Index into `riskOrder`. */
  readonly highestRisk: number;
  readonly riskWritten: boolean;
  /** Nothing shows which release runs. */
  readonly unsure: boolean;
}

function admissionOf(controller: Controller): Admission {
  const words = (controller.config.get('annotation-value-word-blocklist') ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  return {
    flags: controller.flags,
    words,
    highestRisk: riskLevel(controller),
    riskWritten: controller.config.has('annotations-risk-level'),
    unsure: controller.release.known === 'assumed',
  };
}

/** ingress-nginx 1.15.1, controller/store/store.go syncIngress and annotations/annotations.go Extract. */
function dropped(
  ingress: Ingress,
  known: readonly KnownAnnotation[],
  { flags, words, highestRisk, riskWritten, unsure }: Admission,
): IngressState | undefined {
  const drop = (reason: string): IngressState => ({
    kind: 'dropped',
    reason,
    origin: originOf(ingress.source, 'spec'),
    unsure: false,
  });
  if (ingress.defaultBackend !== undefined && flags.disableCatchAll)
    return drop('it has a default backend, and the controller runs with --disable-catch-all');
  const bad = flags.deepInspect ? inspected(ingress) : undefined;
  if (bad !== undefined) return drop(`the controller's inspection refuses the text ${JSON.stringify(bad)}`);
  for (const word of words) {
    const hit = known.find((annotation) => annotation.raw.includes(word));
    if (hit !== undefined)
      return {
        kind: 'dropped',
        reason: `its value contains ${JSON.stringify(word)}, which annotation-value-word-blocklist forbids`,
        origin: hit.origin,
        unsure: false,
      };
  }
  for (const annotation of known) {
    if (annotation.value === undefined && annotation.problem === undefined) continue;
    if (riskOrder.indexOf(annotation.mapping.risk) > highestRisk) {
      return {
        kind: 'dropped',
        reason: `the risk of ${annotation.mapping.name} is ${annotation.mapping.risk}, above the controller's annotations-risk-level`,
        origin: annotation.origin,
        unsure: unsure && !riskWritten,
      };
    }
    if (
      annotation.problem?.consequence === 'ingress-dropped' &&
      !annotation.shadowed &&
      isParsed(annotation, known)
    ) {
      return {
        kind: 'dropped',
        reason: `the value of ${annotation.mapping.name} is not valid: ${annotation.problem.reason}`,
        origin: annotation.origin,
        unsure,
      };
    }
  }
  return undefined;
}

/**
 * Some values are looked at only when another annotation is there: the parser of their group gives up before it comes to
 * them (ingress-nginx 1.15.1, annotations/{auth,authtls,proxyssl,opentelemetry,redirect}/main.go).
 */
const parsedWith: Readonly<Record<string, string | undefined>> = {
  'auth-secret-type': 'auth-type',
  'auth-realm': 'auth-type',
  'auth-tls-error-page': 'auth-tls-secret',
  'auth-tls-pass-certificate-to-upstream': 'auth-tls-secret',
  'auth-tls-match-cn': 'auth-tls-secret',
  'opentelemetry-operation-name': 'enable-opentelemetry',
  'temporal-redirect-code': 'temporal-redirect',
};

/** And some only where another one is not. */
const parsedWithout: Readonly<Record<string, string | undefined>> = {
  'permanent-redirect': 'temporal-redirect',
  'permanent-redirect-code': 'temporal-redirect',
};

function isParsed({ mapping }: KnownAnnotation, known: readonly KnownAnnotation[]): boolean {
  const isSet = (name: string | undefined): boolean =>
    known.some((other) => other.mapping.name === name && other.value !== undefined);
  const needed = parsedWith[mapping.name];
  return (needed === undefined || isSet(needed)) && !isSet(parsedWithout[mapping.name] ?? '');
}

/** Where snippets are allowed by assumption, so is the risk level that they need. */
function riskLevel({ config, options, snippetsAssumed }: Controller): number {
  const written = riskOrder.indexOf(config.get('annotations-risk-level')?.trim() ?? '');
  if (written >= 0) return written;
  const usual = String(options.get('annotations-risk-level')?.default ?? 'Critical');
  return riskOrder.indexOf(snippetsAssumed ? 'Critical' : usual);
}
