import type { ChunkTally, Shape, Unparsed, UnparsedReason } from './chunk.ts';
import type { LineParser } from './parser.ts';
import { type Coarseness, type Literals, shapeOf } from './shape.ts';

/** Requests of all logs that the model cannot tell apart. */
export interface CountedKind {
  /** What the parser makes a record of. */
  readonly shape: string;
  /** The path of the first of them, without its query. */
  readonly path: string;
  readonly count: number;
  /** Where the first of them stands: `access.log:17`. */
  readonly example: string;
}

export interface LogFileTally {
  readonly name: string;
  readonly lines: number;
  /** Why it was not read to its end. */
  readonly problem?: string;
}

export interface LogTally {
  readonly lines: number;
  readonly requests: number;
  readonly unparsed: Unparsed;
  readonly kinds: readonly CountedKind[];
  readonly files: readonly LogFileTally[];
  /** Whether there were so many paths that they were folded further than ids. */
  readonly coarse: boolean;
}

/** Most kinds that are kept apart by ids, and after that by names; what comes then has no path at all. */
const most: readonly (readonly [Coarseness, number])[] = [
  ['ids', 8_000],
  ['names', 12_000],
  ['nothing', Number.POSITIVE_INFINITY],
];

export interface TallyBuilder {
  /** The chunks of a file in their order. */
  add(file: string, chunk: ChunkTally): void;
  endFile(file: string, problem?: string): void;
  finish(): LogTally;
}

interface Kind {
  readonly path: string;
  count: number;
  readonly example: string;
}

/** Sums up chunks. The memory that it needs is bounded, whatever they hold; the result depends on their order alone. */
export function tallyBuilder(parser: LineParser, literals: Literals): TallyBuilder {
  const kinds = new Map<string, Kind>();
  const unparsed: Partial<Record<UnparsedReason, number>> = {};
  const files: LogFileTally[] = [];
  let [lines, requests, linesOfFile] = [0, 0, 0];
  let level = 0;

  const tables = new Map<string, Kind[]>();

  /** Where a shape is counted: by itself while there is room, else by what is left of it when more is folded. */
  const kindOf = ({ shape, path }: Shape, example: string): Kind => {
    for (let at = 0; ; at++) {
      const [coarseness, room] = most[at]!;
      const own = at === 0 ? shape : parser.withPath(shape, shapeOf(path, literals, coarseness));
      const known = kinds.get(own);
      if (known !== undefined) return known;
      if (kinds.size >= room) continue;
      level = Math.max(level, at);
      const kind = { path, count: 0, example };
      kinds.set(own, kind);
      return kind;
    }
  };

  return {
    add(file, chunk) {
      const table = tables.get(chunk.table) ?? [];
      tables.set(chunk.table, table);
      const first = table.length;
      for (let at = 0; at < chunk.kinds.length; at += 3) {
        const [number, count, line] = [chunk.kinds[at]!, chunk.kinds[at + 1]!, chunk.kinds[at + 2]!];
        // New numbers follow each other in the order of their lines.
        if (number >= table.length)
          table.push(kindOf(chunk.fresh[number - first]!, `${file}:${linesOfFile + line}`));
        table[number]!.count += count;
        requests += count;
      }
      for (const [reason, count] of Object.entries(chunk.unparsed) as [UnparsedReason, number][])
        unparsed[reason] = (unparsed[reason] ?? 0) + count;
      lines += chunk.lines;
      linesOfFile += chunk.lines;
    },
    endFile(name, problem) {
      files.push({ name, lines: linesOfFile, ...(problem === undefined ? {} : { problem }) });
      linesOfFile = 0;
    },
    finish: () => ({
      lines,
      requests,
      unparsed,
      kinds: [...kinds].map(([shape, kind]) => ({ ...kind, shape })),
      files,
      coarse: level > 0,
    }),
  };
}
