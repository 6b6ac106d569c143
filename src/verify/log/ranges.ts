import type { FileHandle } from 'node:fs/promises';
import { longestLine } from './chunk.ts';

/** Bytes of a file that one worker counts at a time. */
export const chunkSize = 4 << 20;
const newline = 10;

export interface Chunk {
  /** Whole lines. */
  readonly bytes: Buffer;
  /** False where the last line has no end. */
  readonly complete: boolean;
}

/**
 * The lines that begin in a part of a file, so that parts can be read in any order. Of a line that is longer than any request
 * only the beginning is given.
 */
export async function linesOfRange(
  file: FileHandle,
  { start, end, size }: { readonly start: number; readonly end: number; readonly size: number },
  room: Buffer,
): Promise<Chunk> {
  const from = Math.max(0, start - 1);
  const wanted = Math.min(size, end + longestLine + 1) - from;
  const bytes = room.subarray(0, await readFully(file, room, from, wanted));
  // A line that begins before belongs to the part before.
  const first = start === 0 ? 0 : bytes.indexOf(newline) + 1;
  const begins = start === 0 || (first > 0 && from + first < end);
  if (!begins) return { bytes: bytes.subarray(0, 0), complete: true };
  if (end >= size) return { bytes: bytes.subarray(first), complete: bytes.at(-1) === newline };
  // The last line is the one that the byte before the end belongs to.
  const last = bytes.indexOf(newline, end - from - 1);
  return { bytes: bytes.subarray(first, last === -1 ? bytes.length : last + 1), complete: true };
}

async function readFully(file: FileHandle, room: Buffer, from: number, wanted: number): Promise<number> {
  let read = 0;
  while (read < wanted) {
    const { bytesRead } = await file.read(room, read, wanted - read, from + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return read;
}

/** Cuts a stream of bytes into chunks of whole lines. Of a line that is longer than any request only the beginning is given. */
export async function* linesOfStream(pieces: AsyncIterable<Buffer>): AsyncGenerator<Chunk> {
  let held: Buffer[] = [];
  let size = 0;
  let skipping = false;
  let failure: unknown;
  try {
    for await (const whole of pieces) {
      let piece = whole;
      if (skipping) {
        const end = piece.indexOf(newline);
        if (end === -1) continue;
        piece = piece.subarray(end + 1);
        skipping = false;
      }
      held.push(piece);
      size += piece.length;
      if (size < chunkSize) continue;
      const bytes = Buffer.concat(held, size);
      const last = bytes.lastIndexOf(newline);
      const rest = bytes.subarray(last + 1);
      if (rest.length > longestLine) {
        yield {
          bytes: Buffer.concat([bytes.subarray(0, last + 1), rest.subarray(0, longestLine + 1)]),
          complete: true,
        };
        skipping = true;
        [held, size] = [[], 0];
      } else {
        yield { bytes: bytes.subarray(0, last + 1), complete: true };
        [held, size] = [[Buffer.from(rest)], rest.length];
      }
    }
  } catch (error) {
    failure = error;
  }
  if (size > 0) {
    const bytes = Buffer.concat(held, size);
    yield { bytes, complete: bytes.at(-1) === newline };
  }
  // What came before a stream broke counts.
  if (failure !== undefined) throw failure;
}
