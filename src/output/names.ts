import { createHash } from 'node:crypto';

/** Longest name of a file that common file systems take, less an extension and the marks below, in bytes. */
const longest = 200;

/**
 * The path of an output file below its directory, from a name such as `shop.example.com` or `mesh/mesh-config`. Names come
 * from the input, so the result never leaves the directory, hides a file, or takes the place of a kustomization:
 * every other character is written as `%2e`, a name that is too long ends in a hash of itself.
 */
export function outputPath(name: string): string {
  const parts = name.split('/').filter((part) => part !== '');
  return `${(parts.length === 0 ? ['_'] : parts).map(safePart).join('/')}.yaml`;
}

function safePart(part: string): string {
  const safe = part.replace(/[^A-Za-z0-9._-]/gu, percent).replace(/^\./, '%2e');
  const distinct = /^kustomization$/i.test(safe) ? `${safe}_` : safe;
  if (distinct.length <= longest) return distinct;
  const hash = createHash('sha256').update(part).digest('hex').slice(0, 12);
  return `${distinct.slice(0, longest)}-${hash}`;
}

function percent(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}
