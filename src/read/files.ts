import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Finding, type FindingType, finding } from '../domain/findings.ts';
import { originOf } from '../domain/origin.ts';
import * as findings from './findings/files.ts';
import type { InputText } from './index.ts';
import { MAX_FILE_BYTES } from './limits.ts';
import { packageFile, unrendered } from './packages.ts';
import { fileSource } from './source.ts';

/** The name under which findings show what came from standard input. */
export const STDIN_NAME = 'stdin';

/** Our own file of decisions may lie beside what it is about. */
const MANIFEST = /^(?!ingress2istio\.decisions\.yaml$).*\.(?:ya?ml|json)$/i;

interface Reading {
  readonly inputs: InputText[];
  readonly findings: Finding[];
  /** Real paths of all that was read, so that nothing is read twice. */
  readonly seen: Set<string>;
  readonly maxBytes: number;
}

/**
 * Reads the files of the input: each of `paths` is a file, a directory (all .yaml, .yml and .json files in and below it, by name) or
 * `-` for `stdin`. Never throws for what is there or not there: each problem is a finding, and the rest is read. A file that is
 * reached twice is read once.
 */
export async function readInputs(
  paths: readonly string[],
  stdin: AsyncIterable<Uint8Array | string>,
  maxBytes: number = MAX_FILE_BYTES,
): Promise<{ inputs: InputText[]; findings: Finding[] }> {
  const reading: Reading = { inputs: [], findings: [], seen: new Set(), maxBytes };
  for (const path of paths) {
    if (path !== '-') await readPath(reading, path);
    else if (isNew(reading, '-')) await readStream(reading, STDIN_NAME, stdin);
  }
  return { inputs: reading.inputs, findings: reading.findings };
}

async function readPath(reading: Reading, path: string): Promise<void> {
  try {
    const isDirectory = (await stat(path)).isDirectory();
    const real = await realpath(path);
    if (!isDirectory) {
      if (isNew(reading, real)) await readFile(reading, path);
      return;
    }
    const before = reading.seen.size;
    await readDirectory(reading, path, []);
    if (reading.seen.size === before) tell(reading, findings.noYaml, { file: path });
  } catch (error) {
    tell(reading, findings.unreadableFile, { file: path, reason: reasonOf(error) });
  }
}

async function readDirectory(reading: Reading, path: string, around: readonly string[]): Promise<void> {
  const real = await realpath(path);
  if (around.includes(real)) {
    tell(reading, findings.directoryLoop, { file: path });
    return;
  }
  const names = (await readdir(path)).sort();
  const made = await unrenderedIn(path, names);
  if (made !== undefined) {
    reading.findings.push(made);
    reading.seen.add(real);
    return;
  }
  for (const name of names) {
    const inner = join(path, name);
    try {
      const isDirectory = (await stat(inner)).isDirectory();
      if (isDirectory) await readDirectory(reading, inner, [...around, real]);
      else if (MANIFEST.test(name) && isNew(reading, await realpath(inner))) await readFile(reading, inner);
    } catch (error) {
      // A link to nowhere that does not even look like a manifest is no loss.
      if (MANIFEST.test(name) || !(await isLink(inner))) {
        tell(reading, findings.unreadableFile, { file: inner, reason: reasonOf(error) });
      }
    }
  }
}

/** Only the beginning of the file is looked at: it says what it is there. */
const MOST_OF_PACKAGE = 64 * 1024;

async function unrenderedIn(path: string, names: readonly string[]): Promise<Finding | undefined> {
  const name = packageFile(names);
  if (name === undefined) return undefined;
  try {
    const file = join(path, name);
    if (!(await stat(file)).isFile()) return undefined;
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST_OF_PACKAGE), 0, MOST_OF_PACKAGE, 0);
      const text = buffer.toString('utf8', 0, bytesRead);
      return unrendered(path, name, text, originOf(fileSource(path)));
    } finally {
      await handle.close();
    }
  } catch {
    // Read one by one, the files tell what is wrong with them.
    return undefined;
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    return false;
  }
}

async function readFile(reading: Reading, path: string): Promise<void> {
  const handle = await open(path);
  // The stream closes the handle; it also ends a device or pipe without end at the limit.
  await readStream(reading, path, handle.createReadStream({ highWaterMark: 1024 * 1024 }));
}

async function readStream(
  reading: Reading,
  file: string,
  stream: AsyncIterable<Uint8Array | string>,
): Promise<void> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      size += bytes.length;
      if (size > reading.maxBytes) {
        tell(reading, findings.tooLarge, { file, limit: reading.maxBytes });
        return;
      }
      chunks.push(bytes);
    }
  } catch (error) {
    tell(reading, findings.unreadableFile, { file, reason: reasonOf(error) });
    return;
  }
  keep(reading, file, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
}

function keep(reading: Reading, file: string, bytes: Uint8Array): void {
  const encoding = encodingOf(bytes);
  if (encoding === 'utf-8' && bytes.includes(0)) {
    tell(reading, findings.binaryFile, { file });
    return;
  }
  const text = new TextDecoder(encoding).decode(bytes);
  if (text.trim() === '') {
    tell(reading, findings.emptyFile, { file });
    return;
  }
  if (text.includes('\ufffd') && !isValid(bytes, encoding)) tell(reading, findings.damagedText, { file });
  reading.inputs.push({ file, text });
}

/** By byte order mark; Windows PowerShell writes UTF-16 for `kubectl … > dump.yaml`. */
function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

function isValid(bytes: Uint8Array, encoding: string): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function isNew(reading: Reading, path: string): boolean {
  const before = reading.seen.size;
  return reading.seen.add(path).size > before;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  ELOOP: 'its symbolic links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENOTDIR: 'a part of the path is not a directory',
};

function reasonOf(error: unknown): string {
  const code = String((error as NodeJS.ErrnoException).code);
  return REASONS[code] ?? `the system reported ${code}`;
}

function tell<Args extends { file: string }>(reading: Reading, type: FindingType<Args>, args: Args): void {
  reading.findings.push(finding(type, args, { origin: originOf(fileSource(args.file)) }));
}
