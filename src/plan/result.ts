import type { KnownAnnotation } from '../decode/annotation.ts';
import type { Finding } from '../domain/findings.ts';
import type { Fidelity, Outcome, OutcomeStatus } from '../domain/outcome.ts';
import type { Effect } from './effect.ts';

/** What a feature says of an annotation of this location's Ingress. The worst of all locations is its outcome. */
export interface Claim {
  readonly annotation: KnownAnnotation;
  readonly status: OutcomeStatus;
  readonly fidelity?: Fidelity;
  readonly reason?: string;
  /** Told elsewhere: the annotation is a detail of what they are about, and one answer settles both. */
  readonly findings?: readonly Finding[];
}

/** The answer of a feature. */
export interface FeatureResult {
  readonly effects: readonly Effect[];
  readonly claims: readonly Claim[];
  readonly findings: readonly Finding[];
  /** Of parts of a value, such as the directives of a snippet. */
  readonly outcomes?: readonly Outcome[];
}

/** Of locations that a feature has no part in. */
export const nothing: FeatureResult = { effects: [], claims: [], findings: [] };
