import { createHash } from 'node:crypto';
import { evenSpace, isSnippetKey } from '../conversion/subject.ts';

/** Names a value of an annotation: the same for snippets that differ in white space alone, and never a different one by chance. */
export function fingerprintOf(annotation: string, value: string): string {
  const text = isSnippetKey(annotation) ? evenSpace(value) : value.trim();
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
