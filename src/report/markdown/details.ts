import { groupByCode, placeOf } from '../../conversion/places.ts';
import type { Finding, Severity } from '../../domain/findings.ts';
import { remedyOf } from '../../domain/findings.ts';
import { type ObjectRef, originOf, qualifiedName } from '../../domain/origin.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { number } from '../../text/count.ts';
import { markdownCode as code, markdownText as text } from '../../text/escape.ts';
import { reasonOf, toldOf } from '../decided.ts';
import type { Overview } from '../overview.ts';
import type { IngressReadiness, Readiness } from '../readiness.ts';
import { limited, table } from './block.ts';
import { readinessWords } from './readiness-words.ts';

/** How many places of one message are listed; the JSON report has all of them. */
const shownPlaces = 5;
/** Messages of one code, and fields that can differ. */
const shownOfEach = 3;
/** Of this many Ingresses each is shown with all of its outcomes; of more, with their counts. */
const shownInFull = 10;
const shownIngresses = 100;

/** Wraps what few readers need: GitHub and GitLab show the summary only. */
export function* folded(summary: string, texts: Iterable<string>): Generator<string> {
  let open = false;
  for (const piece of texts) {
    if (!open) yield `\n<details>\n<summary>${summary}</summary>\n`;
    open = true;
    yield piece;
  }
  if (open) yield '\n</details>\n';
}

const marks: Readonly<Record<Severity, string>> = {
  error: '**Error**',
  warning: '**Warning**',
  note: 'Note',
};

/** Every finding, grouped by code, worst first: what changes, where, and how to fix it. */
export function* findingDetails(findings: readonly Finding[]): Generator<string> {
  if (findings.length > 0) yield '\n';
  for (const { code: name, severity, summary, url, findings: own } of groupByCode(findings)) {
    const fields = limited(
      own[0]!.type.fields.map((field) => code(field, 80)),
      8,
    ).join(', ');
    const differs = fields === '' ? '' : ` Can differ: ${fields}.`;
    yield `- ${marks[severity]} [${code(name)}](${encodeURI(url)}) (${number(own.length)}): ${text(summary)}${differs}\n${messageLines(own)}`;
  }
}

/** Findings that say the same are one line with their places. */
function messageLines(findings: readonly Finding[]): string {
  const reported = new Map<string, { message: string; remedy: string; findings: Finding[] }>();
  for (const finding of findings) {
    const [message, remedy] = [toldOf(finding), remedyOf(finding)];
    const key = `${message}\0${remedy}`;
    const same = reported.get(key);
    if (same === undefined) reported.set(key, { message, remedy, findings: [finding] });
    else same.findings.push(finding);
  }
  const shown = [...reported.values()].slice(0, shownOfEach);
  const lines = shown.map(({ message, remedy, findings: same }) => {
    const places = same.map(({ origin }) => placeOf(origin)).filter((place) => place !== '');
    const where = limited(
      places.slice(0, shownPlaces).map((place) => code(place, 400)),
      shownPlaces,
    );
    const more = places.length > shownPlaces ? [`and ${number(places.length - shownPlaces)} more`] : [];
    const named = [...where, ...more].join(', ');
    return `  - ${named === '' ? '' : `${named}: `}${text(message)}${remedy === '' ? '' : ` *${text(remedy)}*`}\n`;
  });
  const rest = reported.size - shown.length;
  const more = rest > 0 ? `  - … and ${number(rest)} more; the HTML and JSON reports list all.\n` : '';
  return `${lines.join('')}${more}`;
}

/** Each Ingress with what became of it: all of its outcomes where there are few Ingresses, else how many of each. */
export function* ingressDetails({ ingresses }: Overview): Generator<string> {
  const order: readonly Readiness[] = ['blocked', 'decision', 'ready', 'left-alone'];
  const sorted = order.flatMap((readiness) => ingresses.filter((entry) => entry.readiness === readiness));
  if (sorted.length <= shownInFull) {
    for (const entry of sorted) yield ingressInFull(entry);
    return;
  }
  yield `\n${table(['Ingress', 'Readiness', 'Settings', 'Place'], sorted.slice(0, shownIngresses).map(ingressRow))}`;
  const more = sorted.length - shownIngresses;
  if (more > 0) yield `\n… and ${number(more)} more.\n`;
  yield '\nThe HTML and JSON reports list every setting of every Ingress, and --split writes a report for each host or namespace.\n';
}

function ingressRow({ ingress, readiness, outcomes, controllers }: IngressReadiness): string[] {
  const { ref, source } = ingress.ingress;
  const counts = new Map<string, number>();
  for (const { status } of outcomes) counts.set(status, (counts.get(status) ?? 0) + 1);
  const settings = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([status, amount]) => `${amount} ${status}`);
  const of = controllers.length === 0 ? '' : ` (${controllers.map((name) => code(name)).join(', ')})`;
  return [
    `${code(qualifiedName(ref), 600)}${of}`,
    readinessWords[readiness],
    settings.join(', '),
    code(placeOf(originOf(source)), 400),
  ];
}

function ingressInFull({ ingress, readiness, outcomes, reasons, controllers }: IngressReadiness): string {
  const { ref, source } = ingress.ingress;
  const why =
    readiness === 'ready' || reasons.length === 0
      ? ''
      : `: ${reasons.map((reason) => code(reason)).join(', ')}`;
  const ofController =
    controllers.length === 0 ? '' : `\nController: ${controllers.map((name) => code(name)).join(', ')}\n`;
  const head = `\n#### ${code(qualifiedName(ref), 600)} ${readinessWords[readiness]}\n\n${code(placeOf(originOf(source)), 400)}${why}\n${ofController}`;
  const { state } = ingress;
  const today =
    state.kind === 'served' ? '' : `\nThe controller doesn't serve it today: ${text(state.reason)}\n`;
  return outcomes.length === 0 ? head + today : `${head}${today}\n${outcomeTable(outcomes)}`;
}

/** Outcomes of what isn't an Ingress: the controller's options and its TCP services; and the objects that were skipped. */
export function* otherDetails({ conversion }: Overview): Generator<string> {
  const others = conversion.outcomes.filter(({ subject }) => subject.origin.source.ref.kind !== 'Ingress');
  if (others.length > 0) yield `\n${outcomeTable(others)}`;
  const left = [...conversion.cluster.others].sort(([a], [b]) => (a < b ? -1 : 1));
  if (left.length > 0) {
    const kinds = left.map(([kind, amount]) => `${number(amount)} ${text(kind, 200)}`);
    yield `\nOther objects of the input were skipped: ${kinds.join(', ')}.\n`;
  }
}

function outcomeTable(outcomes: readonly Outcome[]): string {
  return table(['What', 'Value', 'Outcome', 'Why, or where it is'], outcomes.map(outcomeRow));
}

function outcomeRow(outcome: Outcome): string[] {
  const { subject, status, fidelity, targets } = outcome;
  const reason = reasonOf(outcome);
  const claim = fidelity === undefined || fidelity === status ? '' : ` (${fidelity})`;
  const where = targets.length === 0 ? '' : limited(targets.map(targetName), 3).join(', ');
  const cell = [reason === '' ? '' : text(reason), where].filter((part) => part !== '').join(' → ');
  return [`${subject.kind} ${code(subject.name)}`, code(subject.value), `${status}${claim}`, cell];
}

function targetName(ref: ObjectRef): string {
  return code(`${ref.kind} ${qualifiedName(ref)}`);
}
