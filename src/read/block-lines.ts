import type { Path } from './origin.ts';

/** Above this many characters the lines are not walked for each question anew: the tree of the text is kept, and answers faster. */
const longest = 1 << 16;

/**
 * Where a value starts in a text of plain block YAML, as `kubectl` writes it: the same offset as in the tree of the text,
 * found by indentation alone. In block YAML all of a value stands right of its key (a list may begin at the key's own column), so
 * lines that stand further right can be passed over unread. Undefined where the text is anything else: flow style,
 * tags, anchors, keys that repeat. The tree of 10,000 Ingresses takes 30 times as long.
 */
export function blockOffset(text: string, path: Path): number | undefined {
  if (text.length > longest) return undefined;
  let block = firstBlock(text);
  let start = block?.start;
  for (const step of path) {
    if (block === undefined) return undefined;
    const found = typeof step === 'number' ? findItem(text, block, step) : findKey(text, block, step);
    if (found === undefined) return undefined;
    start = found.start;
    block = found.inner;
  }
  return start;
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

function findKey(text: string, { start, column }: Block, key: string): Found | undefined {
  if (/["'\\\n]/.test(key) || isDash(text, start)) return undefined;
  let found: Found | undefined;
  for (let line: Line | undefined = { start, column }; line !== undefined; ) {
    if (line.column < column) break;
    if (line.column === column && !isDash(text, line.start)) {
      if (!isBlockStart(text, line.start)) return undefined;
      const colon = colonAfter(text, line.start, key);
      if (colon !== undefined) {
        if (found !== undefined) return undefined;
        found = valueAfter(text, line, colon);
        if (found === undefined) return undefined;
      }
    }
    line = lineFrom(text, nextLine(text, line.start));
  }
  return found;
}

/** The offset of the colon, where the line begins with this key. */
function colonAfter(text: string, at: number, key: string): number | undefined {
  const quote = text[at] === '"' || text[at] === "'" ? 1 : 0;
  const end = at + key.length + 2 * quote;
  if (text[end] !== ':' || !text.startsWith(key, at + quote)) return undefined;
  if (quote === 1 && text[end - 1] !== text[at]) return undefined;
  return isSpace(text.charCodeAt(end + 1)) ? end : undefined;
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

function findItem(text: string, { start, column }: Block, index: number): Found | undefined {
  let count = 0;
  for (let line: Line | undefined = { start, column }; line !== undefined; ) {
    if (line.column < column) return undefined;
    if (line.column === column) {
      if (!isDash(text, line.start)) return undefined;
      if (count === index) return itemOf(text, line);
      count++;
    }
    line = lineFrom(text, nextLine(text, line.start));
  }
  return undefined;
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
