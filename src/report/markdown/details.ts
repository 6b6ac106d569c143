import { groupByCode, objectOf, placeOf } from '../../conversion/places.ts';
import type { Question } from '../../conversion/questions.ts';
import { type Finding, remedyOf, type Severity } from '../../domain/findings.ts';
import { type ObjectRef, originOf, qualifiedName } from '../../domain/origin.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Step } from '../../plan/step.ts';
import { number } from '../../text/count.ts';
import { markdownCode as code, markdownBlock, markdownText as text } from '../../text/escape.ts';
import { reasonOf, toldOf } from '../decided.ts';
import type { Overview } from '../overview.ts';
import { questionTitle } from '../questions.ts';
import type { IngressReadiness, Readiness } from '../readiness.ts';
import { limited, table } from './block.ts';

/** How many findings of one code, places of one finding, and objects of one step are listed; the JSON report has all of them. */
const shownOfEach = 10;
const shownQuestions = 30;
/** Of this many Ingresses each is shown with all of its outcomes; of more, the first that are not ready. */
const shownIngresses = 60;

export function* questionRows(work: readonly Question[], decisions: readonly Question[]): Generator<string> {
  const all = [...work, ...decisions];
  if (all.length === 0) return;
  const rows = all.slice(0, shownQuestions).map((question) => {
    const { title, code: name } = questionTitle(question);
    const what = name === '' ? code(title) : `${text(title)} ${code(name)}`;
    const who = question.ingresses.length === 0 ? 'all' : number(question.ingresses.length);
    const { requests } = question;
    return [question.level, what, who, ...(requests === undefined ? [] : [number(requests)])];
  });
  const head = ['What is left', '', 'Ingresses', ...(all[0]!.requests === undefined ? [] : ['Requests'])];
  yield `\n${table(head, rows)}`;
  if (all.length > shownQuestions) yield `\n… and ${number(all.length - shownQuestions)} more.\n`;
}

export function* whatToDo(steps: readonly Step[]): Generator<string> {
  if (steps.length === 0) return;
  yield '\n## What you have to do\n';
  for (const [index, step] of steps.entries()) {
    const who = [...new Set(step.origins.map(objectOf))];
    const whose =
      who.length > 0
        ? `For ${limited(
            who.map((name) => code(name)),
            shownOfEach,
          ).join(', ')}.\n\n`
        : '';
    const commands = step.commands.length > 0 ? markdownBlock(step.commands.join('\n'), 'sh') : '';
    yield `\n### ${index + 1}. ${text(step.title)}\n\n${whose}${commands}`;
  }
}

const headings: Readonly<Record<Severity, string>> = { error: 'Errors', warning: 'Warnings', note: 'Notes' };

export function* findingSections(findings: readonly Finding[]): Generator<string> {
  if (findings.length === 0) return;
  yield '\n## Findings\n';
  let severity: Severity | undefined;
  for (const group of groupByCode(findings)) {
    const head = group.severity === severity ? '' : `\n### ${headings[group.severity]}\n`;
    severity = group.severity;
    const link = group.url === undefined ? '' : ` See <${encodeURI(group.url)}>.`;
    const title = `\n#### ${code(group.code)} (${number(group.findings.length)})\n\n${text(group.summary)}${link}\n\n`;
    yield `${head}${title}${findingLines(group.findings)}`;
  }
}

/** Findings that say the same are one line with all their places. */
function findingLines(findings: readonly Finding[]): string {
  const reported = new Map<string, { message: string; remedy: string; findings: Finding[] }>();
  for (const finding of findings) {
    const [message, remedy] = [toldOf(finding), remedyOf(finding)];
    const key = `${message}\0${remedy}`;
    const same = reported.get(key);
    if (same === undefined) reported.set(key, { message, remedy, findings: [finding] });
    else same.findings.push(finding);
  }
  const shown = [...reported.values()].slice(0, shownOfEach);
  const remedies = new Set(shown.map(({ remedy }) => remedy));
  let lines = '';
  for (const { message, remedy, findings: same } of shown) {
    const places = same.slice(0, shownOfEach).map(({ origin }) => placeOf(origin));
    const named = places.filter((place) => place !== '').map((place) => code(place, 400));
    const more = same.length - shownOfEach;
    const where = [...named, ...(more > 0 ? [`and ${number(more)} more`] : [])].join(', ');
    const own = remedies.size > 1 && remedy !== '' ? ` *${text(remedy)}*` : '';
    lines += `- ${where === '' ? '' : `${where} `}${text(message)}${own}\n`;
  }
  const more = reported.size - shown.length;
  if (more > 0) lines += `- … and ${number(more)} more; the HTML and the JSON report list all.\n`;
  const [only = ''] = remedies;
  return remedies.size === 1 && only !== '' ? `${lines}\n*${text(only)}*\n` : lines;
}

export const readinessWords: Readonly<Record<Readiness, string>> = {
  blocked: 'blocked',
  decision: 'needs a decision',
  ready: 'ready',
  'left-alone': 'left alone',
};

export function* ingressSections({ ingresses }: Overview): Generator<string> {
  if (ingresses.length === 0) return;
  yield '\n## What became of each Ingress\n';
  const order = Object.keys(readinessWords) as Readiness[];
  const sorted = order.flatMap((readiness) => ingresses.filter((entry) => entry.readiness === readiness));
  const open = sorted.filter(({ readiness }) => readiness === 'blocked' || readiness === 'decision');
  const shown = sorted.length <= shownIngresses ? sorted : open.slice(0, shownIngresses);
  for (const entry of shown) yield ingressSection(entry);
  const more = sorted.length - shown.length;
  if (more > 0)
    yield `\n… and ${number(more)} more; the HTML and the JSON report show every one, and --split writes them apart.\n`;
}

function ingressSection({ ingress, readiness, outcomes, reasons, controllers }: IngressReadiness): string {
  const { ref, source } = ingress.ingress;
  const why =
    readiness === 'ready' || reasons.length === 0
      ? ''
      : `: ${reasons.map((reason) => code(reason)).join(', ')}`;
  const ofController =
    controllers.length === 0 ? '' : `\nController: ${controllers.map((name) => code(name)).join(', ')}\n`;
  const head = `\n### ${code(qualifiedName(ref), 600)} — ${readinessWords[readiness]}\n\n${code(placeOf(originOf(source)), 400)}${why}\n${ofController}`;
  const { state } = ingress;
  const today =
    state.kind === 'served' ? '' : `\nThe controller does not serve it today: ${text(state.reason)}\n`;
  if (outcomes.length === 0) return head + today;
  return `${head}${today}\n${outcomeTable(outcomes)}`;
}

export function outcomeTable(outcomes: readonly Outcome[]): string {
  return table(['What', 'Value', 'Outcome', 'Why, or where it went'], outcomes.map(outcomeRow));
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
