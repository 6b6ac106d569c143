import type { Path } from '../domain/origin.ts';

/** Above this many characters the tree of the text is made, of which several are kept. */
const longest = 1 << 16;

/**
 * Where the value at a path starts, or its nearest ancestor if there is none; undefined where the text is no plain block YAML on
 * the way there.
 */
export type BlockFinder = (path: Path) => number | undefined;

/**
 * Finds values in a text of plain block YAML, as `kubectl` writes it: at the same offset as in the tree of the text, by
 * indentation alone. In block YAML all of a value stands right of its key (a list may begin at the key's own column), so
 * lines that stand further right can be passed over unread. It does not read flow style, tags, anchors, keys that repeat. The
 * tree of 10,000 Ingresses takes 30 times as long. Each line is looked at once, and each block taken apart once, however
 * often it is asked for.
 */
export function blockFinder(text: string): BlockFinder {
  if (text.length > longest) return () => undefined;
  const lines = linesOf(text);
  const first = firstBlock(lines);
  const read = new Map<Block, Entries>();
  const entriesOf = (block: Block): Entries => {
    const known = read.get(block);
    if (known !== undefined) return known;
    const entries = isDash(text, block.start) ? itemsIn(lines, block) : keysIn(lines, block);
    read.set(block, entries);
    return entries;
  };
  return (path) => {
    let block = first;
    let start = block?.start;
    for (const step of path) {
      if (block === undefined) return undefined;
      const { found, complete } = entriesOf(block);
      const next = found.get(step);
      if (next === undefined) return complete && !found.has(step) ? start : undefined;
      start = next.start;
      block = next.inner;
    }
    return start;
  };
}

/** The same for one question about a text. */
export function blockOffset(text: string, path: Path): number | undefined {
  return blockFinder(text)(path);
}

/** The lines of a text that hold something, up to one with a tab where no indentation may hold one. */
interface Lines {
  readonly text: string;
  /** Offset of each line's first character that is no space. */
  readonly starts: readonly number[];
  readonly columns: readonly number[];
  /** True where such a tab hides the rest. */
  readonly cut: boolean;
}

/** A mapping or a list: the offset of its first key or dash, the column where all of them stand, and the number of that line. */
interface Block {
  readonly start: number;
  readonly column: number;
  readonly line: number;
}

interface Found {
  readonly start: number;
  /** Undefined where the value is no block. */
  readonly inner: Block | undefined;
}

function linesOf(text: string): Lines {
  const starts: number[] = [];
  const columns: number[] = [];
  for (let line = 0; line < text.length; line = nextLine(text, line)) {
    let start = line;
    while (text.charCodeAt(start) === 32) start++;
    const char = text.charCodeAt(start);
    if (char === 9) return { text, starts, columns, cut: true };
    if (char === 10 || char === 13 || char === 35 || start >= text.length) continue;
    starts.push(start);
    columns.push(start - line);
  }
  return { text, starts, columns, cut: false };
}

function blockAt({ text, starts, columns }: Lines, line: number): Block | undefined {
  const start = starts[line];
  const column = columns[line];
  if (start === undefined || column === undefined || !isBlockStart(text, start)) return undefined;
  return { start, column, line };
}

function firstBlock(lines: Lines): Block | undefined {
  const { text, starts, columns } = lines;
  const hasMarker =
    columns[0] === 0 && /^---[ \t]*(?:#.*)?\r?$/m.test(text.slice(starts[0], nextLine(text, starts[0]!)));
  return blockAt(lines, hasMarker ? 1 : 0);
}

/** What is in a block, by key or number. */
interface Entries {
  /** Undefined for what cannot be told. */
  readonly found: ReadonlyMap<string | number, Found | undefined>;
  /** False where there may be more. */
  readonly complete: boolean;
}

const unreadable: Entries = { found: new Map(), complete: false };

function keysIn(lines: Lines, block: Block): Entries {
  const { text, starts, columns, cut } = lines;
  const found = new Map<string, Found | undefined>();
  let complete = !cut;
  let start = block.start;
  for (let line = block.line; ; start = starts[line]!) {
    if (!isBlockStart(text, start)) return unreadable;
    const colon = colonAfter(text, start);
    if (colon === undefined) complete = false;
    else {
      const quotes = isQuote(text[start]) ? 1 : 0;
      const key = text.slice(start + quotes, colon - quotes);
      const isPlain = !/["'\\]/.test(key);
      if (!isPlain) complete = false;
      found.set(
        key,
        isPlain && !found.has(key) ? valueAfter(lines, { ...block, start, line }, colon) : undefined,
      );
    }
    do line++;
    while (columns[line]! > block.column);
    // A dash at the column of the keys is an entry of the last one's list.
    while (columns[line] === block.column && isDash(text, starts[line]!)) {
      do line++;
      while (columns[line]! > block.column);
    }
    if (columns[line] !== block.column) return { found, complete };
  }
}

/** The offset of the colon that ends the key of a line. */
function colonAfter(text: string, at: number): number | undefined {
  const quote = text[at];
  if (isQuote(quote)) {
    const end = text.indexOf(quote, at + 1) + 1;
    return end > 0 && text[end] === ':' && isSpace(text.charCodeAt(end + 1)) ? end : undefined;
  }
  for (let colon = text.indexOf(':', at); colon !== -1 && colon < nextLine(text, at); ) {
    if (isSpace(text.charCodeAt(colon + 1))) return colon;
    colon = text.indexOf(':', colon + 1);
  }
  return undefined;
}

function isQuote(character: string | undefined): character is '"' | "'" {
  return character === '"' || character === "'";
}

function valueAfter(lines: Lines, key: Block, colon: number): Found | undefined {
  const { text } = lines;
  const at = skipSpaces(text, colon + 1);
  const char = text[at];
  if (char === undefined || char === '\n' || char === '\r' || char === '#') {
    const next = blockAt(lines, key.line + 1);
    const nested =
      next !== undefined &&
      (next.column > key.column || (next.column === key.column && isDash(text, next.start)));
    return nested ? { start: key.start, inner: next } : undefined;
  }
  if (char === '|' || char === '>') return { start: key.start, inner: undefined };
  return '&*!'.includes(char) ? undefined : { start: at, inner: undefined };
}

function itemsIn({ text, starts, columns, cut }: Lines, block: Block): Entries {
  const found = new Map<number, Found | undefined>();
  let start = block.start;
  for (let line = block.line; ; start = starts[line]!) {
    const at = skipSpaces(text, start + 1);
    const inner = { start: at, column: block.column + at - start, line };
    found.set(found.size, isBlockStart(text, at) ? { start: at, inner } : undefined);
    do line++;
    while (columns[line]! > block.column);
    if (columns[line] !== block.column || !isDash(text, starts[line]!)) return { found, complete: !cut };
  }
}

/** Not flow style, a tag, an anchor, an alias, a complex key or a text in a block. */
function isBlockStart(text: string, at: number): boolean {
  return !'{}[]&*!|>%@`?#,<\r\n'.includes(text[at] ?? '#');
}

function isDash(text: string, at: number): boolean {
  return text.charCodeAt(at) === 45 && isSpace(text.charCodeAt(at + 1));
}

function isSpace(char: number): boolean {
  return char === 32 || char === 10 || char === 13 || Number.isNaN(char);
}

function skipSpaces(text: string, at: number): number {
  let next = at;
  while (text.charCodeAt(next) === 32) next++;
  return next;
}

function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}
