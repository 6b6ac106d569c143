import { createHash } from 'node:crypto';

/** The file in an output directory that says which files are ours, and what was in them when we wrote them. */
export const manifestName = '.ingress2istio.json';

/** Path below the directory → SHA-256 of the content, in hex. */
export type Manifest = ReadonlyMap<string, string>;

export function hashOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** One line a file, sorted, so that it reads well in a diff. */
export function formatManifest(manifest: Manifest): string {
  const lines = [...manifest]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, hash]) => `    ${JSON.stringify(path)}: ${JSON.stringify(hash)}`);
  return `{\n  "about": "Files written by ingress2istio; it only replaces and removes these.",\n  "version": 1,\n  "files": {\n${lines.join(',\n')}\n  }\n}\n`;
}

/** Undefined where the text is not a manifest of ours. Paths that would leave the directory are dropped. */
export function parseManifest(text: string): Manifest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value['version'] !== 1 || !isRecord(value['files'])) return undefined;
  return new Map(
    Object.entries(value['files']).filter(
      (entry): entry is [string, string] => isInside(entry[0]) && typeof entry[1] === 'string',
    ),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isInside(path: string): boolean {
  return (
    !path.includes('\\') &&
    !path.includes('\0') &&
    path.split('/').every((part) => part !== '' && !part.startsWith('.'))
  );
}
