import {
  closeSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { OutputError, systemReason } from '../domain/errors.ts';

/** A file that is written in full beside its place; `commit` puts it there at once. */
export interface StagedFile {
  commit(): void;
  discard(): void;
}

const report = { name: 'report', flag: '--report' };

const bufferSize = 1 << 20;

/**
 * @param what it is, and the flag that names it, for messages
 * @throws {OutputError} it cannot be written; nothing is left behind then
 */
export function stageFile(path: string, pieces: Iterable<string>, what = report): StagedFile {
  const target = resolve(path);
  if (isDevice(target))
    return {
      commit: () => attempt(path, what, () => writeTo(openSync(target, 'w'), pieces)),
      discard: () => undefined,
    };
  return attempt(path, what, () => {
    const place = linkTarget(target);
    const staged = `${place}.${process.pid}.part`;
    const file = openSync(staged, 'wx');
    const discard = (): void => rmSync(staged, { force: true });
    try {
      writeTo(file, pieces);
      if (statSync(place, { throwIfNoEntry: false })?.isDirectory() === true) {
        throw new OutputError(`${path} is a directory.`, 'Give the name of a file.');
      }
    } catch (error) {
      discard();
      throw error;
    }
    return { discard, commit: () => attempt(path, what, () => renameSync(staged, place)) };
  });
}

function writeTo(file: number, pieces: Iterable<string>): void {
  try {
    let buffer = '';
    for (const piece of pieces) {
      buffer += piece;
      if (buffer.length < bufferSize) continue;
      writeAll(file, buffer);
      buffer = '';
    }
    writeAll(file, buffer);
  } finally {
    closeSync(file);
  }
}

/** A single write may take less than all of it. */
function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

/** `/dev/stdout` and pipes cannot be replaced, only written to. */
function isDevice(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && !stats.isFile() && !stats.isDirectory();
}

/** A report that the user made a link of stays one. */
function linkTarget(path: string): string {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink && statSync(path, { throwIfNoEntry: false }) !== undefined ? realpathSync(path) : path;
}

function attempt<Result>(path: string, { name, flag }: typeof report, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (error instanceof OutputError) throw error;
    throw new OutputError(
      `The ${name} ${path} cannot be written: ${systemReason(error)}.`,
      `Choose another place for ${flag}, or make room and rights in ${dirname(resolve(path))}.`,
    );
  }
}
