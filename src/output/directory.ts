import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { OutputError, systemCode, systemReason } from '../domain/errors.ts';
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

/** What `writeDirectory` did, in files. */
export interface Written {
  readonly written: number;
  readonly unchanged: number;
  readonly removed: number;
}

/**
 * Makes `directory` hold `files`, in two steps. `stage` writes all that is new into a temporary directory; whatever
 * fails there (a full disk) leaves nothing behind. `commit` moves it into place: one rename where the directory did not exist,
 * else file by file, taken back as a whole if one fails. Both are synchronous, so a signal comes before or after, never within.
 *
 * Only files that an earlier run wrote, and nobody changed since, are replaced or removed; others are an error unless
 * `force`. Files that are not in the way are left alone, and symbolic links in the directory are never followed.
 */
export interface StagedDirectory {
  commit(): Written;
  /** Removes what was staged; nothing was changed. */
  discard(): void;
}

/** What else holds for a directory. */
export interface Staging {
  /** Whether files that are not ours are replaced. */
  readonly force?: boolean;
  /** What happens to files of an earlier run that are not among the new ones. */
  readonly rest?: 'remove' | 'keep';
  /** What the files are made with and of. */
  readonly provenance?: Provenance | undefined;
}

/** @throws {OutputError} */
export function stageDirectory(
  directory: string,
  files: Files,
  { force = false, rest = 'remove', provenance }: Staging = {},
): StagedDirectory {
  const target = resolve(directory);
  return guarded(directory, () => {
    const existing = isDirectory(target);
    const plan = existing
      ? planChanges(target, files, { force, rest, provenance })
      : freshPlan(files, provenance);
    if (plan.write.size === 0 && plan.remove.length === 0) {
      return {
        commit: () => ({ written: 0, unchanged: plan.unchanged, removed: 0 }),
        discard: () => undefined,
      };
    }
    const parent = existing ? undefined : mkdirSync(dirname(target), { recursive: true });
    const staging = mkdtempSync(existing ? join(target, '.ingress2istio-') : `${target}-`);
    const discard = (): void => rmSync(parent ?? staging, { recursive: true, force: true });
    try {
      writeAll(join(staging, 'new'), plan.write);
    } catch (error) {
      discard();
      throw error;
    }
    const commit = (): Written => {
      try {
        if (existing) swapFiles(target, staging, plan);
        else renameSync(join(staging, 'new'), target);
      } catch (error) {
        if (!(error instanceof OutputError)) discard();
        throw error;
      }
      rmSync(staging, { recursive: true, force: true });
      return {
        written: plan.write.size - 1,
        unchanged: plan.unchanged,
        removed: plan.remove.filter((path) => !plan.write.has(path)).length,
      };
    };
    return { discard, commit: () => guarded(directory, commit) };
  });
}

interface Plan {
  /** Files whose content is new, and the manifest. */
  readonly write: Files;
  /** Files to take away first: stale ones, and those that `write` replaces. */
  readonly remove: readonly string[];
  readonly unchanged: number;
}

function freshPlan(files: Files, provenance: Provenance | undefined): Plan {
  return { write: new Map([...files, manifestOf(files, provenance)]), remove: [], unchanged: 0 };
}

function planChanges(target: string, files: Files, { force = false, rest, provenance }: Staging): Plan {
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

/** The files that an earlier run wrote into a directory, and that are still there. */
export function writtenBefore(directory: string): readonly string[] {
  const target = resolve(directory);
  return guarded(directory, () => {
    const written = isDirectory(target) ? readManifest(target) : undefined;
    return [...(written === undefined ? [] : (parseManifest(written)?.keys() ?? []))].filter(
      (path) => look(join(target, path)) === 'file',
    );
  });
}

function readManifest(target: string): string | undefined {
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

function look(path: string): 'absent' | 'file' | 'folder' | 'other' {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 'absent';
  return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
}

/** False where nothing is there. @throws where something else is */
function isDirectory(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function writeAll(root: string, files: Files): void {
  const folders = new Set<string>();
  for (const [path, content] of files) {
    const file = join(root, path);
    const folder = dirname(file);
    if (!folders.has(folder)) {
      mkdirSync(folder, { recursive: true });
      folders.add(folder);
    }
    writeFileSync(file, content, { flag: 'wx' });
  }
}

/** Moves what is replaced into the staging directory and what is new out of it; on any failure moves all of it back. */
function swapFiles(target: string, staging: string, plan: Plan): void {
  const done: [from: string, to: string][] = [];
  const made: string[] = [];
  const folders = new Set([target]);
  const ensureFolder = (folder: string): void => {
    if (folders.has(folder)) return;
    const first = mkdirSync(folder, { recursive: true });
    if (first !== undefined) made.push(first);
    folders.add(folder);
  };
  const move = (path: string, from: string, to: string): void => {
    ensureFolder(dirname(join(to, path)));
    renameSync(join(from, path), join(to, path));
    done.push([join(from, path), join(to, path)]);
  };
  try {
    for (const path of plan.remove) move(path, target, join(staging, 'old'));
    for (const path of plan.write.keys()) move(path, join(staging, 'new'), target);
  } catch (error) {
    takeBack(done, made, staging);
    throw error;
  }
  for (const path of plan.remove) if (!plan.write.has(path)) removeEmptyFolders(target, path);
}

function takeBack(
  moves: readonly [from: string, to: string][],
  made: readonly string[],
  staging: string,
): void {
  try {
    for (const [from, to] of moves.toReversed()) renameSync(to, from);
    for (const folder of made.toReversed()) rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    throw new OutputError(
      `The output directory is half written, and putting it back failed: ${systemReason(error)}.`,
      `The files that were there before are in ${join(staging, 'old')}.`,
    );
  }
}

function removeEmptyFolders(target: string, path: string): void {
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    try {
      rmdirSync(join(target, folder));
    } catch {
      return;
    }
  }
}

function guarded<Result>(directory: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (error instanceof OutputError || systemCode(error) === undefined) throw error;
    throw new OutputError(
      `The output directory ${directory} cannot be written: ${systemReason(error)}.`,
      'Nothing in it was changed. Choose another --output, or make room and rights there.',
    );
  }
}
