import type { Origin } from '../domain/origin.ts';
import type { Consequence, Mapping } from './mapping.ts';

/** A value that its type rule has read; lists are trimmed, without empty entries. */
export type AnnotationValue = string | number | boolean | readonly string[];

/**
 * One annotation of an Ingress, decoded.
 * - `known`: one of ingress-nginx; `value` is undefined where it is blank (which nginx takes for "not set") or `problem` says why.
 * - `unknown`: has the controller's prefix (or its old or a misspelt one), but no such annotation exists; `suggestions` are the nearest names.
 * - `class`: `kubernetes.io/ingress.class`.
 * - `companion`: belongs to a tool that works with Ingresses (cert-manager, external-dns) and needs a new home.
 * - `foreign`: of another controller or tool, without a meaning for ingress-nginx.
 */
export type Annotation =
  | KnownAnnotation
  | {
      readonly kind: 'unknown';
      readonly key: string;
      readonly raw: string;
      readonly origin: Origin;
      readonly suggestions: readonly string[];
      /** What is known of the name, as a sentence: that a release took it away, or that it belongs elsewhere; '' where nothing is. */
      readonly note: string;
    }
  | {
      readonly kind: 'class' | 'companion' | 'foreign';
      readonly key: string;
      readonly raw: string;
      readonly origin: Origin;
      readonly owner: string;
    };

export interface KnownAnnotation {
  readonly kind: 'known';
  /** As written, with its prefix. */
  readonly key: string;
  readonly raw: string;
  readonly origin: Origin;
  readonly mapping: Mapping;
  /** True where another annotation of the same Ingress (the newer name) makes this alias void. */
  readonly shadowed: boolean;
  readonly value: AnnotationValue | undefined;
  readonly problem: { readonly reason: string; readonly consequence: Consequence } | undefined;
}
