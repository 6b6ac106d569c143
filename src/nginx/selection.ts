import type { Annotation, KnownAnnotation } from '../decode/annotation.ts';
import type { Cluster, Ingress, IngressClass } from '../read/cluster.ts';
import { originOf } from '../read/origin.ts';
import type { Controller, IngressState, ModelIngress } from './model.ts';

/**
 * The controller's order of precedence: oldest first; equal ages by `namespace/name`, descending
 * (ingress-nginx 1.15.1, controller/store/store.go sortIngressSlice). An Ingress without a time counts as oldest.
 */
export function byPrecedence(a: Ingress, b: Ingress): number {
  const ageA = timeOf(a);
  const ageB = timeOf(b);
  if (ageA !== ageB) return ageA < ageB ? -1 : 1;
  const nameA = `${a.ref.namespace}/${a.ref.name}`;
  const nameB = `${b.ref.namespace}/${b.ref.name}`;
  return nameA === nameB ? 0 : nameA > nameB ? -1 : 1;
}

function timeOf(ingress: Ingress): number {
  const time = ingress.createdAt === undefined ? Number.NaN : Date.parse(ingress.createdAt);
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
}

/** Decides for each Ingress whether the controller serves it, and gathers the annotations that count. */
export function selectIngresses(
  cluster: Cluster,
  annotations: ReadonlyMap<Ingress, readonly Annotation[]>,
  controller: Controller,
): ModelIngress[] {
  const classes = new Map(
    cluster.ingressClasses.map((ingressClass) => [ingressClass.ref.name, ingressClass]),
  );
  return [...cluster.ingresses].sort(byPrecedence).map((ingress) => {
    const all = annotations.get(ingress) ?? [];
    const known = all.filter((annotation): annotation is KnownAnnotation => annotation.kind === 'known');
    const state = notSelected(ingress, classes, controller) ??
      dropped(ingress, all, known, controller) ?? { kind: 'served' as const };
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

export function isSnippet(annotation: KnownAnnotation): boolean {
  return annotation.mapping.value.type === 'snippet';
}

/** ingress-nginx 1.15.1, controller/store/ingressclass.go and store.go GetIngressClass. */
function notSelected(
  ingress: Ingress,
  classes: ReadonlyMap<string, IngressClass>,
  { flags }: Controller,
): IngressState | undefined {
  if (flags.watchNamespace !== '' && ingress.ref.namespace !== flags.watchNamespace) {
    return {
      kind: 'not-selected',
      reason: `the controller watches the namespace ${flags.watchNamespace} alone`,
    };
  }
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

/** ingress-nginx 1.15.1, internal/ingress/inspector/rules.go, applied to hosts, paths and Secret names. */
function isInspected(text: string): boolean {
  const end = text.lastIndexOf(';');
  const directive = ['alias', 'root'].some((word) => text.includes(word) && text.indexOf(word) < end);
  return (
    directive ||
    /\/etc\/(passwd|shadow|group|nginx|ingress-controller)|\/var\/run\/secrets|_by_lua/.test(text)
  );
}

const riskOrder = ['Low', 'Medium', 'High', 'Critical'];

/** ingress-nginx 1.15.1, controller/store/store.go syncIngress and annotations/annotations.go Extract. */
function dropped(
  ingress: Ingress,
  all: readonly Annotation[],
  known: readonly KnownAnnotation[],
  controller: Controller,
): IngressState | undefined {
  const { flags, config } = controller;
  const spec = originOf(ingress.source, 'spec');
  if (ingress.defaultBackend !== undefined && flags.disableCatchAll) {
    return {
      kind: 'dropped',
      reason: 'it has a default backend, and the controller runs with --disable-catch-all',
      origin: spec,
    };
  }
  if (flags.deepInspect) {
    const texts = [
      ...ingress.rules.flatMap((rule) => [rule.host, ...(rule.paths ?? []).map((path) => path.path)]),
      ...ingress.tls.flatMap((entry) => [entry.secretName, ...entry.hosts]),
    ];
    const bad = texts.find(isInspected);
    if (bad !== undefined)
      return {
        kind: 'dropped',
        reason: `the controller's inspection refuses the text ${JSON.stringify(bad)}`,
        origin: spec,
      };
  }
  const words = (config.get('annotation-value-word-blocklist') ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  for (const word of words) {
    const hit = all.find((annotation) => annotation.kind === 'known' && annotation.raw.includes(word));
    if (hit !== undefined)
      return {
        kind: 'dropped',
        reason: `its value holds ${JSON.stringify(word)}, which annotation-value-word-blocklist forbids`,
        origin: hit.origin,
      };
  }
  const highest = riskLevel(controller);
  for (const annotation of known) {
    if (annotation.value === undefined && annotation.problem === undefined) continue;
    if (riskOrder.indexOf(annotation.mapping.risk) > highest) {
      return {
        kind: 'dropped',
        reason: `the risk of ${annotation.mapping.name} is ${annotation.mapping.risk}, above the controller's annotations-risk-level`,
        origin: annotation.origin,
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
function riskLevel(controller: Controller): number {
  const written = riskOrder.indexOf(controller.config.get('annotations-risk-level')?.trim() ?? '');
  if (written >= 0) return written;
  return controller.configOrigin === undefined && controller.snippets
    ? riskOrder.indexOf('Critical')
    : riskOrder.indexOf('High');
}
