import type { Decision } from './decision.ts';
import type { Finding } from './findings.ts';
import type { ObjectRef, Origin } from './origin.ts';

/** What became of one subject of the input. */
export type OutcomeStatus =
  /** Carried over; `fidelity` says how closely. */
  | 'converted'
  /** Could be carried over with an option that is off, such as EnvoyFilters. */
  | 'opt-in'
  /** A person has to do it. */
  | 'manual'
  /** Nothing has to be done on Istio. */
  | 'not-needed'
  /** Neither Istio nor Envoy can do it. */
  | 'impossible'
  /** nginx does nothing with it today, so nothing is lost. */
  | 'no-effect-today'
  /** A protection that could not be carried over: its locations answer 503 until a person decides. */
  | 'closed'
  /** The value is not valid, and nginx treats it as the finding says. */
  | 'invalid'
  /** No such annotation exists. */
  | 'unknown';

/** Where the places of one subject differ, the status that asks most of a person counts. */
export const gravity: readonly OutcomeStatus[] = [
  'closed',
  'manual',
  'impossible',
  'opt-in',
  'invalid',
  'converted',
  'not-needed',
  'no-effect-today',
  'unknown',
];

export function moreSevere<Judged extends { readonly status: OutcomeStatus }>(
  one: Judged,
  other: Judged,
): Judged {
  return gravity.indexOf(other.status) < gravity.indexOf(one.status) ? other : one;
}

/** The thing of the input that has to be accounted for. */
export interface Subject {
  readonly kind:
    | 'annotation'
    | 'directive'
    | 'rule'
    | 'path'
    | 'tls'
    | 'default-backend'
    | 'option'
    | 'tcp-service';
  /** As in `nginx.ingress.kubernetes.io/rewrite-target`, `example.com/foo` or `proxy-read-timeout`. */
  readonly name: string;
  /** The value as written, shortened to 200 characters; '' where there is none. */
  readonly value: string;
  readonly origin: Origin;
}

/** Exactly one for each subject. */
export interface Outcome {
  readonly subject: Subject;
  readonly status: OutcomeStatus;
  readonly fidelity: Fidelity | undefined;
  /** Objects that it went into. */
  readonly targets: readonly ObjectRef[];
  /** One short sentence on why, for statuses that need one. */
  readonly reason: string;
  readonly findings: readonly Finding[];
  /** What a person decided of it. */
  readonly decision?: Decision;
}

/** What we claim of an annotation in general; the meaning of each word is in `mappings/README.md`. */
export type Fidelity =
  | 'exact'
  | 'equivalent'
  | 'approximate'
  | 'opt-in'
  | 'manual'
  | 'not-needed'
  | 'impossible';
