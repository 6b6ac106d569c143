import type { IstioObject } from '../istio-api/objects.ts';

/** An object of the output and what it comes from. */
export interface Emitted {
  readonly object: IstioObject;
  /** The file it is written to under `--output`, without extension, as in `shop.example.com` or `mesh/mesh-config`. */
  readonly file: string;
  /** `namespace/name` of the Ingresses it comes from, sorted. */
  readonly from: readonly string[];
  /** Why parts of it are there. */
  readonly comments?: Comments | undefined;
}

/** Lines for a reader: above the object itself, and above items of its lists, by path, as in `spec.http.0`. */
export type Comments = ReadonlyMap<string, readonly string[]>;
