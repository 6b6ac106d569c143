import type { Decision } from '../domain/decision.ts';
import type { Finding } from '../domain/findings.ts';
import type { Options } from '../domain/options.ts';
import type { Origin } from '../domain/origin.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { IstioObject } from '../istio-api/objects.ts';
import type { NginxModel } from '../nginx/model.ts';
import type { Cluster } from '../read/cluster.ts';

/** Something a person has to do for the cut-over, with commands that can be copied. */
export interface Step {
  readonly kind: 'copy-secret' | 'mesh-config' | 'certificate' | 'verify' | 'manual';
  /** Unique and stable: two equal steps are one. */
  readonly key: string;
  readonly title: string;
  /** Shell commands or YAML; never secret data. */
  readonly commands: readonly string[];
  /** Who needs it. */
  readonly origins: readonly Origin[];
  /** For `copy-secret`. */
  readonly secret?: SecretCopy;
}

/** A Secret that has to stand in the gateway's namespace, too; `keys` says which entry of the original becomes which of the copy. */
export interface SecretCopy {
  readonly from: { readonly namespace: string; readonly name: string };
  readonly to: { readonly namespace: string; readonly name: string };
  readonly keys?: Readonly<Record<string, string>>;
  /** The input does not show the original: where it does not exist either, the default certificate takes its place. */
  readonly orDefault?: true;
}

/** An object of the output and what it comes from. */
export interface Emitted {
  readonly object: IstioObject;
  /** The file it is written to under `--output`, without extension, as in `shop.example.com` or `mesh/mesh-config`. */
  readonly file: string;
  /** `namespace/name` of the Ingresses it comes from, sorted. */
  readonly from: readonly string[];
}

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
