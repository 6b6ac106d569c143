import type { ObjectSource } from '../domain/origin.ts';
import { isMapping } from './fields.ts';
import { rawObject } from './source.ts';

/**
 * The entries of a Secret, decoded: for basic-auth users alone, and only where they were asked for by name. Nothing else
 * reads a Secret's values. Undefined where the input holds none.
 */
export function readSecretData(source: ObjectSource): ReadonlyMap<string, string> | undefined {
  const body = rawObject(source);
  if (!isMapping(body)) return undefined;
  const { data, stringData } = body;
  if (!isMapping(data) && !isMapping(stringData)) return undefined;
  const entries = new Map<string, string>();
  for (const [name, value] of Object.entries(isMapping(data) ? data : {})) {
    if (typeof value === 'string') entries.set(name, Buffer.from(value, 'base64').toString('utf8'));
  }
  // As on the API server, stringData wins.
  for (const [name, value] of Object.entries(isMapping(stringData) ? stringData : {})) {
    if (typeof value === 'string') entries.set(name, value);
  }
  return entries;
}
