import type { Origin } from '../domain/origin.ts';

/** An annotation of the input: its key with prefix and its value in full. */
export interface AnnotationPlace {
  readonly key: string;
  readonly value: string;
}

/** The annotation that a place is in, if it is in one. */
export function annotationAt(
  origin: Origin | undefined,
  annotationsOf: (object: Origin['source']) => ReadonlyMap<string, string> | undefined,
): AnnotationPlace | undefined {
  if (origin === undefined) return undefined;
  const [first, second, key] = origin.path;
  if (first !== 'metadata' || second !== 'annotations' || typeof key !== 'string') return undefined;
  return { key, value: annotationsOf(origin.source)?.get(key) ?? '' };
}

/** Whether the value of an annotation is a piece of nginx's own configuration. */
export function isSnippetKey(key: string): boolean {
  return key.endsWith('-snippet');
}

/** A snippet with its white space evened out: two that differ in nothing else say the same to nginx. */
export function evenSpace(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
