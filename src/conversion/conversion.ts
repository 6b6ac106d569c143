import type { Decision } from '../domain/decision.ts';
import type { Finding } from '../domain/findings.ts';
import type { Options } from '../domain/options.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { NginxModel } from '../nginx/model.ts';
import type { Emitted } from '../plan/emitted.ts';
import type { SecretCopy, Step } from '../plan/step.ts';
import type { Cluster } from '../read/cluster.ts';

/** The result: the only input of the emitter, the diffs, the reports and the review. */
export interface Conversion {
  readonly cluster: Cluster;
  readonly options: Options;
  readonly model: NginxModel;
  /** In the order in which they are written. */
  readonly objects: readonly Emitted[];
  readonly outcomes: readonly Outcome[];
  readonly findings: readonly Finding[];
  readonly steps: readonly Step[];
  readonly secretCopies: readonly SecretCopy[];
  /** What people decided beforehand, in the order of their file. */
  readonly decisions?: readonly Decision[];
}
