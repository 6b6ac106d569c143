import { createReadStream, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { systemReason, UsageError } from '../../domain/errors.ts';
import type { ChunkTally } from './chunk.ts';
import type { CounterSettings, LogPart } from './counter.ts';
import { lineParser } from './parser.ts';
import { type CounterPool, counterPool } from './pool.ts';
import { chunkSize, linesOfStream } from './ranges.ts';
import { type LogTally, tallyBuilder } from './tally.ts';

export interface ScanOptions extends CounterSettings {
  /** Files; `-` is stdin. */
  readonly paths: readonly string[];
  readonly stdin: Readable;
  /** Is told how much of all bytes has been read, 0 to 1, where that is known. */
  readonly onProgress: (share: number, lines: number) => void;
}

/** Where threads are worth their start, in bytes. */
const manyBytes = 32 << 20;
const mostThreads = 4;

/**
 * Reads logs and counts what they hold; files that end badly are counted as far as they go.
 * @throws {UsageError} a file cannot be opened
 */
export async function scanLogs(options: ScanOptions): Promise<LogTally> {
  const { paths, stdin, onProgress, ...settings } = options;
  const files = await Promise.all(paths.map((path) => (path === '-' ? undefined : statOf(path))));
  const total = files.reduce((sum, file) => sum + (file?.size ?? 0), 0);
  const threads =
    total >= manyBytes || files.includes(undefined) ? Math.min(mostThreads, availableParallelism()) : 0;
  const pool = counterPool(settings, threads);
  const tally = tallyBuilder(lineParser(settings.format, settings.literals), settings.literals);
  let before = 0;
  try {
    for (const [index, path] of paths.entries()) {
      const name = path === '-' ? 'stdin' : path;
      let lines = 0;
      const take = (chunk: ChunkTally, read: number | undefined): void => {
        tally.add(name, chunk);
        lines += chunk.lines;
        onProgress(total === 0 || read === undefined ? 0 : Math.min(1, (before + read) / total), lines);
      };
      const problem = await attempt(() => readLog(path, files[index], stdin, pool, take));
      tally.endFile(name, problem);
      before += files[index]?.size ?? 0;
    }
    return tally.finish();
  } finally {
    await pool.close();
  }
}

async function statOf(path: string): Promise<Stats> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return found;
  } catch (error) {
    throw new UsageError(
      `The log ${path} cannot be read: ${systemReason(error)}.`,
      'Give the path of a file, or - for stdin.',
    );
  }
  throw new UsageError(`The log ${path} is a directory.`, 'Give the files in it, as in logs/*.gz.');
}

/** Why a log was not read to its end. */
async function attempt(read: () => Promise<void>): Promise<string | undefined> {
  try {
    await read();
    return undefined;
  } catch (error) {
    return systemReason(error);
  }
}

async function readLog(
  path: string,
  file: Stats | undefined,
  stdin: Readable,
  pool: CounterPool,
  take: (chunk: ChunkTally, read: number | undefined) => void,
): Promise<void> {
  if (file === undefined) return inOrder(partsOfStream(await plain(stdin)), pool, take);
  if (!file.isFile() || (await isZipped(path)))
    return inOrder(
      partsOfStream(await plain(createReadStream(path, { highWaterMark: 1 << 20 }))),
      pool,
      take,
    );
  return inOrder(partsOfFile(path, file.size), pool, take);
}

interface Part {
  readonly part: LogPart;
  readonly read: number | undefined;
}

async function* partsOfFile(path: string, size: number): AsyncGenerator<Part> {
  for (let start = 0; start < size; start += chunkSize) {
    const end = Math.min(size, start + chunkSize);
    yield { part: { kind: 'range', path, start, end, size }, read: end };
  }
}

async function* partsOfStream(pieces: AsyncIterable<Buffer>): AsyncGenerator<Part> {
  for await (const { bytes, complete } of linesOfStream(pieces))
    yield { part: { kind: 'bytes', bytes, complete }, read: undefined };
}

/** Has several parts counted at a time, and takes them in their order. What was counted before an error is taken. */
async function inOrder(
  parts: AsyncIterable<Part>,
  { count, width }: CounterPool,
  take: (chunk: ChunkTally, read: number | undefined) => void,
): Promise<void> {
  const running: { readonly tally: Promise<ChunkTally>; readonly read: number | undefined }[] = [];
  const takeFirst = async (): Promise<void> => {
    const { tally, read } = running.shift()!;
    take(await tally, read);
  };
  try {
    for await (const { part, read } of parts) {
      const tally = count(part);
      tally.catch(() => undefined);
      running.push({ tally, read });
      if (running.length >= width) await takeFirst();
    }
  } finally {
    while (running.length > 0) await takeFirst();
  }
}

async function isZipped(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

/** The bytes of a stream, unpacked where they are packed. A stream that breaks gives what it held before. */
async function plain(source: Readable): Promise<AsyncIterable<Buffer>> {
  const pieces = source[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer | string>;
  const first = await pieces.next();
  const start = first.done ? Buffer.alloc(0) : Buffer.from(first.value as Buffer);
  const whole = async function* (): AsyncGenerator<Buffer> {
    if (start.length > 0) yield start;
    for await (const piece of pieces) yield typeof piece === 'string' ? Buffer.from(piece) : piece;
  };
  if (start[0] !== 0x1f || start[1] !== 0x8b) return whole();
  return unpacked(whole());
}

async function* unpacked(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: 1 << 20 });
  const fed = (async () => {
    try {
      for await (const piece of packed) {
        if (gunzip.destroyed) return;
        if (!gunzip.write(piece))
          await new Promise((resolve) => {
            gunzip.once('drain', resolve);
            gunzip.once('close', resolve);
          });
      }
      gunzip.end();
    } catch (error) {
      gunzip.destroy(error as Error);
    }
  })();
  yield* gunzip as AsyncIterable<Buffer>;
  await fed;
}
