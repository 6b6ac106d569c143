import type { Path } from '../domain/origin.ts';
import { MAX_DEPTH } from './limits.ts';
import { COLON, DASH, HASH, LineReader, NEWLINE, odd, QUOTE, SPACE, TAB, TICK } from './line-reader.ts';
import { isInteger, plainValue } from './plain-value.ts';

/** What plain block YAML holds: the value of its text, and where each part of it starts. */
export interface Blocks {
  readonly value: unknown;
  /** The offset of the value at a path, or of its nearest ancestor if there is none; undefined where it cannot be told. */
  startOf(path: Path): number | undefined;
}

/**
 * Reads a text of plain block YAML, as `kubectl` writes it, several times as fast as js-yaml and to the same value: block mappings
 * and lists, scalars that are plain, quoted or literal. Undefined for what it does not fully understand (flow style, tags,
 * anchors, keys that repeat or are no texts, folded and quoted scalars over lines), and for what is no YAML: js-yaml reads and judges those.
 */
export function readBlocks(text: string, range = { start: 0, end: text.length }): unknown {
  return read(text, range, undefined)?.value;
}

/** The same with the places; offsets count from the start of the text, as in its tree (`tree.ts`). */
export function placedBlocks(text: string): Blocks | undefined {
  const places: Places = new Map();
  const root = read(text, { start: 0, end: text.length }, places);
  if (root === undefined) return undefined;
  const { value, start } = root;
  return { value, startOf: (path) => startOf(path, value, start, places) };
}

/** The start of each value by the mapping or list that holds it; undefined where only the tree tells. */
type Places = Map<object, Map<string | number, number | undefined>>;

function startOf(path: Path, root: unknown, first: number, places: Places): number | undefined {
  let value = root;
  let start = first;
  for (const step of path) {
    const within = typeof value === 'object' && value !== null ? places.get(value) : undefined;
    if (within?.has(step) !== true) return start;
    const next = within.get(step);
    if (next === undefined) return undefined;
    start = next;
    value = (value as Record<string | number, unknown>)[step];
  }
  return start;
}

function read(text: string, { start, end }: { start: number; end: number }, places: Places | undefined) {
  if (unusual.test(text.slice(start, end))) return undefined;
  try {
    return new BlockReader(text, end, places).document(start);
  } catch (error) {
    if (error === odd) return undefined;
    throw error;
  }
}

/** Line ends of Windows, what YAML refuses in a text, and what it treats apart. */
const unusual = /[\r\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]/;

/** Beginnings of plain texts that can begin nothing else. `-` is one too, unless a space follows. */
const plainStart = /^[A-Za-z0-9_./$()^\\=+;~]/;
const startsPlain: readonly boolean[] = Array.from({ length: 128 }, (_, code) =>
  plainStart.test(String.fromCharCode(code)),
);

class BlockReader extends LineReader {
  readonly #places: Places | undefined;
  #depth = 0;

  constructor(text: string, end: number, places: Places | undefined) {
    super(text, end);
    this.#places = places;
  }

  document(from: number): { value: unknown; start: number } {
    this.advance(from);
    if (this.column === 0 && this.text.startsWith('---', this.start)) {
      const rest = this.restIsEmpty(this.start + 3);
      this.advance(rest);
    }
    if (this.column === -1) throw odd;
    const start = this.start;
    const value = this.#block(this.column);
    if (this.column !== -1) throw odd;
    return { value, start };
  }

  /** The mapping or list whose first key or dash is next. */
  #block(column: number): unknown {
    if (++this.#depth >= MAX_DEPTH) throw odd;
    const value = this.isDash(this.start) ? this.#list(column) : this.#mapping(column);
    this.#depth--;
    return value;
  }

  #mapping(column: number): object {
    const mapping: Record<string, unknown> = {};
    const places = this.#placesOf(mapping);
    do {
      const start = this.start;
      const colon = this.colonAfter(start);
      if (colon === -1) throw odd;
      const key = this.#key(start, colon);
      // Names of Object.prototype, too.
      if (mapping[key] !== undefined) throw odd;
      const at = this.skipSpaces(colon + 1);
      if (this.isLineEnd(at) || (this.text.charCodeAt(at) === HASH && at > colon + 1)) {
        this.advance(this.lineEnd(at) + 1);
        const isNested = this.column > column || (this.column === column && this.isDash(this.start));
        places?.set(key, isNested ? start : undefined);
        mapping[key] = isNested ? this.#block(this.column) : null;
      } else if (this.text[at] === '|') {
        places?.set(key, start);
        mapping[key] = this.#literal(at, column);
      } else {
        places?.set(key, at);
        mapping[key] = this.#inline(at, column);
      }
    } while (this.column === column);
    if (this.column > column) throw odd;
    return mapping;
  }

  #list(column: number): unknown[] {
    const list: unknown[] = [];
    const places = this.#placesOf(list);
    do {
      const at = this.skipSpaces(this.start + 1);
      if (this.isLineEnd(at) || this.text.charCodeAt(at) === HASH) {
        this.advance(this.lineEnd(at) + 1);
        const isNested = this.column > column;
        places?.set(list.length, isNested ? this.start : undefined);
        list.push(isNested ? this.#block(this.column) : null);
      } else if (this.text[at] === '|') {
        places?.set(list.length, undefined);
        list.push(this.#literal(at, column));
      } else {
        places?.set(list.length, at);
        list.push(this.#entry(at, column));
      }
    } while (this.column === column && this.isDash(this.start));
    if (this.column > column) throw odd;
    return list;
  }

  /** What stands on the line of its dash. */
  #entry(at: number, column: number): unknown {
    if (!this.isDash(at) && this.colonAfter(at) === -1) return this.#inline(at, column);
    this.column = column + at - this.start;
    this.start = at;
    return this.#block(this.column);
  }

  #placesOf(container: object): Map<string | number, number | undefined> | undefined {
    if (this.#places === undefined) return undefined;
    const own = new Map<string | number, number | undefined>();
    this.#places.set(container, own);
    return own;
  }

  #key(start: number, colon: number): string {
    const text = this.text;
    const first = text.charCodeAt(start);
    if (first === QUOTE || first === TICK) {
      const key = text.slice(start + 1, colon - 1);
      if (key.includes('\n') || key.includes('\\')) throw odd;
      return key;
    }
    const key = text.slice(start, colon);
    if (startsPlain[first] !== true || key.endsWith(' ') || key.includes(' #') || key.includes('\t'))
      throw odd;
    if (typeof plainValue(key) !== 'string' && !isInteger(key)) throw odd;
    return key;
  }

  /** A scalar, or an empty collection in flow style. */
  #inline(at: number, column: number): unknown {
    const text = this.text;
    switch (text.charCodeAt(at)) {
      case QUOTE:
        return this.#doubleQuoted(at);
      case TICK:
        return this.#singleQuoted(at);
    }
    if (text.startsWith('{}', at) || text.startsWith('[]', at)) {
      this.advance(this.restIsEmpty(at + 2));
      if (this.column > column) throw odd;
      return text[at] === '{' ? {} : [];
    }
    return this.#plain(at, column);
  }

  #plain(at: number, column: number): unknown {
    const first = this.text.charCodeAt(at);
    if (startsPlain[first] !== true && (first !== DASH || this.isSpaceOrEnd(at + 1))) throw odd;
    let value = this.#plainLine(at);
    let end = this.lineEnd(at);
    let hasComment = at + value.length < end && this.text.slice(at + value.length, end).includes('#');
    this.advance(end + 1);
    if (this.column <= column) return plainValue(value);
    // What stands further right goes on with the text.
    while (this.column > column) {
      if (hasComment || this.start - this.column !== end + 1) throw odd;
      const more = this.#plainLine(this.start);
      end = this.lineEnd(this.start);
      hasComment = this.text.slice(this.start + more.length, end).includes('#');
      value += ` ${more}`;
      this.advance(end + 1);
    }
    return plainValue(value);
  }

  /** Up to the end of the line, or a comment. */
  #plainLine(at: number): string {
    const text = this.text;
    let end = at;
    for (let next = at; next < this.end; next++) {
      const char = text.charCodeAt(next);
      if (char === NEWLINE) break;
      if (char === HASH && text.charCodeAt(next - 1) === SPACE) break;
      if (char === TAB || (char === COLON && this.isSpaceOrEnd(next + 1))) throw odd;
      if (char !== SPACE) end = next + 1;
    }
    return text.slice(at, end);
  }

  #doubleQuoted(at: number): string {
    const text = this.text;
    let end = text.indexOf('"', at + 1);
    let isEscaped = false;
    for (
      let slash = text.indexOf('\\', at);
      slash !== -1 && slash < end;
      slash = text.indexOf('\\', slash + 2)
    ) {
      if (!'"\\nrt'.includes(text[slash + 1]!)) throw odd;
      isEscaped = true;
      if (slash + 1 === end) end = text.indexOf('"', end + 1);
    }
    const value = this.#quoted(at, end);
    if (!isEscaped) return value;
    if (value.includes('\t')) throw odd;
    return JSON.parse(`"${value}"`) as string;
  }

  #singleQuoted(at: number): string {
    const text = this.text;
    let end = text.indexOf("'", at + 1);
    while (end !== -1 && text.charCodeAt(end + 1) === TICK) end = text.indexOf("'", end + 2);
    const value = this.#quoted(at, end);
    return value.includes("''") ? value.replaceAll("''", "'") : value;
  }

  #quoted(at: number, end: number): string {
    if (end === -1 || end >= this.end) throw odd;
    const value = this.text.slice(at + 1, end);
    if (value.includes('\n')) throw odd;
    this.advance(this.restIsEmpty(end + 1));
    return value;
  }

  /** A text in a block: `|`, `|-` or `|+`, indented as its first line is. */
  #literal(at: number, column: number): string {
    const text = this.text;
    const sign = text[at + 1];
    const chomping = sign === '-' || sign === '+' ? sign : '';
    let line = this.restIsEmpty(at + 1 + chomping.length);
    let lines = '';
    while (text.charCodeAt(line) === NEWLINE && line < this.end) {
      lines += '\n';
      line++;
    }
    const indent = this.skipSpaces(line) - line;
    if (indent <= column || this.isLineEnd(line + indent)) throw odd;
    let kept = lines.length;
    while (line < this.end) {
      const first = this.skipSpaces(line);
      const isBlank = this.isLineEnd(first);
      if (first - line < indent && !isBlank) {
        if (text.charCodeAt(first) === TAB) throw odd;
        break;
      }
      const end = this.lineEnd(first);
      // Without a last line end, YAML's readers differ.
      if (end === this.end) throw odd;
      lines += first - line < indent ? '\n' : text.slice(line + indent, end + 1);
      if (!isBlank || first - line > indent) kept = lines.length;
      line = end + 1;
    }
    this.advance(line);
    if (this.column > column) throw odd;
    if (chomping === '+') return lines;
    return lines.slice(0, chomping === '-' ? kept - 1 : kept);
  }
}
