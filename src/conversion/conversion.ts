import type { Decision } from '../domain/decision.ts';
import type { Finding } from '../domain/findings.ts';
import type { GatewayOptions, Options } from '../domain/options.ts';
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
  /** What Istio adds (`--with`), written beside them; undefined where nothing was asked for. */
  readonly extras?: readonly Emitted[];
  readonly outcomes: readonly Outcome[];
  readonly findings: readonly Finding[];
  readonly steps: readonly Step[];
  readonly secretCopies: readonly SecretCopy[];
  /** Where the input has several controllers: each of them, with its own part of this conversion. */
  readonly controllers?: readonly ControllerPart[];
  /** What people decided beforehand, in the order of their file. */
  readonly decisions?: readonly Decision[];
}

/** A controller of several, and what became of its Ingresses. */
export interface ControllerPart {
  /** Its class, or `namespace/name` of its workload. */
  readonly name: string;
  /** `namespace/name` of its workload, where the input has one. */
  readonly workload: string | undefined;
  /** Undefined where none is named for it: then nothing of it is converted. */
  readonly gateway: GatewayOptions | undefined;
  /** `namespace/name` of the Ingresses that it selects. */
  readonly ingresses: readonly string[];
  /** Its own conversion; undefined where it is left out. */
  readonly conversion: Conversion | undefined;
}

/** The conversions of single controllers that a conversion consists of: itself, where the input has one controller. */
export function partsOf(conversion: Conversion): readonly Conversion[] {
  return (
    conversion.controllers?.flatMap((part) => (part.conversion === undefined ? [] : [part.conversion])) ?? [
      conversion,
    ]
  );
}
