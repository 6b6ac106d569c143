import type { Question } from '../conversion/questions.ts';

/** A question in words: what its findings say, with their code; else what stands in the input. */
export function questionTitle({ kind, name, value, findings }: Question): {
  readonly title: string;
  /** '' where the title is itself taken from the input. */
  readonly code: string;
} {
  if (kind === 'finding') return { title: findings[0]?.type.summary ?? name, code: name };
  return { title: value === '' ? name : `${name}: ${value}`, code: '' };
}
