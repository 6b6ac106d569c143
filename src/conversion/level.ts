import type { Finding } from '../domain/findings.ts';
import type { Outcome } from '../domain/outcome.ts';

/** How much of a person's attention something asks for: 0 none, 1 a decision, 2 it must not go over like this. */
export type Level = 0 | 1 | 2;

/** Whether a person answered it, so that a pipeline need not stop for it; `later` is no answer. */
export function isAnswered({ decision }: Finding): boolean {
  return decision?.choice.kind === 'accept' || decision?.choice.kind === 'manual';
}

/** Whether the platform team decides it once, and has not yet. */
export function isOfGateway({ type, decision }: Finding): boolean {
  return type.gateway !== undefined && decision?.choice.kind !== 'accept';
}

/** What was accepted asks for nothing more; what somebody does by hand is still to be done. */
export function levelOfFinding({ type, decision }: Finding): Level {
  if (decision?.choice.kind === 'accept') return 0;
  if (decision?.choice.kind === 'manual') return 1;
  return type.severity === 'error' ? 2 : type.severity === 'warning' ? 1 : 0;
}

/**
 * What the status alone says; findings add to it. A closed location always blocks. What is impossible blocks, and what is
 * invalid, unknown or has to be turned on needs a decision, unless its findings, all of them milder, say how much it matters.
 */
export function levelOfOutcome({ status, findings, decision }: Outcome): Level {
  if (decision?.choice.kind === 'accept') return 0;
  if (decision?.choice.kind === 'manual') return 1;
  const worst = findings.length === 0 ? undefined : (Math.max(...findings.map(levelOfFinding)) as Level);
  switch (status) {
    case 'closed':
      return 2;
    case 'impossible':
      return worst ?? 2;
    case 'invalid':
    case 'unknown':
      return worst ?? 1;
    case 'manual':
      return worst === 2 ? 2 : 1;
    case 'opt-in':
      return worst ?? 1;
    default:
      return worst ?? 0;
  }
}
