import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OutputError } from '../domain/errors.ts';
import type { Provenance } from '../domain/provenance.ts';
import type { Files } from './files.ts';
import {
  formatManifest,
  hashOf,
  type Manifest,
  manifestName,
  parseManifest,
  parseProvenance,
} from './manifest.ts';

/** What else holds for a directory. */
export interface Staging {
  /** Whether files that are not ours are replaced. */
  readonly force?: boolean;
  /** What happens to files of an earlier run that are not among the new ones. */
  readonly rest?: 'remove' | 'keep';
  /** What the files are made with and of. */
  readonly provenance?: Provenance | undefined;
}

/** What has to happen in a directory. */
export interface Changes {
  /** Files whose content is new, and the manifest. */
  readonly write: Files;
  /** Files to take away first: stale ones, and those that `write` replaces. */
  readonly remove: readonly string[];
  readonly unchanged: number;
}

/** All files, for a directory that isn't there yet. */
export function freshFiles(files: Files, provenance: Provenance | undefined): Changes {
  return { write: new Map([...files, manifestOf(files, provenance)]), remove: [], unchanged: 0 };
}

/** @throws {OutputError} a file that isn't ours is in the way */
export function changesOf(
  target: string,
  files: Files,
  { force = false, rest, provenance }: Staging,
): Changes {
  const written = readManifest(target);
  const mine = written === undefined ? undefined : parseManifest(written);
  const kept = rest === 'keep' ? new Map([...(mine ?? [])].filter(([path]) => !files.has(path))) : undefined;
  const made =
    rest === 'keep' && written !== undefined ? joined(parseProvenance(written), provenance) : provenance;
  const [, manifest] = manifestOf(files, made, kept);
  const write = new Map<string, string>();
  const remove: string[] = [];
  const foreign: string[] = [];
  let unchanged = 0;
  const folders = new Set<string>();
  for (const [path, content] of files) {
    checkFolders(target, path, folders);
    const found = look(join(target, path));
    if (found === 'absent') {
      write.set(path, content);
      continue;
    }
    if (found === 'folder') throw inTheWay(target, path);
    const there = found === 'file' ? readFileSync(join(target, path)) : undefined;
    if (there?.equals(Buffer.from(content))) {
      unchanged++;
      continue;
    }
    if (there === undefined || hashOf(there) !== mine?.get(path)) foreign.push(path);
    write.set(path, content);
    remove.push(path);
  }
  for (const [path, hash] of mine ?? []) {
    if (files.has(path) || kept?.has(path) || !isReachable(target, path, folders)) continue;
    const found = look(join(target, path));
    if (found === 'absent' || found === 'folder') continue;
    if (found !== 'file' || hashOf(readFileSync(join(target, path))) !== hash) foreign.push(path);
    remove.push(path);
  }
  if (foreign.length > 0 && !force) throw notOurs(target, foreign, mine);
  const isNew = written !== manifest;
  if (isNew || write.size > 0 || remove.length > 0) {
    write.set(manifestName, manifest);
    if (look(join(target, manifestName)) !== 'absent') remove.push(manifestName);
  }
  return { write, remove, unchanged };
}

/** What an earlier run read of other Ingresses is as true as it was. */
function joined(earlier: Provenance | undefined, now: Provenance | undefined): Provenance | undefined {
  if (earlier === undefined || now === undefined) return now;
  return { ...now, ingresses: new Map([...earlier.ingresses, ...now.ingresses]) };
}

function manifestOf(
  files: Files,
  provenance: Provenance | undefined,
  kept: Manifest = new Map(),
): [string, string] {
  const hashes = [...files].map(([path, content]) => [path, hashOf(content)] as const);
  return [manifestName, formatManifest(new Map([...kept, ...hashes]), provenance)];
}

export function readManifest(target: string): string | undefined {
  const path = join(target, manifestName);
  return look(path) === 'file' ? readFileSync(path, 'utf8') : undefined;
}

function notOurs(target: string, foreign: readonly string[], mine: Manifest | undefined): OutputError {
  const [first = ''] = foreign;
  const what = mine?.has(first) ? 'was changed since we wrote it' : 'was not written by ingress2istio';
  const more = foreign.length === 1 ? '' : `, and so for ${foreign.length - 1} more`;
  return new OutputError(
    `${join(target, first)} ${what}${more}.`,
    'Nothing was written. Move it away, choose another --output, or replace it with --force.',
  );
}

function inTheWay(target: string, path: string): OutputError {
  return new OutputError(
    `${join(target, path)} is a directory, and a file has to be there.`,
    'Nothing was written. Move it away, or choose another --output.',
  );
}

/** Every folder between the target and the file has to be a real one: a link could lead anywhere. */
function checkFolders(target: string, path: string, known: Set<string>): void {
  if (isReachable(target, path, known)) return;
  throw new OutputError(
    `A folder on the way to ${join(target, path)} is a symbolic link or no folder.`,
    'Nothing was written. Move it away, or choose another --output.',
  );
}

function isReachable(target: string, path: string, known: Set<string>): boolean {
  let folder = '';
  for (const part of path.split('/').slice(0, -1)) {
    folder = folder === '' ? part : `${folder}/${part}`;
    if (known.has(folder)) continue;
    const found = look(join(target, folder));
    if (found === 'absent') return true;
    if (found !== 'folder') return false;
    known.add(folder);
  }
  return true;
}

export function look(path: string): 'absent' | 'file' | 'folder' | 'other' {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 'absent';
  return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
}
