import type { Step } from '../conversion.ts';
import { messageOf, remedyOf, type Severity } from '../findings.ts';
import type { Outcome } from '../outcome.ts';
import { type ObjectRef, originOf, qualifiedName } from '../read/origin.ts';
import { markdownCode as code, markdownBlock, markdownText as text } from './escape.ts';
import type { Overview } from './overview.ts';
import { groupByCode, objectOf, placeOf } from './places.ts';
import type { IngressReadiness, Readiness } from './readiness.ts';
import { count, number, verdictOf } from './summary.ts';

/** How many findings of one code, and objects of one step, are listed; the JSON report has all of them. */
const shownOfEach = 50;

/** The report for people, as GitHub's Markdown, in pieces: verdict, what to do, findings, and what became of everything. */
export function* markdownReport(overview: Overview): Generator<string> {
  yield `# From ingress-nginx to Istio\n\n**${text(verdictOf(overview.summary))}**\n\n`;
  yield* figures(overview);
  yield* whatToDo(overview.conversion.steps);
  yield* findingSections(overview);
  yield* ingressSections(overview);
  yield* otherOutcomes(overview);
}

function* figures({ summary }: Overview): Generator<string> {
  const { ingresses, objects } = summary;
  const kinds = Object.entries(objects).map(([kind, amount]) => `${number(amount)} ${text(kind)}`);
  const rows: [string, string][] = [
    ['Ingresses ready', number(ingresses.ready)],
    ['Ingresses that need a decision', number(ingresses.decision)],
    ['Ingresses blocked', number(ingresses.blocked)],
    ['Ingresses that ingress-nginx does not select, left alone', number(ingresses['left-alone'])],
    ['Hosts', number(summary.hosts)],
    ['Objects written', kinds.length === 0 ? 'none' : kinds.join(', ')],
    ['Secrets to copy', number(summary.secretsToCopy)],
    [
      'Findings',
      (['error', 'warning', 'note'] as const)
        .map((severity) => count(summary.findings[severity], severity))
        .join(', '),
    ],
  ];
  yield table(['', ''], rows);
}

function* whatToDo(steps: readonly Step[]): Generator<string> {
  if (steps.length === 0) return;
  yield '\n## What you have to do\n';
  for (const [index, step] of steps.entries()) {
    yield `\n### ${index + 1}. ${text(step.title)}\n\n`;
    const who = [...new Set(step.origins.map(objectOf))];
    if (who.length > 0) yield `For ${limited(who.map((name) => code(name))).join(', ')}.\n\n`;
    if (step.commands.length > 0) yield markdownBlock(step.commands.join('\n'), '');
  }
}

const headings: Readonly<Record<Severity, string>> = { error: 'Errors', warning: 'Warnings', note: 'Notes' };

function* findingSections({ findings }: Overview): Generator<string> {
  if (findings.length === 0) return;
  yield '\n## Findings\n';
  let severity: Severity | undefined;
  for (const group of groupByCode(findings)) {
    if (group.severity !== severity) yield `\n### ${headings[group.severity]}\n`;
    severity = group.severity;
    yield `\n#### ${code(group.code)} (${number(group.findings.length)})\n\n${text(group.summary)}`;
    yield group.url === undefined ? '\n\n' : ` See <${encodeURI(group.url)}>.\n\n`;
    const shown = group.findings.slice(0, shownOfEach);
    const remedies = new Set(shown.map((finding) => remedyOf(finding)));
    for (const finding of shown) {
      const place = placeOf(finding.origin);
      const remedy = remedies.size > 1 ? remedyOf(finding) : '';
      yield `- ${place === '' ? '' : `${code(place, 400)} `}${text(messageOf(finding))}`;
      yield remedy === '' ? '\n' : ` *${text(remedy)}*\n`;
    }
    const more = group.findings.length - shown.length;
    if (more > 0) yield `- … and ${number(more)} more; the JSON report lists all.\n`;
    const [only] = remedies;
    if (remedies.size === 1 && only !== undefined && only !== '') yield `\n*${text(only)}*\n`;
  }
}

const words: Readonly<Record<Readiness, string>> = {
  blocked: 'blocked',
  decision: 'needs a decision',
  ready: 'ready',
  'left-alone': 'left alone',
};

function* ingressSections({ ingresses }: Overview): Generator<string> {
  if (ingresses.length === 0) return;
  yield '\n## What became of each Ingress\n';
  const order = Object.keys(words) as Readiness[];
  for (const readiness of order) {
    for (const entry of ingresses) if (entry.readiness === readiness) yield ingressSection(entry);
  }
}

function ingressSection({ ingress, readiness, outcomes, reasons }: IngressReadiness): string {
  const { ref, source } = ingress.ingress;
  const why =
    readiness === 'ready' || reasons.length === 0
      ? ''
      : `: ${reasons.map((reason) => code(reason)).join(', ')}`;
  const head = `\n### ${code(qualifiedName(ref), 600)} — ${words[readiness]}\n\n${code(placeOf(originOf(source)), 400)}${why}\n`;
  const { state } = ingress;
  const today =
    state.kind === 'served' ? '' : `\nThe controller does not serve it today: ${text(state.reason)}\n`;
  if (outcomes.length === 0) return head + today;
  return `${head}${today}\n${table(['What', 'Value', 'Outcome', 'Why, or where it went'], outcomes.map(outcomeRow))}`;
}

function outcomeRow({ subject, status, fidelity, targets, reason }: Outcome): string[] {
  const claim = fidelity === undefined || fidelity === status ? '' : ` (${fidelity})`;
  const where = targets.length === 0 ? '' : limited(targets.map(targetName), 3).join(', ');
  const cell = [reason === '' ? '' : text(reason), where].filter((part) => part !== '').join(' → ');
  return [`${subject.kind} ${code(subject.name)}`, code(subject.value), `${status}${claim}`, cell];
}

function targetName(ref: ObjectRef): string {
  return code(`${ref.kind} ${qualifiedName(ref)}`);
}

/** Outcomes of things that are no Ingress: the controller's options and its TCP services. */
function* otherOutcomes({ conversion }: Overview): Generator<string> {
  const others = conversion.outcomes.filter(({ subject }) => subject.origin.source.ref.kind !== 'Ingress');
  if (others.length > 0) {
    yield '\n## What became of the rest\n\n';
    yield table(['What', 'Value', 'Outcome', 'Why, or where it went'], others.map(outcomeRow));
  }
  const left = [...conversion.cluster.others].sort(([a], [b]) => (a < b ? -1 : 1));
  if (left.length > 0) {
    yield `\nOther objects of the input were left alone: ${left
      .map(([kind, amount]) => `${number(amount)} ${text(kind, 200)}`)
      .join(', ')}.\n`;
  }
}

function limited(names: readonly string[], most = shownOfEach): string[] {
  const more = names.length - most;
  return more > 0 ? [...names.slice(0, most), `and ${number(more)} more`] : [...names];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}
