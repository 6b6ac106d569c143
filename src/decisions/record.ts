import type { Conversion } from '../conversion/conversion.ts';
import type { Decision } from '../domain/decision.ts';
import { type Finding, finding } from '../domain/findings.ts';
import { type ObjectSource, type Origin, originOf, qualifiedName } from '../domain/origin.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Ingress } from '../read/cluster.ts';
import type { Decided } from './apply.ts';
import { skippedIngress } from './findings.ts';
import { indexDecisions, type Place } from './match.ts';
import { placeAt } from './place.ts';
import { staleFindings } from './stale.ts';
import { subjectPlace } from './subject.ts';

/** Writes into a conversion what was decided by whom, and tells decisions that do not fit. */
export function recordDecisions(
  conversion: Conversion,
  decided: Decided,
  decisions: readonly Decision[],
): Conversion {
  if (!decided.any) return conversion;
  const index = indexDecisions(decisions);
  const bySource = new Map(conversion.cluster.ingresses.map((ingress) => [ingress.source, ingress]));
  const placeOf = (origin: Origin | undefined, code?: string, scope?: Finding['scope']): Place =>
    placeAt(origin, (source) => bySource.get(source)?.annotations, code, scope);

  // Reports know a finding by its identity, wherever it is told.
  const settled = new Map<Finding, Finding>();
  const settleFinding = (one: Finding): Finding => {
    const known = settled.get(one);
    if (known !== undefined) return known;
    const decision = index.answer(placeOf(one.origin, one.type.code, one.scope));
    const result = decision === undefined || decision.choice.kind === 'skip' ? one : { ...one, decision };
    settled.set(one, result);
    return result;
  };
  const findings = conversion.findings
    .filter(
      ({ type, origin }) => type.code !== 'ingress/not-selected' || !isSkipped(origin, decided, bySource),
    )
    .map(settleFinding);
  const settledErrors = acceptedErrors(findings);
  const answered = answeredPlaces(findings);
  const decisionOf = (outcome: Outcome, own: readonly Finding[], place: Place): Decision | undefined => {
    const { source } = outcome.subject.origin;
    const reported = own.find((one) => one.decision !== undefined)?.decision;
    if (place.annotation !== undefined)
      return (
        index.acting(place) ?? index.at(place) ?? reported ?? answered.get(source)?.get(place.annotation)
      );
    if (outcome.status === 'closed') return settledErrors.get(source);
    return reported ?? (own.length === 0 ? index.at({ ...place, ...subjectPlace(outcome) }) : undefined);
  };
  const outcomes = conversion.outcomes.map((outcome): Outcome => {
    const { subject } = outcome;
    const ingress = bySource.get(subject.origin.source);
    const skip = ingress === undefined ? undefined : decided.skipped.get(ingress);
    const own = outcome.findings.map(settleFinding);
    if (skip !== undefined && subject.origin.source.ref.kind === 'Ingress') {
      return { ...outcome, status: 'no-effect-today', reason: skippedReason, findings: [], decision: skip };
    }
    const place = placeOf(subject.origin);
    const decision = decisionOf(outcome, own, place);
    if (decision === undefined) return { ...outcome, findings: own };
    const raw = place.annotation === undefined ? undefined : ingress?.annotations.get(place.annotation);
    return {
      ...outcome,
      // The ledger speaks of the input as it is, not of what was decided in its place.
      subject:
        subject.kind === 'annotation' && raw !== undefined
          ? { ...subject, value: raw.slice(0, 200) }
          : subject,
      findings: own,
      decision,
    };
  });
  const leftOut = decided.leftOut
    .filter(({ annotation }) => !isSkipped(annotation.origin, decided, bySource))
    .map(
      ({ annotation, decision }): Outcome => ({
        subject: {
          kind: 'annotation',
          name: annotation.key,
          value: annotation.raw.slice(0, 200),
          origin: annotation.origin,
        },
        status: 'not-needed',
        fidelity: undefined,
        targets: [],
        reason: 'It was left out by a decision.',
        findings: [],
        decision,
      }),
    );
  const skips = [...decided.skipped].map(([{ ref, source }, { by, why }]) =>
    finding(
      skippedIngress,
      { name: qualifiedName(ref), by, why },
      { origin: originOf(source, 'metadata', 'name'), scope: { kind: 'ingress', ingress: ref } },
    ),
  );
  return {
    ...conversion,
    decisions,
    cluster: { ...conversion.cluster, findings: conversion.cluster.findings.map(settleFinding) },
    outcomes: [...outcomes, ...leftOut],
    findings: [...findings, ...skips, ...staleFindings(conversion, decisions)],
  };
}

const skippedReason = 'The Ingress was left out by a decision.';

function isSkipped(
  origin: Origin | undefined,
  { skipped }: Decided,
  bySource: ReadonlyMap<ObjectSource, Ingress>,
): boolean {
  const ingress = origin === undefined ? undefined : bySource.get(origin.source);
  return ingress !== undefined && skipped.has(ingress);
}

/** Objects of the input all of whose errors were answered: what is closed in them stays closed knowingly. */
function acceptedErrors(findings: readonly Finding[]): ReadonlyMap<ObjectSource, Decision> {
  const open = new Set<ObjectSource>();
  const answered = new Map<ObjectSource, Decision>();
  for (const { type, origin, decision } of findings) {
    if (type.severity !== 'error' || origin === undefined) continue;
    if (decision === undefined || decision.choice.kind === 'later') open.add(origin.source);
    else answered.set(origin.source, decision);
  }
  for (const source of open) answered.delete(source);
  return answered;
}

/** Annotations at which findings stand, all of them answered. */
function answeredPlaces(
  findings: readonly Finding[],
): ReadonlyMap<ObjectSource, ReadonlyMap<string, Decision>> {
  const answered = new Map<ObjectSource, Map<string, Decision>>();
  const open = new Set<string>();
  const sources = new Map<ObjectSource, number>();
  const keyOf = ({ source, path }: Origin): string => {
    const number = sources.get(source) ?? sources.size;
    sources.set(source, number);
    return `${number} ${path[2]}`;
  };
  for (const { type, origin, decision } of findings) {
    if (origin?.path[1] !== 'annotations' || type.severity === 'note') continue;
    const key = keyOf(origin);
    if (decision === undefined) {
      open.add(key);
      answered.get(origin.source)?.delete(String(origin.path[2]));
    } else if (!open.has(key)) {
      const known = answered.get(origin.source) ?? new Map<string, Decision>();
      known.set(String(origin.path[2]), decision);
      answered.set(origin.source, known);
    }
  }
  return answered;
}
