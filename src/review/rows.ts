import type { Conversion } from '../conversion/conversion.ts';
import { allFindings, severities } from '../conversion/places.ts';
import { isAboutInput, questionText, recommendedAnswer } from '../conversion/question-text.ts';
import { type Question, questionsOf } from '../conversion/questions.ts';
import type { Traffic } from '../conversion/traffic.ts';
import type { Place } from '../decisions/match.ts';
import { placeAt } from '../decisions/place.ts';
import { subjectPlace } from '../decisions/subject.ts';
import {
  type Finding,
  type GatewayDecision,
  messageOf,
  remedyOf,
  type Severity,
} from '../domain/findings.ts';
import { type ObjectSource, type Origin, qualifiedName } from '../domain/origin.ts';
import type { Outcome } from '../domain/outcome.ts';

/** How much is at stake, gravest first; the order of the list. */
export const risks = ['fails open', 'closed', 'access', 'error', 'warning', 'note'] as const;
export type Risk = (typeof risks)[number];

/** The headings of the list, in its order. */
export const groups = ['Blocked', 'Access', 'Gateway', 'Behavior', 'Input'] as const;
export type Group = (typeof groups)[number];

/** One place that a row asks about. */
export interface RowPlace extends Place {
  /** The value as written; '' where there is none. */
  readonly raw: string;
  readonly origin: Origin | undefined;
}

/** One question, over all places that ask it. */
export interface Row {
  /** Unique and stable over runs. */
  readonly key: string;
  readonly kind: Question['kind'];
  readonly title: string;
  /** The question in words, without values. */
  readonly sentence: string;
  readonly group: Group;
  /** What its worst finding recommends; '' where it has nothing to say. */
  readonly recommended: string;
  /** Set where the platform team decides it once for all hosts. */
  readonly gateway: GatewayDecision | undefined;
  /** The value that they all have; '' where there is none or several. */
  readonly value: string;
  readonly risk: Risk;
  readonly severity: Severity;
  /** The code that decisions about this row name; undefined: they speak of the annotation as a whole. */
  readonly code: string | undefined;
  readonly places: readonly RowPlace[];
  /** `namespace/name`, sorted. */
  readonly ingresses: readonly string[];
  readonly namespaces: readonly string[];
  readonly hosts: readonly string[];
  readonly findings: readonly Finding[];
  readonly outcomes: readonly Outcome[];
  /** What is the matter and what can be done, in the words of its worst finding. */
  readonly message: string;
  readonly remedy: string;
  /** Requests of a log that it touches; undefined where no log was read. */
  readonly requests: number | undefined;
  /** It is asked because of what was decided, not of the input as it is. */
  readonly arisen: boolean;
  /** Lower-case text that the filter looks through. */
  readonly haystack: string;
}

/** The questions of a conversion, those first that risk most. */
export function rowsOf(conversion: Conversion): Row[] {
  const annotations = new Map(
    conversion.model.ingresses.map(({ ingress }) => [ingress.source, ingress.annotations] as const),
  );
  const hosts = new Map<string, readonly string[]>(
    conversion.model.ingresses.map(({ ingress }) => [
      qualifiedName(ingress.ref),
      [...new Set(ingress.rules.map(({ host }) => (host === '' ? '*' : host)))],
    ]),
  );
  return questionsOf(conversion, allFindings(conversion))
    .map((question) => rowOf(question, annotations, hosts))
    .sort(byRisk);
}

/**
 * The questions of the input, and those that come of what was decided: of a conversion without and one with decisions.
 * @param traffic of a log: those that touch most requests come first
 */
export function allRows(
  plain: Conversion,
  decided: Conversion | undefined,
  traffic?: Traffic | undefined,
): Row[] {
  const rows = rowsOf(plain);
  const known = new Set(rows.map(({ key }) => key));
  const arisen = (decided === undefined ? [] : rowsOf(withoutAnswers(decided))).filter(
    ({ key }) => !known.has(key),
  );
  return [...rows, ...arisen.map((row) => ({ ...row, arisen: true }))]
    .map((row) => (traffic === undefined ? row : { ...row, requests: traffic.get(row.key) ?? 0 }))
    .sort((a, b) => (b.requests ?? 0) - (a.requests ?? 0) || byRisk(a, b));
}

/** An answer takes a finding out of the questions, and these are to stay in the list. Decisions themselves ask nothing. */
function withoutAnswers(conversion: Conversion): Conversion {
  return {
    ...conversion,
    findings: conversion.findings
      .filter(({ type }) => !type.code.startsWith('decisions/'))
      .map(({ decision: _, ...finding }) => finding),
    outcomes: [],
  };
}

export function byRisk(a: Row, b: Row): number {
  return (
    groups.indexOf(a.group) - groups.indexOf(b.group) ||
    risks.indexOf(a.risk) - risks.indexOf(b.risk) ||
    b.places.length - a.places.length ||
    (a.key < b.key ? -1 : 1)
  );
}

function rowOf(
  question: Question,
  annotations: ReadonlyMap<ObjectSource, ReadonlyMap<string, string>>,
  hosts: ReadonlyMap<string, readonly string[]>,
): Row {
  const { key, kind, name, findings, outcomes, ingresses } = question;
  const code = kind === 'finding' ? name : undefined;
  const places = new Map<string, RowPlace>();
  const add = (place: RowPlace): void => {
    const id = JSON.stringify([place.ingress, place.annotation, place.fingerprint]);
    if (!places.has(id)) places.set(id, place);
  };
  const placeOf = (origin: Origin | undefined, scope: Finding['scope'] | undefined): RowPlace => ({
    ...placeAt(origin, (source) => annotations.get(source), code, scope),
    origin,
  });
  for (const { origin, scope } of findings) add(placeOf(origin, scope));
  // What a subject says beside its findings stands where they stand.
  if (findings.length === 0)
    for (const outcome of outcomes) {
      const place = placeOf(outcome.subject.origin, undefined);
      add(
        place.annotation === undefined
          ? { ...place, ...subjectPlace(outcome), raw: outcome.subject.value }
          : place,
      );
    }
  const all = [...places.values()];
  const worst = findings[0];
  const values = new Set(all.map(({ fingerprint }) => fingerprint));
  const own = [...new Set(ingresses.flatMap((ingress) => hosts.get(ingress) ?? []))].sort();
  const named = findings.flatMap(({ scope }) =>
    scope.kind === 'host' || scope.kind === 'location' ? [scope.host === '' ? '*' : scope.host] : [],
  );
  const title = kind === 'finding' || kind === 'subject' ? name : name.slice(name.indexOf('/') + 1);
  const value = values.size === 1 ? (all[0]?.raw ?? '') : '';
  const severity = worst?.type.severity ?? 'warning';
  const risk = riskOf(question, severity);
  return {
    key,
    kind,
    title,
    sentence: worst?.type.gateway?.question ?? questionText(question).sentence,
    group: groupOf(question, risk),
    recommended: recommendedAnswer(question),
    gateway: worst?.type.gateway,
    value,
    risk,
    severity,
    code,
    places: all,
    ingresses,
    namespaces: [...new Set(ingresses.map((ingress) => ingress.slice(0, ingress.indexOf('/'))))].sort(),
    hosts: [...new Set([...own, ...named])].sort(),
    findings,
    outcomes,
    message: worst === undefined ? (outcomes[0]?.reason ?? '') : messageOf(worst),
    remedy: worst === undefined ? '' : remedyOf(worst),
    requests: undefined,
    arisen: false,
    haystack: [
      key,
      questionText(question).sentence,
      ...ingresses,
      ...own,
      ...findings.slice(0, 1).map(messageOf),
    ]
      .join(' ')
      .toLowerCase(),
  };
}

function groupOf({ level, findings }: Question, risk: Risk): Group {
  if (level === 'gateway') return 'Gateway';
  if (findings.length > 0 && findings.every(isAboutInput)) return 'Input';
  if (level === 'work' || risk === 'fails open' || risk === 'closed') return 'Blocked';
  return risk === 'access' ? 'Access' : 'Behavior';
}

const access = /^(auth|access|satisfy|protection|rate-limit|tls\/|basic-auth|client-cert)/;

function riskOf({ findings, outcomes, name }: Question, severity: Severity): Risk {
  if (findings.some(({ type }) => type.code === 'annotation/fails-open')) return 'fails open';
  if (
    findings.some(({ type }) => type.code.endsWith('/closed')) ||
    outcomes.some(({ status }) => status === 'closed')
  )
    return 'closed';
  const about = name.slice(name.startsWith('nginx.') ? name.indexOf('/') + 1 : 0);
  if (access.test(about) && severities.indexOf(severity) < 2) return 'access';
  return severity;
}
