import type { Fingerprint } from './fingerprint.ts';
import { type NumberTable, numberTable } from './numbers.ts';
import type { LineParser } from './parser.ts';

/** Longer lines are no requests that nginx takes: its buffers for one end at 32 KiB. */
export const longestLine = 1 << 16;

/** Why a line is not counted as a request. */
export const unparsedReasons = [
  'other',
  'blank',
  'too-long',
  'binary',
  'cut-off',
  'controller',
  'error-log',
  'stream',
] as const;
export type UnparsedReason = (typeof unparsedReasons)[number];
export type Unparsed = Readonly<Partial<Record<UnparsedReason, number>>>;

/** A shape and the path of the first request that had it, without the query. */
export interface Shape {
  readonly shape: string;
  readonly path: string;
}

/** What a part of a log holds. */
export interface ChunkTally {
  readonly lines: number;
  readonly unparsed: Unparsed;
  /** Whose numbers these are. */
  readonly table: string;
  /** Shapes that the table did not have before; they get the next numbers. */
  readonly fresh: readonly Shape[];
  /** Number of the shape, number of requests, line of the first of them from 1 on; then the next, in the order of their lines. */
  readonly kinds: Uint32Array;
}

interface Entry {
  readonly number: number;
  count: number;
  line: number;
}

/** The shapes of one thread, by number: most chunks bring few new ones. */
export interface ShapeTable {
  name: string;
  readonly entries: Map<string, Entry>;
  /** The same by the fingerprints of lines. */
  readonly numbers: NumberTable<Entry>;
}

const mostShapes = 30_000;

export function shapeTable(name: string): ShapeTable {
  return { name, entries: new Map(), numbers: numberTable() };
}

/** How the lines of a format are read: by a number where that is enough, else as texts. */
export interface LineReader {
  readonly parser: LineParser;
  readonly fingerprint: Fingerprint;
}

/** Counts the requests of whole lines. `complete` is false where the last line has no end: what writes it was stopped. */
export function tallyOf(
  bytes: Buffer,
  complete: boolean,
  { parser, fingerprint }: LineReader,
  table: ShapeTable,
): ChunkTally {
  const unparsed: Partial<Record<UnparsedReason, number>> = {};
  const { entries, numbers } = table;
  if (entries.size > mostShapes) {
    entries.clear();
    numbers.clear();
    table.name += "'";
  }
  const fresh: Shape[] = [];
  const seen: Entry[] = [];
  let lines = 0;
  const entryOf = (start: number, end: number, isCutOff: boolean): Entry | undefined => {
    const line = bytes.toString('latin1', start, Math.min(end, start + longestLine + 1));
    const shape = line.length > longestLine ? undefined : (parser.shapeOf(line) ?? shapeInside(line, parser));
    if (shape === undefined) {
      const reason = isCutOff ? 'cut-off' : reasonOf(line);
      unparsed[reason] = (unparsed[reason] ?? 0) + 1;
      return undefined;
    }
    const known = entries.get(shape);
    if (known !== undefined) return known;
    const entry = { number: entries.size, count: 0, line: 0 };
    entries.set(shape, entry);
    fresh.push({ shape, path: parser.lastPath() });
    return entry;
  };
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(10, start);
    const end = newline === -1 ? bytes.length : newline;
    lines++;
    const number = end - start > longestLine ? undefined : fingerprint(bytes, start, end);
    let entry = number === undefined ? undefined : numbers.get(number);
    if (entry === undefined) {
      entry = entryOf(start, bytes[end - 1] === carriageReturn ? end - 1 : end, newline === -1 && !complete);
      if (entry !== undefined && number !== undefined) numbers.set(number, entry);
    }
    start = end + 1;
    if (entry === undefined || entry.count++ > 0) continue;
    entry.line = lines;
    seen.push(entry);
  }
  const kinds = new Uint32Array(seen.length * 3);
  for (const [index, entry] of seen.entries()) {
    kinds.set([entry.number, entry.count, entry.line], index * 3);
    entry.count = 0;
  }
  return { lines, unparsed, table: table.name, fresh, kinds };
}

const carriageReturn = 13;

/** What container runtimes and `kubectl logs` put around a line. */
const prefixes = [
  /^\S+ (?:stdout|stderr) [FP] /,
  /^\[pod\/[^\]\s]+\] (?:\d{4}-\d\d-\d\dT\S+ )?/,
  /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) /,
];

function shapeInside(line: string, parser: LineParser): string | undefined {
  for (const prefix of prefixes) {
    const found = prefix.exec(line.slice(0, 300))?.[0];
    const shape = found === undefined ? undefined : parser.shapeOf(line.slice(found.length));
    if (shape !== undefined) return shape;
  }
  if (!line.startsWith('{"log":"')) return undefined;
  try {
    const { log } = JSON.parse(Buffer.from(line, 'latin1').toString('utf8')) as { readonly log?: unknown };
    return typeof log === 'string'
      ? parser.shapeOf(Buffer.from(log.trimEnd(), 'utf8').toString('latin1'))
      : undefined;
  } catch {
    return undefined;
  }
}

function reasonOf(line: string): UnparsedReason {
  if (line.length > longestLine) return 'too-long';
  if (line.trim() === '') return 'blank';
  if (/[\0-\x08\x0e-\x1f]/.test(line)) return 'binary';
  if (/^[IWEF]\d{4} \d\d:\d\d:\d\d/.test(line)) return 'controller';
  if (/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[[a-z]+\] /.test(line)) return 'error-log';
  if (/^\[[^\]]*\] \[[^\]]*\] (?:TCP|UDP) \d{3} /.test(line)) return 'stream';
  return 'other';
}
