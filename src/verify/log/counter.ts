import { open } from 'node:fs/promises';
import { type ChunkTally, longestLine, shapeTable, tallyOf } from './chunk.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { LogFormat } from './format.ts';
import { lineParser } from './parser.ts';
import { chunkSize, linesOfRange } from './ranges.ts';
import type { Literals } from './shape.ts';

/** A part of a log: lines that were read already, or where in a file they stand. */
export type LogPart =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly complete: boolean }
  | {
      readonly kind: 'range';
      readonly path: string;
      readonly start: number;
      readonly end: number;
      readonly size: number;
    };

/** What counting needs to know of the run. */
export interface CounterSettings {
  readonly format: LogFormat;
  readonly literals: Literals;
}

export type PartCounter = (part: LogPart) => Promise<ChunkTally>;

/** Counts one part after the other. */
export function partCounter({ format, literals }: CounterSettings, name = '0'): PartCounter {
  const reader = { parser: lineParser(format, literals), fingerprint: fingerprintOf(format, literals) };
  const table = shapeTable(name);
  let room: Buffer | undefined;
  return async (part) => {
    if (part.kind === 'bytes') {
      const { buffer, byteOffset, length } = part.bytes;
      return tallyOf(Buffer.from(buffer, byteOffset, length), part.complete, reader, table);
    }
    room ??= Buffer.allocUnsafeSlow(chunkSize + longestLine + 2);
    const file = await open(part.path);
    try {
      const { bytes, complete } = await linesOfRange(file, part, room);
      return tallyOf(bytes, complete, reader, table);
    } finally {
      await file.close();
    }
  };
}
