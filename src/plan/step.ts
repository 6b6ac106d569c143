import type { Origin } from '../domain/origin.ts';

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
