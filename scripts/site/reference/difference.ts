import { structuredPatch } from 'diff';
import { dump, loadAll } from 'js-yaml';

/** The changed lines of objects, with those around them. */
export function differenceOf(old: string, current: string): string {
  return structuredPatch('', '', old, current, '', '', { context: 4 })
    .hunks.map(({ lines }) => lines.join('\n'))
    .join('\n …\n');
}

/** The same input without these annotations of ingress-nginx. */
export function withoutAnnotations(text: string, names: readonly string[]): string {
  return loadAll(text)
    .map((document) =>
      dump(withoutKeys(document, new Set(names.map((name) => `nginx.ingress.kubernetes.io/${name}`)))),
    )
    .join('---\n');
}

function withoutKeys(value: unknown, keys: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutKeys(item, keys));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !keys.has(key))
      .map(([key, inner]) => [key, withoutKeys(inner, keys)]),
  );
}
