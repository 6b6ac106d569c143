import type { Origin } from '../domain/origin.ts';
import type { IstioObject } from '../istio-api/objects.ts';

/** An object of the output and what it comes from. */
export interface Emitted {
  readonly object: IstioObject;
  /** The file it is written to under `--output`, without extension, as in `shop.example.com` or `mesh/mesh-config`. */
  readonly file: string;
  /** `namespace/name` of the Ingresses it comes from, sorted. */
  readonly from: readonly string[];
  /** The parts that come from settings of the input, in the order in which they are written. */
  readonly parts?: readonly Part[] | undefined;
}

/** A part of an object, and what it comes from. */
export interface Part {
  /** As in `spec.http.0`; '' for the object itself. */
  readonly path: string;
  /** For a reader of the object, a line each; empty for what says enough by itself. */
  readonly comment: readonly string[];
  readonly origins: readonly Origin[];
}
