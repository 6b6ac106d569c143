import type { KnownAnnotation } from '../decode/annotation.ts';
import type { Finding } from '../domain/findings.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Location } from '../nginx/model.ts';
import type { Claim } from './result.ts';
import type { ServerEffects, ServerPlan } from './server-plan.ts';

/** What all features make of a model. */
export interface Converted {
  /** What is asked for each server as a whole. */
  readonly servers: readonly ServerEffects[];
  /**
   * The same with all locations of the server, one server at a time and only once: what is asked for one server is gone before
   * the next one is asked for, so that 10,000 hosts need no more room than one. All else is complete when all plans were taken.
   */
  readonly plans: Iterable<ServerPlan>;
  /** The gravest of what features say of each annotation, over all locations. */
  readonly claims: ReadonlyMap<KnownAnnotation, Claim>;
  readonly findings: readonly Finding[];
  /** By subject. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Locations that a feature closes because it cannot carry their protection over. */
  readonly closed: ReadonlySet<Location>;
}
