import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Decision } from '../domain/decision.ts';
import { ConfigError, OutputError, systemCode, systemReason } from '../domain/errors.ts';
import { readDecisions } from './read.ts';
import { writeDecisions } from './write.ts';

/** @throws {ConfigError} it cannot be read, or is not a decisions file */
export function loadDecisions(file: string, directory: string): Decision[] {
  let text: string;
  try {
    text = readFileSync(resolve(directory, file), 'utf8');
  } catch (error) {
    throw new ConfigError(
      `The decisions file ${file} cannot be read: ${systemReason(error)}.`,
      'Give another one with --decisions, or none with --no-decisions.',
    );
  }
  return readDecisions(text, file);
}

/** As `loadDecisions`, with no decisions where there is no file yet. */
export function loadDecisionsIfThere(file: string, directory: string): Decision[] {
  const there = lstatSync(resolve(directory, file), { throwIfNoEntry: false }) !== undefined;
  return there ? loadDecisions(file, directory) : [];
}

/**
 * Puts the file in its place at once: whoever reads it, whenever we are stopped, finds the old text or the new one.
 * @throws {OutputError}
 */
export function saveDecisions(file: string, directory: string, decisions: readonly Decision[]): void {
  const path = resolve(directory, file);
  let staged: string | undefined;
  try {
    const place = targetOf(path);
    staged = `${place}.${randomBytes(4).toString('hex')}.part`;
    writeFileSync(staged, writeDecisions(decisions), { flag: 'wx' });
    flush(staged);
    renameSync(staged, place);
  } catch (error) {
    if (staged !== undefined) rmSync(staged, { force: true });
    throw new OutputError(
      `The decisions file ${file} cannot be written: ${systemReason(error)}.`,
      `Make room and rights in ${dirname(path)}, or choose another place with --decisions.`,
    );
  }
}

/** A file that the user made a link of stays one. */
function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return path;
    throw error;
  }
}

/** Some file systems put a rename on disk before the bytes. */
function flush(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
