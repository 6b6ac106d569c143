/** What the page and the report agree on: the shapes of the embedded data. Names are short where there are many of them. */

/** How many Ingresses, and how many objects, are unpacked together. */
export const chunkSize = 128;

/** `list`: unpacked right after the page has opened. */
export interface PageList {
  readonly namespaces: readonly string[];
  /** By severity, worst first, then by code. */
  readonly codes: readonly PageCode[];
  readonly remedies: readonly string[];
  readonly ingresses: readonly PageIngress[];
  /** Columns, in the order of `codes`. */
  readonly findings: {
    readonly code: readonly number[];
    /** Index into `ingresses`; -1 for none. */
    readonly ingress: readonly number[];
    readonly place: readonly string[];
    readonly message: readonly string[];
    readonly remedy: readonly number[];
  };
}

export interface PageCode {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'note';
  readonly summary: string;
  /** Its page of the documentation. */
  readonly url: string;
}

/** Namespace, name, readiness, hosts, place, what keeps it from being ready, why it is not served, its controllers where there are several. */
export type PageIngress = readonly [
  namespace: number,
  name: string,
  readiness: 'ready' | 'decision' | 'blocked' | 'left-alone',
  hosts: string,
  place: string,
  reasons: string,
  today: string,
  controllers: string,
];

/** `details-N`: Ingresses `N * chunkSize` and following. */
export interface PageDetail {
  readonly text: string;
  readonly outcomes: readonly PageOutcome[];
  /** Indices of objects. */
  readonly objects: readonly number[];
  /** Words of this Ingress to mark in the objects: paths, Services, Secrets. */
  readonly words: readonly string[];
}

export type PageOutcome = readonly [
  kind: string,
  name: string,
  value: string,
  status: string,
  claim: string,
  why: string,
  /** From 0; -1 where it is in no line. */
  line: number,
  /** What it became. */
  parts: readonly PagePart[],
];

/** Where it is in words, the index of its object in `objects`, and its lines there: from 0, the last not included. */
export type PagePart = readonly [name: string, object: number, from: number, to: number];

/** `objects-N`: kind and name, and text. */
export type PageObject = readonly [title: string, text: string];
