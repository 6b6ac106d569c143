import { controllersByIngress } from '../conversion/controllers.ts';
import type { Conversion } from '../conversion/conversion.ts';
import { levelOfFinding, levelOfOutcome } from '../conversion/level.ts';
import type { Finding } from '../domain/findings.ts';
import { type ObjectRef, qualifiedName } from '../domain/origin.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { ModelIngress } from '../nginx/model.ts';

/**
 * Whether an Ingress can move to Istio.
 * - `ready`: nothing about it is left to anyone; notes may be worth a look.
 * - `decision`: something of its own needs a choice.
 * - `blocked`: traffic would be closed or lost.
 * - `left-alone`: ingress-nginx doesn't serve it.
 * What the platform team decides for the whole gateway counts for none of them.
 */
export type Readiness = 'ready' | 'decision' | 'blocked' | 'left-alone';

export interface IngressReadiness {
  readonly ingress: ModelIngress;
  readonly readiness: Readiness;
  /** Of this Ingress, in the order of the conversion. */
  readonly outcomes: readonly Outcome[];
  /** Codes of the findings and statuses of the outcomes that keep it from being ready, sorted. */
  readonly reasons: readonly string[];
  /** The controllers that select it, where the input has several. */
  readonly controllers: readonly string[];
}

/** Each Ingress of the model, by namespace and name. */
export function readinessOf(conversion: Conversion, findings: readonly Finding[]): IngressReadiness[] {
  const { model, outcomes } = conversion;
  const controllers = controllersByIngress(conversion);
  const entries = new Map<string, Entry>();
  for (const ingress of model.ingresses) {
    entries.set(qualifiedName(ingress.ingress.ref), {
      ingress,
      level: 0,
      outcomes: [],
      reasons: new Set(),
    });
  }
  for (const outcome of outcomes) {
    const entry = entryOf(entries, outcome.subject.origin.source.ref);
    if (entry === undefined) continue;
    entry.outcomes.push(outcome);
    // What was carried over has its reasons in the findings.
    if (outcome.status !== 'converted' && !isLeftToGateway(outcome))
      raise(entry, levelOfOutcome(outcome), outcome.status);
  }
  const byHost = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.type.gateway !== undefined) continue;
    const entry = entryOfFinding(entries, finding);
    if (entry !== undefined) raise(entry, levelOfFinding(finding), finding.type.code);
    else if (finding.scope.kind === 'host' || finding.scope.kind === 'location') {
      const { host } = finding.scope;
      const known = byHost.get(host);
      if (known === undefined) byHost.set(host, [finding]);
      else known.push(finding);
    }
  }
  for (const server of model.servers) {
    const codes = new Map(
      (byHost.get(server.host) ?? []).map((finding) => [finding.type.code, levelOfFinding(finding)]),
    );
    for (const { ingress } of codes.size === 0 ? [] : server.ingresses) {
      const entry = entryOf(entries, ingress.ref);
      if (entry !== undefined) for (const [code, level] of codes) raise(entry, level, code);
    }
  }
  return [...entries]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { ingress, level, outcomes: own, reasons }]) => ({
      ingress,
      readiness: ingress.state.kind === 'not-selected' ? 'left-alone' : levels[level]!,
      outcomes: own,
      reasons: [...reasons].sort(),
      controllers: controllers.get(qualifiedName(ingress.ingress.ref)) ?? [],
    }));
}

/** What the platform team decides once leaves the Ingress ready. */
function isLeftToGateway({ findings }: Outcome): boolean {
  return findings.length > 0 && findings.every(({ type }) => type.gateway !== undefined);
}

interface Entry {
  readonly ingress: ModelIngress;
  level: number;
  readonly outcomes: Outcome[];
  readonly reasons: Set<string>;
}

const levels: readonly Readiness[] = ['ready', 'decision', 'blocked'];

function raise(entry: Entry, level: number, reason: string): void {
  if (level > 0) entry.reasons.add(reason);
  if (level > entry.level) entry.level = level;
}

/** The Ingress where a finding has its place, else the one it speaks of. One about a host alone concerns all of the host. */
function entryOfFinding(entries: ReadonlyMap<string, Entry>, { origin, scope }: Finding): Entry | undefined {
  const placed = origin === undefined ? undefined : entryOf(entries, origin.source.ref);
  return placed ?? (scope.kind === 'ingress' ? entryOf(entries, scope.ingress) : undefined);
}

function entryOf(entries: ReadonlyMap<string, Entry>, ref: ObjectRef): Entry | undefined {
  return ref.kind === 'Ingress' ? entries.get(qualifiedName(ref)) : undefined;
}
