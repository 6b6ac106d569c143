import type { Path } from './origin.ts';

/** Above this many characters the tree of the text is made, of which several are kept. */
const longest = 1 << 16;

/** Where the value at a path starts; undefined where the text is no plain block YAML on the way there. */
export type BlockFinder = (path: Path) => number | undefined;

/**
 * Finds values in a text of plain block YAML, as `kubectl` writes it: at the same offset as in the tree of the text, by
 * indentation alone. In block YAML all of a value stands right of its key (a list may begin at the key's own column), so
 * lines that stand further right can be passed over unread. It does not read flow style, tags, anchors, keys that repeat. The
 * tree of 10,000 Ingresses takes 30 times as long. Each block is looked through once, however often it is asked for.
 */
export function blockFinder(text: string): BlockFinder {
  if (text.length > longest) return () => undefined;
  const first = firstBlock(text);
  const read = new Map<Block, Entries>();
  const entriesOf = (block: Block): Entries => {
    const known = read.get(block);
    if (known !== undefined) return known;
    const entries = isDash(text, block.start) ? itemsIn(text, block) : keysIn(text, block);
    read.set(block, entries);
    return entries;
  };
  return (path) => {
    let block = first;
    let start = block?.start;
    for (const step of path) {
      const found = block === undefined ? undefined : entriesOf(block).get(step);
      if (found === undefined) return undefined;
      start = found.start;
      block = found.inner;
    }
    return start;
  };
}

/** The same for one question about a text. */
export function blockOffset(text: string, path: Path): number | undefined {
  return blockFinder(text)(path);
}

/** A mapping or a list: the offset of its first key or dash, and the column where all of them stand. */
interface Block {
  readonly start: number;
  readonly column: number;
}

interface Found {
  readonly start: number;
  /** Undefined where the value is no block. */
  readonly inner: Block | undefined;
}

interface Line {
  /** Offset of the first character that is no space. */
  readonly start: number;
  readonly column: number;
}

function firstBlock(text: string): Block | undefined {
  let line = lineFrom(text, 0);
  if (line !== undefined && line.column === 0 && /^---[ \t]*(?:#.*)?\r?$/m.test(lineText(text, line.start))) {
    line = lineFrom(text, nextLine(text, line.start));
  }
  return line !== undefined && isBlockStart(text, line.start) ? line : undefined;
}

/** What is in a block, by key or number; undefined for what cannot be told. */
type Entries = ReadonlyMap<string | number, Found | undefined>;

const unreadable: Entries = new Map();

function keysIn(text: string, { start, column }: Block): Entries {
  const keys = new Map<string, Found | undefined>();
  for (let line: Line | undefined = { start, column }; line !== undefined; ) {
    if (line.column < column) break;
    if (line.column === column && !isDash(text, line.start)) {
      if (!isBlockStart(text, line.start)) return unreadable;
      const colon = colonAfter(text, line.start);
      if (colon !== undefined) {
        const quotes = isQuote(text[line.start]) ? 1 : 0;
        const key = text.slice(line.start + quotes, colon - quotes);
        keys.set(key, keys.has(key) || /["'\\]/.test(key) ? undefined : valueAfter(text, line, colon));
      }
    }
    line = lineFrom(text, nextLine(text, line.start));
  }
  return keys;
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

function valueAfter(text: string, { start: keyStart, column }: Line, colon: number): Found | undefined {
  const at = skipSpaces(text, colon + 1);
  const char = text[at];
  if (char === undefined || char === '\n' || char === '\r' || char === '#') {
    const next = lineFrom(text, nextLine(text, at));
    const nested =
      next !== undefined && (next.column > column || (next.column === column && isDash(text, next.start)));
    if (!nested || !isBlockStart(text, next.start)) return undefined;
    return { start: keyStart, inner: next };
  }
  if (char === '|' || char === '>') return { start: keyStart, inner: undefined };
  return '&*!'.includes(char) ? undefined : { start: at, inner: undefined };
}

function itemsIn(text: string, { start, column }: Block): Entries {
  const items = new Map<number, Found | undefined>();
  for (let line: Line | undefined = { start, column }; line !== undefined; ) {
    if (line.column < column) break;
    if (line.column === column) {
      if (!isDash(text, line.start)) break;
      items.set(items.size, itemOf(text, line));
    }
    line = lineFrom(text, nextLine(text, line.start));
  }
  return items;
}

function itemOf(text: string, line: Line): Found | undefined {
  const at = skipSpaces(text, line.start + 1);
  if (!isBlockStart(text, at)) return undefined;
  return { start: at, inner: { start: at, column: line.column + at - line.start } };
}

/** The first line from `at` on that holds something; undefined at the end, and at a tab, which no indentation may hold. */
function lineFrom(text: string, at: number): Line | undefined {
  for (let line = at; line < text.length; line = nextLine(text, line)) {
    let start = line;
    while (text.charCodeAt(start) === 32) start++;
    const char = text.charCodeAt(start);
    if (char === 9) return undefined;
    if (char !== 10 && char !== 13 && char !== 35 && start < text.length)
      return { start, column: start - line };
  }
  return undefined;
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

function lineText(text: string, at: number): string {
  return text.slice(at, nextLine(text, at)).replace(/\n$/, '');
}
