import type { Readiness } from '../readiness.ts';

export const readinessWords: Readonly<Record<Readiness, string>> = {
  blocked: 'is blocked',
  decision: 'needs a decision',
  ready: 'is ready',
  'left-alone': 'was skipped',
};
