import { UsageError } from '../domain/errors.ts';
import { visible } from '../text/escape.ts';

export const selectKeys = ['host', 'namespace', 'ingress', 'wave'] as const;

export type SelectKey = (typeof selectKeys)[number];

/** One thing that `--select` names, as in `host=*.example.com`. */
export interface SelectTerm {
  readonly key: SelectKey;
  readonly pattern: string;
}

/**
 * Reads what was given to `--select`: a key and a pattern, or several patterns with commas.
 * @throws {UsageError}
 */
export function selectTerms(given: readonly string[]): SelectTerm[] {
  return given.flatMap((text) => {
    const at = text.indexOf('=');
    const key = selectKeys.find((name) => name === text.slice(0, at));
    const patterns = text
      .slice(at + 1)
      .split(',')
      .map((pattern) => pattern.trim());
    if (key === undefined || patterns.includes('')) throw refused(text);
    if (key === 'wave' && !patterns.every((pattern) => /^\d{1,6}$/.test(pattern)))
      throw new UsageError(`--select ${visible(text, 80)} is no wave.`, 'Give its number, as in wave=2.');
    if (key === 'ingress' && !patterns.every((pattern) => pattern.includes('/')))
      throw new UsageError(
        `--select ${visible(text, 80)} names no Ingress.`,
        'Give its namespace and name, as in ingress=shop/web; globs are allowed: ingress=shop/*.',
      );
    return patterns.map((pattern) => ({ key, pattern: key === 'host' ? pattern.toLowerCase() : pattern }));
  });
}

function refused(text: string): UsageError {
  return new UsageError(
    `--select cannot be ${JSON.stringify(visible(text, 80))}.`,
    'Write host=, namespace=, ingress= or wave= and a value, as in --select host=*.example.com; separate several values with commas. host=_ is the catch-all.',
  );
}
