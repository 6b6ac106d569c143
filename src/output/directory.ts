import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { OutputError, systemCode, systemReason } from '../domain/errors.ts';
import { type Changes, changesOf, freshFiles, look, readManifest, type Staging } from './changes.ts';
import type { Files } from './files.ts';
import { parseManifest } from './manifest.ts';

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
      ? changesOf(target, files, { force, rest, provenance })
      : freshFiles(files, provenance);
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
function swapFiles(target: string, staging: string, plan: Changes): void {
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
