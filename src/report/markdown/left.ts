import { placeOf } from '../../conversion/places.ts';
import {
  isAboutInput,
  levelWords,
  ownQuestions,
  questionText,
  recommendedAnswer,
  whereToDecide,
} from '../../conversion/question-text.ts';
import type { Question } from '../../conversion/questions.ts';
import type { Finding, Severity } from '../../domain/findings.ts';
import { remedyOf } from '../../domain/findings.ts';
import { count, number } from '../../text/count.ts';
import { markdownCode as code, markdownText as text } from '../../text/escape.ts';
import { toldOf } from '../decided.ts';
import type { Overview } from '../overview.ts';

const shownQuestions = 30;
const shownOfInput = 12;
/** Of a part of the input, in characters. */
const longestSubject = 120;

/** The questions of Ingresses: a sentence each, with its count, the recommended answer, and where to decide it. */
export function* whatIsLeft({ effort }: Overview): Generator<string> {
  const all = ownQuestions(effort);
  if (all.length === 0) return;
  yield '\n## What is left\n\n';
  for (const [index, question] of all.slice(0, shownQuestions).entries())
    yield `${index + 1}. ${questionLine(question)}\n`;
  if (all.length > shownQuestions)
    yield `\n… and ${number(all.length - shownQuestions)} more; the HTML and JSON reports list all.\n`;
}

function questionLine(question: Question): string {
  const { level, ingresses, requests } = question;
  const { sentence, code: name, subject } = questionText(question);
  const size = [
    ...(ingresses.length === 0 ? [] : [count(ingresses.length, 'Ingress', 'Ingresses')]),
    ...(requests === undefined ? [] : [count(requests, 'request')]),
  ].join(', ');
  const answer = recommendedAnswer(question);
  return [
    `**${levelWords[level]}${size === '' ? '' : `, ${size}`}.**`,
    ...(subject === '' ? [] : [code(subject, longestSubject)]),
    ...(sentence === '' ? [] : [text(sentence)]),
    ...(name === '' ? [] : [code(name)]),
    ...(answer === '' ? [] : [`Recommended: ${text(answer)}`]),
    `Decide with ${code(whereToDecide(question))}.`,
  ].join(' ');
}

/** What the platform team decides once, with what was applied meanwhile. */
export function* gatewayDecisions({ effort: { gateway } }: Overview): Generator<string> {
  if (gateway.length === 0) return;
  yield '\n## Decisions for the whole gateway\n\nA default applies to each; no Ingress depends on them.\n\n';
  for (const { name, findings, requests } of gateway) {
    const decision = findings[0]?.type.gateway;
    if (decision === undefined) continue;
    const hosts = new Set(findings.flatMap(({ scope }) => (scope.kind === 'host' ? [scope.host] : [])));
    const size = [
      ...(hosts.size === 0 ? [] : [count(hosts.size, 'host')]),
      ...(requests === undefined ? [] : [count(requests, 'request')]),
    ];
    const concerned = size.length === 0 ? '' : ` (${size.join(', ')})`;
    const flags = decision.flags === '' ? '' : ` Apply it with ${code(decision.flags)}.`;
    yield `- **${text(decision.question)}**${concerned} ${code(name)}: ${text(decision.applied)} Recommended: ${text(decision.recommended)}${flags}\n`;
  }
}

const marks: Readonly<Record<Severity, string>> = {
  error: '**Error**',
  warning: '**Warning**',
  note: 'Note',
};

/** What is wrong with the input, and what was read from it. */
export function* inputSection({ findings }: Overview): Generator<string> {
  const own = findings.filter(isAboutInput);
  if (own.length === 0) return;
  yield '\n## Input\n\n';
  for (const finding of own.slice(0, shownOfInput)) yield findingLine(finding);
  if (own.length > shownOfInput) yield `- … and ${number(own.length - shownOfInput)} more.\n`;
}

/** A finding on one line, with its place and what to do. */
export function findingLine(finding: Finding): string {
  const place = placeOf(finding.origin);
  const remedy = remedyOf(finding);
  const where = place === '' ? '' : ` ${code(place, 400)}`;
  const what = remedy === '' ? '' : ` *${text(remedy)}*`;
  return `- ${marks[finding.type.severity]}${where} ${text(toldOf(finding))}${what} ${code(finding.type.code)}\n`;
}
