import { recordAt, textsAt } from '../domain/fields.ts';
import { isMapping, type Mapping } from '../read/fields.ts';

/** A mapping inside an object that anybody may have written; empty where there is none. */
export { recordAt as at };

export function listOf(value: unknown, key: string): readonly Mapping[] {
  const list = recordAt(value)[key];
  return Array.isArray(list) ? list.filter(isMapping) : [];
}

export function textsOf(value: unknown, key: string): readonly string[] {
  return textsAt(value, key);
}

export function textOf(value: unknown, key: string): string | undefined {
  const found = recordAt(value)[key];
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
}

/** How closely a host pattern of Istio fits a name: more is closer, undefined is not at all. */
export function hostFit(pattern: string, name: string): number | undefined {
  const bare = pattern.slice(pattern.indexOf('/') + 1).toLowerCase();
  if (bare === name) return Number.POSITIVE_INFINITY;
  if (bare === '*') return 0;
  return bare.startsWith('*') && name.endsWith(bare.slice(1)) ? bare.length : undefined;
}

export function bestFit(patterns: readonly string[], name: string): number | undefined {
  const fits = patterns.flatMap((pattern) => hostFit(pattern, name) ?? []);
  return fits.length === 0 ? undefined : Math.max(...fits);
}

/** A host and the wildcards that cover it, the closest first. */
export function patternsOver(host: string): string[] {
  const patterns = [host];
  for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1))
    patterns.push(`*${host.slice(dot)}`);
  return [...patterns, '*'];
}
