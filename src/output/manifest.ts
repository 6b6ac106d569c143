import { createHash } from 'node:crypto';
import type { Provenance } from '../domain/provenance.ts';

/** The file in an output directory that says which files are ours, and what was in them when we wrote them. */
export const manifestName = '.ingress2istio.json';

/** Path below the directory → SHA-256 of the content, in hex. */
export type Manifest = ReadonlyMap<string, string>;

export function hashOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * One line a file and an Ingress, sorted, so that it reads well in a diff. A new version of the tool that writes the same objects changes
 * one line here and nothing in any object.
 */
export function formatManifest(manifest: Manifest, provenance?: Provenance): string {
  const members = [
    '"about": "Files written by ingress2istio; it only replaces and removes these."',
    '"version": 1',
    ...(provenance === undefined
      ? []
      : [
          `"tool": ${JSON.stringify(provenance.tool)}`,
          `"options": ${JSON.stringify(provenance.options)}`,
          `"surroundings": ${JSON.stringify(provenance.surroundings)}`,
          `"ingresses": ${linesOf(provenance.ingresses)}`,
        ]),
    `"files": ${linesOf(manifest)}`,
  ];
  return `{\n${members.map((member) => `  ${member}`).join(',\n')}\n}\n`;
}

function linesOf(entries: ReadonlyMap<string, string>): string {
  const lines = [...entries]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, hash]) => `    ${JSON.stringify(key)}: ${JSON.stringify(hash)}`);
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n  }`;
}

/** What an output was made with and of; undefined where the text doesn't say, as with outputs of 0.1.0. */
export function parseProvenance(text: string): Provenance | undefined {
  const value = parseJson(text);
  if (!isRecord(value) || !isRecord(value['ingresses'])) return undefined;
  const { tool, options, surroundings, ingresses } = value;
  if (typeof tool !== 'string' || typeof options !== 'string' || typeof surroundings !== 'string')
    return undefined;
  const digests = Object.entries(ingresses).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return { tool, options, surroundings, ingresses: new Map(digests) };
}

/** Undefined where the text is not a manifest of ours. Paths that would leave the directory are dropped. */
export function parseManifest(text: string): Manifest | undefined {
  const value = parseJson(text);
  if (!isRecord(value) || value['version'] !== 1 || !isRecord(value['files'])) return undefined;
  return new Map(
    Object.entries(value['files']).filter(
      (entry): entry is [string, string] => isInside(entry[0]) && typeof entry[1] === 'string',
    ),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
