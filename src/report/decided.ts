import { choiceText, type Decision } from '../domain/decision.ts';
import { type Finding, messageOf } from '../domain/findings.ts';
import type { Outcome } from '../domain/outcome.ts';

/** As in `Decided by anna: accept (the partner's addresses).`; '' where nobody decided. */
function decidedText(decision: Decision | undefined): string {
  if (decision === undefined) return '';
  const { choice, by, why } = decision;
  return `Decided by ${by}: ${choiceText(choice)}${why === '' ? '' : ` (${why})`}.`;
}

/** The message of a finding, and what somebody answered. */
export function toldOf(finding: Finding): string {
  return joined(messageOf(finding), decidedText(finding.decision));
}

/** Why a subject came out as it did, and what somebody decided of it. */
export function reasonOf({ reason, decision }: Outcome): string {
  return joined(reason, decidedText(decision));
}

/** For programs. */
export function decisionLine(decision: Decision | undefined): object {
  if (decision === undefined) return {};
  const { choice, by, at, why } = decision;
  return { decision: { choice: choiceText(choice), by, at, ...(why === '' ? {} : { why }) } };
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
