import { findingType } from '../domain/findings.ts';

export const staleDecision = findingType<{ what: string; choice: string; by: string; reason: string }>({
  code: 'decisions/stale',
  severity: 'warning',
  fields: [],
  summary: 'A decision does not fit the input any more and was not obeyed.',
  message: ({ what, choice, by, reason }) =>
    `The decision of ${by} about ${what} (${choice}) was not obeyed: ${reason}.`,
  remedy: () => 'Decide again with ingress2istio review, or take the decision out of the decisions file.',
});

export const unusedDecision = findingType<{ what: string; choice: string; by: string; reason: string }>({
  code: 'decisions/unused',
  severity: 'note',
  fields: [],
  summary: 'This decision matches nothing in the input.',
  message: ({ what, choice, by, reason }) =>
    `The decision of ${by} about ${what} (${choice}) is of no use here: ${reason}.`,
  remedy: () => 'If this input is all there is, take the decision out of the decisions file.',
});

export const skippedIngress = findingType<{ name: string; by: string; why: string }>({
  code: 'decisions/skipped',
  severity: 'note',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'location', 'certificate', 'connection'],
  summary: 'An Ingress was left out by a decision.',
  message: ({ name, by, why }) =>
    `The Ingress ${name} was left out by a decision of ${by}${why === '' ? '' : `: ${why}`}; nothing of it was converted.`,
  remedy: () => 'Nothing, if ingress-nginx goes on serving it; else decide again with ingress2istio review.',
});

export const decisionFindingTypes = [staleDecision, unusedDecision, skippedIngress];
