import { effortOf } from '../conversion/effort.ts';
import { ingressOf } from '../conversion/places.ts';
import type { Finding } from '../domain/findings.ts';
import { qualifiedName } from '../domain/origin.ts';
import type { Outcome } from '../domain/outcome.ts';
import { fileNameOf } from '../istio-api/names.ts';
import type { ModelIngress, Server } from '../nginx/model.ts';
import type { Step } from '../plan/step.ts';
import type { Overview } from './overview.ts';
import { planOf } from './plan.ts';
import type { IngressReadiness } from './readiness.ts';
import { summaryOf } from './summary.ts';

export type SectionKind = 'host' | 'namespace';

/** A part of a migration that somebody looks at by itself, as an overview of its own. */
export interface Section {
  /** The host, '' for the catch-all, or the namespace. */
  readonly name: string;
  readonly findings: readonly Finding[];
  /** Counted when it is asked for: there may be thousands of sections. */
  overview(): Overview;
}

export interface Sections {
  /** Sorted by name. */
  readonly sections: readonly Section[];
  /** What belongs to no host or namespace: the platform, the mesh, the controller's options. */
  readonly rest: Section;
}

/** An Ingress with several hosts, and what is told of it, is in the section of each. */
export function sectionsOf(overview: Overview, kind: SectionKind): Sections {
  const { conversion, findings, ingresses } = overview;
  const { model, outcomes, steps, objects } = conversion;
  const places = kind === 'host' ? placesByHost(overview) : placesByNamespace(overview);
  const parts = new Map([...places.names].sort().map((name) => [name, emptyPart()]));
  const rest = emptyPart();
  const at = (names: readonly string[]): Part[] => {
    const found = names.flatMap((name) => parts.get(name) ?? []);
    return found.length === 0 ? [rest] : found;
  };
  for (const entry of ingresses) {
    const name = qualifiedName(entry.ingress.ingress.ref);
    for (const part of at(places.ofIngress(name))) {
      part.ingresses.push(entry);
      for (const outcome of entry.outcomes) part.outcomes.push(outcome);
    }
  }
  for (const outcome of outcomes)
    if (outcome.subject.origin.source.ref.kind !== 'Ingress') rest.outcomes.push(outcome);
  for (const finding of findings)
    for (const part of at(places.ofFinding(finding))) part.findings.push(finding);
  for (const step of steps) for (const part of at(places.ofStep(step))) part.steps.push(step);
  for (const emitted of objects) {
    const names = parts.has(places.ofFile(emitted.file) ?? '\0')
      ? [places.ofFile(emitted.file)!]
      : [...new Set(emitted.from.flatMap(places.ofIngress))];
    for (const part of at(names)) part.objects.push(emitted);
  }
  const serversOf = serverFinder(overview);
  const servers = new Map<string, Server[]>();
  for (const server of model.servers) servers.set(server.host, [...(servers.get(server.host) ?? []), server]);
  const overviewFor = (name: string | undefined, part: Part): Overview => {
    const own = part.ingresses.map(({ ingress }) => ingress);
    const ofName = name === undefined ? [] : (servers.get(name) ?? []);
    const ownServers = kind === 'host' ? ofName : serversOf(own);
    const restricted = {
      ...conversion,
      model: { ...model, ingresses: own, servers: ownServers },
      outcomes: part.outcomes,
      findings: part.findings,
      steps: part.steps,
      objects: part.objects,
    };
    return {
      conversion: restricted,
      findings: part.findings,
      ingresses: part.ingresses,
      steps: name === undefined ? part.steps : planOf(restricted),
      effort: effortOf(restricted, part.findings),
      summary: summaryOf(restricted, part.findings, part.ingresses),
    };
  };
  return {
    sections: [...parts].map(([name, part]) => ({
      name,
      findings: part.findings,
      overview: () => overviewFor(name, part),
    })),
    rest: { name: '', findings: rest.findings, overview: () => overviewFor(undefined, rest) },
  };
}

/** The servers that Ingresses have a part in, sorted by host, without a look at all servers for each question. */
function serverFinder({ conversion }: Overview): (ingresses: readonly ModelIngress[]) => Server[] {
  const { servers } = conversion.model;
  const byIngress = new Map<ModelIngress, number[]>();
  for (const [index, { ingresses }] of servers.entries()) {
    for (const ingress of ingresses) {
      const known = byIngress.get(ingress);
      if (known === undefined) byIngress.set(ingress, [index]);
      else known.push(index);
    }
  }
  return (ingresses) => {
    const numbers = new Set(ingresses.flatMap((ingress) => byIngress.get(ingress) ?? []));
    return [...numbers].sort((a, b) => a - b).map((index) => servers[index]!);
  };
}

interface Part {
  readonly ingresses: IngressReadiness[];
  readonly outcomes: Outcome[];
  readonly findings: Finding[];
  readonly steps: Step[];
  readonly objects: Overview['conversion']['objects'][number][];
}

function emptyPart(): Part {
  return { ingresses: [], outcomes: [], findings: [], steps: [], objects: [] };
}

interface Places {
  readonly names: ReadonlySet<string>;
  ofIngress(name: string): readonly string[];
  ofFinding(finding: Finding): readonly string[];
  ofStep(step: Step): readonly string[];
  ofFile(file: string): string | undefined;
}

function placesByHost({ conversion }: Overview): Places {
  const hosts = new Map<string, string[]>();
  const files = new Map<string, string>();
  for (const { host, ingresses } of conversion.model.servers) {
    files.set(fileNameOf(host), host);
    for (const { ingress } of ingresses) {
      const name = qualifiedName(ingress.ref);
      const known = hosts.get(name);
      if (known === undefined) hosts.set(name, [host]);
      else known.push(host);
    }
  }
  const ofIngress = (name: string): readonly string[] => hosts.get(name) ?? [];
  return {
    names: new Set(conversion.model.servers.map(({ host }) => host)),
    ofIngress,
    ofFinding(finding) {
      const { scope } = finding;
      if (scope.kind === 'host' || scope.kind === 'location') return [scope.host];
      const name = ingressOf(finding);
      return name === undefined ? [] : ofIngress(name);
    },
    ofStep: (step) => stepPlaces(step, ofIngress),
    ofFile: (file) => files.get(file.replace(/^controllers\/[^/]+\//, '')),
  };
}

function placesByNamespace({ conversion, ingresses }: Overview): Places {
  const byHost = new Map<string, string[]>();
  for (const { host, ingresses: own } of conversion.model.servers) {
    const namespaces = own.map(({ ingress }) => ingress.ref.namespace);
    byHost.set(host, [...new Set([...(byHost.get(host) ?? []), ...namespaces])]);
  }
  const ofIngress = (name: string): readonly string[] => [name.slice(0, name.indexOf('/'))];
  return {
    names: new Set(ingresses.map(({ ingress }) => ingress.ingress.ref.namespace)),
    ofIngress,
    ofFinding(finding) {
      const name = ingressOf(finding);
      if (name !== undefined) return ofIngress(name);
      const { scope } = finding;
      return scope.kind === 'host' || scope.kind === 'location' ? (byHost.get(scope.host) ?? []) : [];
    },
    ofStep: (step) => stepPlaces(step, ofIngress),
    ofFile: () => undefined,
  };
}

/** The mesh's configuration belongs to nobody's Ingress alone. */
function stepPlaces({ kind, origins }: Step, ofIngress: (name: string) => readonly string[]): string[] {
  if (kind === 'mesh-config') return [];
  const own = origins.filter(({ source }) => source.ref.kind === 'Ingress');
  return [...new Set(own.flatMap(({ source }) => ofIngress(qualifiedName(source.ref))))];
}
