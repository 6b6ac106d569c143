import type { ControllerPart } from '../conversion/conversion.ts';
import { groupByCode, inPlaceOrder, objectOf } from '../conversion/places.ts';
import type { Question } from '../conversion/questions.ts';
import { type Finding, messageOf, remedyOf, type Scope } from '../domain/findings.ts';
import {
  type ObjectRef,
  type ObjectSource,
  type Origin,
  positionOf,
  qualifiedName,
} from '../domain/origin.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Step } from '../plan/step.ts';
import { jsonLine, jsonText, longestText, longestValue, shorten } from '../text/escape.ts';
import { decisionLine } from './decided.ts';
import type { Overview } from './overview.ts';

/** Names the shape of the report; `report.schema.json` describes it. A change that breaks readers counts it up. */
export const reportSchema = 'ingress2istio/report/v1';

/**
 * The report for programs, in pieces: one line for each object, finding and outcome, so that it can be compared and
 * searched by line; what all findings of a code share stands in `codes`. The same conversion gives the same bytes.
 */
export function* jsonReport(overview: Overview, version: string): Generator<string> {
  const { conversion, summary, ingresses } = overview;
  const { findings, outcomes } = placed(overview);
  const numbers = new Map(findings.map(({ item }, index) => [item, index]));
  yield `{\n"schema": ${jsonLine(reportSchema)},\n"tool": ${jsonLine({ name: 'ingress2istio', version })},\n`;
  yield `"summary": ${jsonLine(summary)},\n"options": ${jsonLine(conversion.options)},\n`;
  yield `"leftAlone": ${jsonLine(Object.fromEntries([...conversion.cluster.others].sort(([a], [b]) => (a < b ? -1 : 1))))},\n`;
  yield* list('steps', overview.steps, stepLine);
  const { subjects, automatic, decisions, work, gateway } = overview.effort;
  yield `"effort": {\n"subjects": ${subjects},\n"automatic": ${automatic},\n`;
  yield* list('work', work, questionLine);
  yield* list('decisions', decisions, questionLine);
  yield* list('gateway', gateway, questionLine, '\n');
  yield '},\n';
  if (conversion.controllers !== undefined)
    yield* list('controllers', conversion.controllers, controllerLine);
  yield* list('ingresses', ingresses, ({ ingress, readiness, reasons, controllers }) => ({
    ...referenceOf(ingress.ingress.ref),
    readiness,
    ...(reasons.length === 0 ? {} : { reasons }),
    today: ingress.state.kind,
    ...(controllers.length === 0 ? {} : { controllers }),
  }));
  yield* list('objects', conversion.objects, ({ object, file, from }) => ({
    kind: object.kind,
    namespace: object.metadata.namespace,
    name: object.metadata.name,
    file,
    from,
  }));
  yield* list('codes', groupByCode(overview.findings), ({ code, severity, summary, url, findings: all }) => ({
    code,
    severity,
    summary,
    count: all.length,
    ...(all[0]!.type.fields.length === 0 ? {} : { fields: all[0]!.type.fields }),
    url,
  }));
  yield* lines('findings', findings, findingLine);
  yield* lines('outcomes', outcomes, (outcome) => outcomeLine(outcome, numbers), '\n');
  yield '}\n';
}

function list<Item>(
  name: string,
  items: readonly Item[],
  line: (item: Item) => object,
  end = ',\n',
): Generator<string> {
  return lines(name, items, (item) => jsonLine(line(item)), end);
}

function* lines<Item>(
  name: string,
  items: readonly Item[],
  line: (item: Item) => string,
  end = ',\n',
): Generator<string> {
  if (items.length === 0) {
    yield `"${name}": []${end}`;
    return;
  }
  yield `"${name}": [\n`;
  const last = items.length - 1;
  for (const [index, item] of items.entries()) yield `${line(item)}${index < last ? ',\n' : '\n'}`;
  yield `]${end}`;
}

interface Located<Item> {
  readonly item: Item;
  /** The members of its line that say where it stands; '' where that is nowhere. */
  readonly place: string;
}

/**
 * Findings and outcomes in the order of the input's objects. Both are looked for in an object's text before that of the next
 * one is, and what all of an object share is written once.
 */
function placed({ findings, conversion }: Overview): {
  readonly findings: readonly Located<Finding>[];
  readonly outcomes: readonly Located<Outcome>[];
} {
  const lists = { findings: [] as Located<Finding>[], outcomes: [] as Located<Outcome>[] };
  const originOf = (item: Finding | Outcome): Origin | undefined =>
    'subject' in item ? item.subject.origin : item.origin;
  const shared = new Map<ObjectSource, string>();
  for (const item of inPlaceOrder<Finding | Outcome>([...findings, ...conversion.outcomes], originOf)) {
    const place = placeOf(originOf(item), shared);
    if ('subject' in item) lists.outcomes.push({ item, place });
    else lists.findings.push({ item, place });
  }
  return lists;
}

function placeOf(origin: Origin | undefined, shared: Map<ObjectSource, string>): string {
  if (origin === undefined) return '';
  const { source } = origin;
  const known = shared.get(source);
  const object = known ?? `,"object":${jsonText(objectOf(origin))},"file":${jsonText(source.file)}`;
  if (known === undefined) shared.set(source, object);
  const { line, column } = positionOf(origin);
  return `${object},"line":${line},"column":${column}`;
}

// The two long lists are written as text: an object for each of their lines would take three times as long.

function findingLine({ item: finding, place }: Located<Finding>): string {
  const { type, scope, decision } = finding;
  const { code, severity } = type;
  return [
    `{"code":"${code}","severity":"${severity}"`,
    `,"message":${jsonText(shorten(messageOf(finding), longestText))}`,
    `,"remedy":${jsonText(shorten(remedyOf(finding), longestText))}`,
    scope.kind === 'none' ? '' : `,"scope":${scopeText(scope)}`,
    place,
    decision === undefined ? '' : `,${membersOf(decisionLine(decision))}`,
    '}',
  ].join('');
}

function scopeText(scope: Scope): string {
  if (scope.kind === 'ingress')
    return `{"kind":"ingress","ingress":${jsonText(qualifiedName(scope.ingress))}}`;
  if (scope.kind === 'location') {
    const { host, path, match } = scope;
    return `{"kind":"location","host":${jsonText(host)},"path":${jsonText(path)},"match":${jsonText(match)}}`;
  }
  return jsonLine(scope);
}

function outcomeLine({ item, place }: Located<Outcome>, numbers: ReadonlyMap<Finding, number>): string {
  const { subject, status, fidelity, targets, reason, findings, decision } = item;
  const { kind, name, value } = subject;
  return [
    `{"kind":"${kind}","name":${jsonText(shorten(name, longestText))}`,
    value === '' ? '' : `,"value":${jsonText(shorten(value, longestValue))}`,
    place,
    `,"status":"${status}"`,
    fidelity === undefined ? '' : `,"fidelity":"${fidelity}"`,
    reason === '' ? '' : `,"reason":${jsonText(shorten(reason, longestText))}`,
    targets.length === 0
      ? ''
      : `,"targets":[${targets.map((ref) => jsonText(`${ref.kind} ${qualifiedName(ref)}`)).join(',')}]`,
    findings.length === 0 ? '' : `,"findings":[${findings.map((finding) => numbers.get(finding)).join(',')}]`,
    decision === undefined ? '' : `,${membersOf(decisionLine(decision))}`,
    '}',
  ].join('');
}

/** What stands between the braces. */
function membersOf(value: object): string {
  return jsonLine(value).slice(1, -1);
}

function stepLine({ kind, key, title, commands, origins }: Step): object {
  return { kind, key, title, commands, for: [...new Set(origins.map(objectOf))] };
}

function questionLine({ key, kind, name, value, ingresses, outcomes, findings, requests }: Question): object {
  return {
    key: shorten(key, longestText),
    kind,
    name: shorten(name, longestText),
    ...(value === '' ? {} : { value: shorten(value, longestText) }),
    ingresses,
    subjects: outcomes.length,
    ...(requests === undefined ? {} : { requests }),
    codes: [...new Set(findings.map(({ type }) => type.code))].sort(),
  };
}

function controllerLine({ name, workload, gateway, ingresses, conversion }: ControllerPart): object {
  return {
    name,
    ...(workload === undefined ? {} : { workload }),
    converted: conversion !== undefined,
    ...(gateway === undefined
      ? {}
      : { gateway: { namespace: gateway.namespace, selector: gateway.selector } }),
    ingresses: ingresses.length,
  };
}

function referenceOf({ namespace, name }: ObjectRef): object {
  return { namespace, name };
}
