import type { ControllerPart, Conversion } from '../conversion/conversion.ts';
import type { Finding } from '../domain/findings.ts';
import { type Origin, qualifiedName } from '../domain/origin.ts';
import { moreSevere, type Outcome } from '../domain/outcome.ts';
import { joinMesh } from '../istio/mesh.ts';
import { meshConfigKind } from '../istio-api/objects.ts';
import type { ModelIngress, NginxModel } from '../nginx/model.ts';
import { inPrecedence } from '../nginx/selection.ts';
import type { Step } from '../plan/step.ts';
import type { Cluster, Ingress } from '../read/cluster.ts';
import { canonical } from '../text/json.ts';
import { joinObjects } from './objects.ts';
import type { Division, Share } from './shares.ts';

/** A share, and what was made of it. */
export interface ConvertedShare {
  readonly share: Share;
  readonly conversion: Conversion;
}

/** The conversions of all controllers as one; each subject of the input has one outcome, also where two of them serve it. */
export function joinConversions(
  cluster: Cluster,
  { findings, options }: Division,
  parts: readonly ConvertedShare[],
): Conversion {
  const all = parts.map(({ conversion }) => conversion);
  const written = parts.flatMap(({ share, conversion }) =>
    conversion.objects.map((emitted) => ({ emitted, suffix: share.options.gateway.suffix })),
  );
  const mesh = joinMesh(
    written.flatMap(({ emitted }) => (emitted.object.kind === meshConfigKind ? [emitted] : [])),
  );
  const objects = [
    ...joinObjects(written.filter(({ emitted }) => emitted.object.kind !== meshConfigKind)),
    ...(mesh.object === undefined ? [] : [mesh.object]),
  ];
  const { decisions: _, ...choices } = options;
  return {
    cluster,
    options: choices,
    model: joinModels(all.map(({ model }) => model)),
    objects,
    outcomes: joinOutcomes(all.flatMap(({ outcomes }) => outcomes)),
    findings: [
      ...cluster.findings,
      ...findings,
      ...distinct(all.flatMap((one) => one.findings)),
      ...mesh.findings,
    ],
    steps: joinSteps(all.flatMap(({ steps }) => steps)),
    secretCopies: distinctBy(
      all.flatMap(({ secretCopies }) => secretCopies),
      canonical,
    ),
    controllers: parts.flatMap(partOf),
  };
}

function partOf({ share, conversion }: ConvertedShare): ControllerPart[] {
  const { controller, cluster, unserved } = share;
  if (controller === undefined) return [];
  const { name, workload, gateway } = controller;
  return [
    {
      name,
      workload: workload && qualifiedName(workload.ref),
      gateway: gateway && share.options.gateway,
      ingresses: cluster.ingresses.map(({ ref }) => qualifiedName(ref)),
      conversion: unserved === undefined ? conversion : undefined,
    },
  ];
}

/** Servers stand side by side, also two of one host: each is that of another nginx. */
function joinModels(models: readonly NginxModel[]): NginxModel {
  const ingresses = new Map<Ingress, ModelIngress>();
  for (const one of models.flatMap((model) => model.ingresses)) {
    const known = ingresses.get(one.ingress);
    if (known === undefined || rank(one) < rank(known)) ingresses.set(one.ingress, one);
  }
  const servers = models.flatMap((model) => model.servers);
  return {
    controller: models[0]!.controller,
    ingresses: inPrecedence([...ingresses.values()], ({ ingress }) => ingress),
    servers: [
      ...servers
        .filter(({ host }) => host !== '')
        .sort((a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : 0)),
      ...servers.filter(({ host }) => host === ''),
    ],
    tcpServices: models.flatMap((model) => model.tcpServices).sort((a, b) => a.port - b.port),
  };
}

function rank({ state }: ModelIngress): number {
  return ['served', 'dropped', 'waiting', 'not-selected'].indexOf(state.kind);
}

function joinOutcomes(outcomes: readonly Outcome[]): Outcome[] {
  const places = new Map<Origin['source'], Map<string, Outcome>>();
  for (const outcome of outcomes) {
    const { origin, kind, name } = outcome.subject;
    const here = places.get(origin.source) ?? new Map<string, Outcome>();
    places.set(origin.source, here);
    const key = `${kind} ${name} ${JSON.stringify(origin.path)}`;
    const known = here.get(key);
    here.set(key, known === undefined ? outcome : both(known, outcome));
  }
  return [...places.values()].flatMap((here) => [...here.values()]);
}

function both(one: Outcome, other: Outcome): Outcome {
  return {
    ...moreSevere(one, other),
    targets: distinctBy([...one.targets, ...other.targets], canonical),
    findings: [...new Set([...one.findings, ...other.findings])],
  };
}

/** What is told of the platform, or of an object of the cluster, by several parts in the same words. */
function distinct(findings: readonly Finding[]): Finding[] {
  const nowhere = {};
  const seen = new Map<object, Set<string>>();
  return findings.filter(({ type, args, origin, scope }) => {
    const place = origin?.source ?? nowhere;
    const here = seen.get(place) ?? new Set<string>();
    seen.set(place, here);
    const words = JSON.stringify([type.code, origin?.path, scope, args]);
    return !here.has(words) && here.add(words);
  });
}

/** Equal steps are one; steps of one key for two gateways stay two. */
function joinSteps(steps: readonly Step[]): Step[] {
  const joined = new Map<string, Step>();
  const keys = new Map<string, number>();
  for (const step of steps) {
    const { origins, key, ...content } = step;
    const words = `${key} ${canonical(content)}`;
    const known = joined.get(words);
    if (known !== undefined) {
      joined.set(words, { ...known, origins: [...known.origins, ...origins] });
      continue;
    }
    const before = keys.get(key) ?? 0;
    keys.set(key, before + 1);
    joined.set(words, before === 0 ? step : { ...step, key: `${key} (${before + 1})` });
  }
  return [...joined.values()].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

function distinctBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
