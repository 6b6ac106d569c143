import type { Outcome } from '../domain/outcome.ts';
import { fingerprintOf } from './fingerprint.ts';

/** Where a part of the input that is no annotation is decided: by its kind and name. */
export function subjectPlace({ subject }: Outcome): { annotation: string; fingerprint: string } {
  const annotation = `${subject.kind} ${subject.name}`;
  return { annotation, fingerprint: fingerprintOf(annotation, subject.value) };
}
