import type { Step } from '../conversion.ts';
import { type Finding, messageOf, remedyOf, type Scope } from '../findings.ts';
import type { Question } from '../grouping/questions.ts';
import type { Outcome } from '../outcome.ts';
import { type ObjectRef, type Origin, positionOf, qualifiedName } from '../read/origin.ts';
import { decisionLine } from './decided.ts';
import { jsonLine, longestText, longestValue, shorten } from './escape.ts';
import type { Overview } from './overview.ts';
import { groupByCode, objectOf, placeKey } from './places.ts';

/** Names the shape of the report; `report.schema.json` describes it. A change that breaks readers counts it up. */
export const reportSchema = 'ingress2istio/report/v1';

/**
 * The report for programs, in pieces: one line for each object, finding and outcome, so that it can be compared and
 * searched by line; what all findings of a code share stands in `codes`. The same conversion gives the same bytes.
 */
export function* jsonReport(overview: Overview, version: string): Generator<string> {
  const { conversion, summary, ingresses } = overview;
  const findings = byPlace(overview.findings, ({ origin }) => origin);
  const numbers = new Map(findings.map((finding, index) => [finding, index]));
  const outcomes = byPlace(conversion.outcomes, ({ subject }) => subject.origin);
  yield `{\n"schema": ${jsonLine(reportSchema)},\n"tool": ${jsonLine({ name: 'ingress2istio', version })},\n`;
  yield `"summary": ${jsonLine(summary)},\n"options": ${jsonLine(conversion.options)},\n`;
  yield `"leftAlone": ${jsonLine(Object.fromEntries([...conversion.cluster.others].sort(([a], [b]) => (a < b ? -1 : 1))))},\n`;
  yield* list('steps', overview.steps, stepLine);
  const { subjects, automatic, decisions, work } = overview.effort;
  yield `"effort": {\n"subjects": ${subjects},\n"automatic": ${automatic},\n`;
  yield* list('work', work, questionLine);
  yield* list('decisions', decisions, questionLine, '\n');
  yield '},\n';
  yield* list('ingresses', ingresses, ({ ingress, readiness, reasons }) => ({
    ...nameOf(ingress.ingress.ref),
    readiness,
    ...(reasons.length === 0 ? {} : { reasons }),
    today: ingress.state.kind,
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
    ...(url === undefined ? {} : { url }),
  }));
  yield* list('findings', findings, findingLine);
  yield* list('outcomes', outcomes, (outcome) => outcomeLine(outcome, numbers), '\n');
  yield '}\n';
}

function* list<Item>(
  name: string,
  items: readonly Item[],
  line: (item: Item) => object,
  end = ',\n',
): Generator<string> {
  if (items.length === 0) {
    yield `"${name}": []${end}`;
    return;
  }
  yield `"${name}": [\n`;
  for (const [index, item] of items.entries()) {
    yield jsonLine(line(item)) + (index < items.length - 1 ? ',\n' : '\n');
  }
  yield `]${end}`;
}

/** In the order of the input's objects, so that an object's text is looked at once. */
function byPlace<Item>(items: readonly Item[], originOf: (item: Item) => Origin | undefined): Item[] {
  return items
    .map((item) => {
      const origin = originOf(item);
      return { item, key: origin === undefined ? '' : placeKey(origin) };
    })
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ item }) => item);
}

function findingLine(finding: Finding): object {
  const { type, origin, scope } = finding;
  return {
    code: type.code,
    severity: type.severity,
    message: shorten(messageOf(finding), longestText),
    remedy: shorten(remedyOf(finding), longestText),
    ...(scope.kind === 'none' ? {} : { scope: scopeOf(scope) }),
    ...(origin === undefined ? {} : { object: objectOf(origin), ...positionOf(origin) }),
    ...decisionLine(finding.decision),
  };
}

function scopeOf(scope: Scope): object {
  return scope.kind === 'ingress' ? { kind: scope.kind, ingress: qualifiedName(scope.ingress) } : scope;
}

function outcomeLine(outcome: Outcome, numbers: ReadonlyMap<Finding, number>): object {
  const { subject, status, fidelity, targets, reason, findings } = outcome;
  return {
    kind: subject.kind,
    name: shorten(subject.name, longestText),
    ...(subject.value === '' ? {} : { value: shorten(subject.value, longestValue) }),
    object: objectOf(subject.origin),
    ...positionOf(subject.origin),
    status,
    ...(fidelity === undefined ? {} : { fidelity }),
    ...(reason === '' ? {} : { reason: shorten(reason, longestText) }),
    ...(targets.length === 0 ? {} : { targets: targets.map((ref) => `${ref.kind} ${qualifiedName(ref)}`) }),
    ...(findings.length === 0 ? {} : { findings: findings.map((finding) => numbers.get(finding)) }),
    ...decisionLine(outcome.decision),
  };
}

function stepLine({ kind, key, title, commands, origins }: Step): object {
  return { kind, key, title, commands, for: [...new Set(origins.map(objectOf))] };
}

function questionLine({ key, kind, name, value, ingresses, outcomes, findings }: Question): object {
  return {
    key: shorten(key, longestText),
    kind,
    name: shorten(name, longestText),
    ...(value === '' ? {} : { value: shorten(value, longestText) }),
    ingresses,
    subjects: outcomes.length,
    codes: [...new Set(findings.map(({ type }) => type.code))].sort(),
  };
}

function nameOf({ namespace, name }: ObjectRef): object {
  return { namespace, name };
}
