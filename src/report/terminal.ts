import { controllerRows } from '../conversion/controllers.ts';
import { placeOf } from '../conversion/places.ts';
import {
  isAboutInput,
  levelWords,
  ownQuestions,
  questionText,
  recommendedAnswer,
} from '../conversion/question-text.ts';
import type { Question } from '../conversion/questions.ts';
import { type Finding, remedyOf } from '../domain/findings.ts';
import { count } from '../text/count.ts';
import { visible } from '../text/escape.ts';
import { type Paint, paint, wrap } from '../text/paint.ts';
import { toldOf } from './decided.ts';
import type { Overview } from './overview.ts';
import { effortText, findingCounts, verdictOf } from './summary.ts';

export interface TerminalOptions {
  /** Columns of the terminal; undefined where it is none, and lines are not broken. */
  readonly width: number | undefined;
  readonly colors: boolean;
}

/** So that all of it fits on a screen of 40 lines. */
const shownQuestions = 5;
const shownOfInput = 3;
const longestSubject = 60;
const longestPlace = 60;

/** What a person needs to know after a conversion, on one screen: what is wrong with the input, the questions, the verdict. */
export function terminalSummary(overview: Overview, { width, colors }: TerminalOptions): string {
  const style = { paint: paint(colors), width: width ?? Number.POSITIVE_INFINITY };
  const { conversion, effort, findings, summary } = overview;
  const controllers = controllerRows(conversion).map(
    ({ name, ingresses, gateway }) =>
      `Controller ${visible(name)}: ${count(ingresses, 'Ingress', 'Ingresses')}, gateway ${visible(gateway)}.\n`,
  );
  const input = findings.filter((finding) => isAboutInput(finding) && finding.type.severity !== 'note');
  return [
    section('Input', input, shownOfInput, (finding) => inputLines(finding, style), style),
    section('What is left', ownQuestions(effort), shownQuestions, (one) => questionLines(one, style), style),
    section(
      'Decisions for the whole gateway',
      effort.gateway,
      effort.gateway.length,
      (one) => gatewayLines(one, style),
      style,
    ),
    `${style.paint.strong(verdictOf(summary))}\n${wrap(totals(overview), style.width, '')}\n`,
    ...controllers,
  ]
    .filter((part) => part !== '')
    .join('');
}

/** How much is left, and how many findings the report has. */
function totals({ effort, summary }: Overview): string {
  const counts = findingCounts(summary);
  return [effortText(effort), counts === '' ? 'No findings.' : `The report has ${counts}.`]
    .filter((part) => part !== '')
    .join(' ');
}

interface Style {
  readonly paint: Paint;
  readonly width: number;
}

function section<Item>(
  title: string,
  items: readonly Item[],
  most: number,
  linesOf: (item: Item) => string,
  { paint: colour }: Style,
): string {
  if (items.length === 0) return '';
  const more = items.length > most ? colour.dim(`  and ${items.length - most} more\n`) : '';
  return `${colour.strong(title)}\n${items.slice(0, most).map(linesOf).join('')}${more}\n`;
}

function inputLines(finding: Finding, { paint: colour, width }: Style): string {
  const place = placeOf(finding.origin);
  const { severity, code } = finding.type;
  const remedy = severity === 'error' ? ` ${visible(remedyOf(finding))}` : '';
  const at = place === '' ? '' : ` ${ending(place)}`;
  const text = `  ${severity}${at} ${visible(toldOf(finding))}${remedy} ${code}`;
  return `${wrap(text, width, '    ').replace(severity, colour.severity(severity, severity))}\n`;
}

/** A line that says what it is and how many Ingresses ask, and one with the recommended answer. */
function questionLines(question: Question, { paint: colour, width }: Style): string {
  const { sentence, code, subject } = questionText(question);
  const { level, ingresses, findings } = question;
  const severity = level === 'work' ? 'error' : 'warning';
  const place = placeOf(findings[0]?.origin ?? question.outcomes[0]?.subject.origin);
  const size = ingresses.length === 0 ? '' : ` (${count(ingresses.length, 'Ingress', 'Ingresses')})`;
  const what = [visible(subject, longestSubject), visible(sentence), code]
    .filter((part) => part !== '')
    .join(' ');
  const word = levelWords[level];
  const head = wrap(`  ${word}: ${what}${size}${place === '' ? '' : `, ${ending(place)}`}`, width, '    ');
  const answer = recommendedAnswer(question);
  const remedy = answer === '' ? '' : `${wrap(`    → ${visible(answer)}`, width, '      ')}\n`;
  return `${head.replace(word, colour.severity(severity, word))}\n${remedy}`;
}

function gatewayLines({ name, findings }: Question, { width }: Style): string {
  const decision = findings[0]?.type.gateway;
  return decision === undefined ? '' : `${wrap(`  ${decision.question} ${name}`, width, '    ')}\n`;
}

/** A place whose file is long, without the beginning. */
function ending(place: string): string {
  return place.length > longestPlace ? `…${place.slice(1 - longestPlace)}` : place;
}
