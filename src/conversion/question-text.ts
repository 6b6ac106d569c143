import { type Finding, remedyOf } from '../domain/findings.ts';
import type { Effort } from './effort.ts';
import type { Question } from './questions.ts';

/** A question in words. */
export interface QuestionText {
  /** What its worst finding says in general, else why its first subject isn't converted; '' where neither says anything. */
  readonly sentence: string;
  /** The code of a finding; '' for a question about a part of the input. */
  readonly code: string;
  /** The part of the input, as in `auth-type: basic`; '' for a question about a finding. */
  readonly subject: string;
}

export function questionText({ kind, name, value, findings, outcomes }: Question): QuestionText {
  const sentence = findings[0]?.type.summary ?? outcomes.find(({ reason }) => reason !== '')?.reason ?? '';
  if (kind === 'finding') return { sentence: sentence === '' ? name : sentence, code: name, subject: '' };
  return { sentence, code: '', subject: value === '' ? name : `${name}: ${value}` };
}

/** What it asks of the reader, in a word or two. */
export const levelWords: Readonly<Record<Question['level'], string>> = {
  work: 'Blocked',
  decision: 'Decision',
  gateway: 'Gateway',
};

/** The answer that its worst finding recommends; '' where it has none. */
export function recommendedAnswer({ findings }: Question): string {
  const [worst] = findings;
  if (worst === undefined) return '';
  return worst.type.gateway?.recommended ?? remedyOf(worst);
}

/** Where to decide: on the command line where the answer is a flag, else in the review. */
export function whereToDecide({ findings }: Question): string {
  const [worst] = findings;
  const flags = worst === undefined ? [] : flagsIn(worst);
  return flags.length > 0 ? flags.join(' ') : 'ingress2istio review';
}

function flagsIn(finding: Finding): string[] {
  const { gateway } = finding.type;
  if (gateway !== undefined) return gateway.flags === '' ? [] : [gateway.flags];
  const [first] = /--[a-z][a-z-]+(?: [a-z]+(?=\)))?/.exec(remedyOf(finding)) ?? [];
  return first === undefined ? [] : [first];
}

/** Questions about Ingresses: neither about the input nor about the whole gateway. */
export function ownQuestions({ work, decisions }: Effort): readonly Question[] {
  return [...work, ...decisions].filter(
    ({ findings }) => findings.length === 0 || !findings.every(isAboutInput),
  );
}

/** Findings about what was read, and not about traffic: they have a section of their own. */
export function isAboutInput({ type }: Finding): boolean {
  return /^(?:input|cluster|controller|mesh\/release)/.test(type.code);
}
