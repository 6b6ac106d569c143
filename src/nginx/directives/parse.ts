import { skipLuaBlock } from './lua.ts';

/** A word of a directive after nginx's unescaping; `quoted` where it stood in quotes. */
export interface Word {
  readonly text: string;
  readonly quoted: boolean;
}

export interface Directive {
  readonly name: string;
  readonly args: readonly Word[];
  /** Directives of its block; a string for a Lua block, which is kept as it stands. */
  readonly block: readonly Directive[] | string | undefined;
  /** Counted from 1, inside the snippet. */
  readonly line: number;
  readonly column: number;
  /** As written, from its name to its `;` or `}`. */
  readonly text: string;
}

export interface SyntaxProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** Either all directives, or the first problem with the directives before it: nginx refuses such a file whole. */
export interface Parsed {
  readonly directives: readonly Directive[];
  readonly problem: SyntaxProblem | undefined;
}

/** Deeper blocks than any real configuration has. */
const depthLimit = 32;

/**
 * Reads nginx configuration as it may stand in a snippet, by the rules of nginx 1.27 (core/ngx_conf_file.c,
 * ngx_conf_read_token). A `}` without its `{`, with which a snippet could close the block around it, is a problem.
 * Takes time linear in the length of the text.
 */
export function parseDirectives(text: string): Parsed {
  const scanner = startOf(text);
  const directives: Directive[] = [];
  const problem = readBlock(scanner, directives, 0);
  return { directives, problem };
}

interface Scanner {
  readonly text: string;
  at: number;
  line: number;
  lineStart: number;
}

function startOf(text: string): Scanner {
  return { text, at: 0, line: 1, lineStart: 0 };
}

function place(scanner: Scanner): { line: number; column: number } {
  return { line: scanner.line, column: scanner.at - scanner.lineStart + 1 };
}

function problemAt(scanner: Scanner, message: string): SyntaxProblem {
  return { message, ...place(scanner) };
}

/** Goes on to `end`, counting lines. */
function advance(scanner: Scanner, end: number): void {
  for (; scanner.at < end; scanner.at++) {
    if (scanner.text[scanner.at] !== '\n') continue;
    scanner.line++;
    scanner.lineStart = scanner.at + 1;
  }
}

function readBlock(scanner: Scanner, into: Directive[], depth: number): SyntaxProblem | undefined {
  for (;;) {
    skipBlank(scanner);
    const char = scanner.text[scanner.at];
    if (char === undefined)
      return depth === 0 ? undefined : problemAt(scanner, 'unexpected end of the snippet, expecting "}"');
    if (char === '}') {
      if (depth === 0)
        return problemAt(scanner, 'unexpected "}": it would close the block around the snippet');
      advance(scanner, scanner.at + 1);
      return undefined;
    }
    const read = readDirective(scanner, depth);
    if ('message' in read) return read;
    into.push(read);
  }
}

function readDirective(scanner: Scanner, depth: number): Directive | SyntaxProblem {
  const start = place(scanner);
  const from = scanner.at;
  const words: Word[] = [];
  for (;;) {
    skipBlank(scanner);
    const char = scanner.text[scanner.at];
    if (char === undefined) return problemAt(scanner, 'unexpected end of the snippet, expecting ";" or "}"');
    if (char === '}') return problemAt(scanner, 'unexpected "}", expecting ";"');
    if (char === ';' || char === '{') {
      if (words.length === 0) return problemAt(scanner, `unexpected "${char}"`);
      break;
    }
    const word = readWord(scanner);
    if ('message' in word) return word;
    words.push(word);
  }
  const [{ text: name }, ...args] = words as [Word, ...Word[]];
  const block = readEnd(scanner, name, depth);
  if (block !== undefined && typeof block !== 'string' && 'message' in block) return block;
  return { name, args, block, ...start, text: scanner.text.slice(from, scanner.at) };
}

/** Reads `;` or a block. */
function readEnd(
  scanner: Scanner,
  name: string,
  depth: number,
): readonly Directive[] | string | undefined | SyntaxProblem {
  const opening = scanner.text[scanner.at];
  const openingPlace = place(scanner);
  advance(scanner, scanner.at + 1);
  if (opening === ';') return undefined;
  if (name.endsWith('_by_lua_block')) {
    const end = skipLuaBlock(scanner.text, scanner.at);
    if (end === undefined) return { message: 'the Lua block has no closing brace', ...openingPlace };
    const lua = scanner.text.slice(scanner.at, end);
    advance(scanner, end + 1);
    return lua;
  }
  if (depth >= depthLimit)
    return { message: `more than ${depthLimit} blocks inside each other`, ...openingPlace };
  const block: Directive[] = [];
  return readBlock(scanner, block, depth + 1) ?? block;
}

const blank = new Set([' ', '\t', '\r', '\n']);

function skipBlank(scanner: Scanner): void {
  for (;;) {
    let end = scanner.at;
    while (blank.has(scanner.text[end] ?? '')) end++;
    if (scanner.text[end] === '#') {
      const newline = scanner.text.indexOf('\n', end);
      end = newline === -1 ? scanner.text.length : newline;
    }
    if (end === scanner.at) return;
    advance(scanner, end);
  }
}

function readWord(scanner: Scanner): Word | SyntaxProblem {
  const quote = scanner.text[scanner.at];
  return quote === '"' || quote === "'" ? readQuoted(scanner, quote) : readPlain(scanner);
}

function readQuoted(scanner: Scanner, quote: string): Word | SyntaxProblem {
  const { text } = scanner;
  let end = scanner.at + 1;
  while (end < text.length && text[end] !== quote) end += text[end] === '\\' ? 2 : 1;
  if (end >= text.length) return problemAt(scanner, `the quotation mark ${quote} is not closed`);
  const raw = text.slice(scanner.at + 1, end);
  advance(scanner, end + 1);
  const after = text[end + 1];
  // A closing parenthesis may follow, for `if ($host = "a")`.
  if (after !== undefined && !blank.has(after) && after !== ';' && after !== '{' && after !== ')')
    return problemAt(scanner, `unexpected "${after}" after a quoted word`);
  return { text: resolveEscapes(raw), quoted: true };
}

function readPlain(scanner: Scanner): Word {
  const { text } = scanner;
  let end = scanner.at;
  while (end < text.length) {
    const char = text[end] as string;
    if (blank.has(char) || char === ';') break;
    if (char === '{' && text[end - 1] !== '$') break;
    end += char === '\\' ? 2 : 1;
  }
  end = Math.min(end, text.length);
  const raw = text.slice(scanner.at, end);
  advance(scanner, end);
  return { text: resolveEscapes(raw), quoted: false };
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '\\': '\\',
  t: '\t',
  r: '\r',
  n: '\n',
};

/** Only these are escapes; before anything else the backslash stays, as a regular expression needs it. */
function resolveEscapes(raw: string): string {
  return raw.replace(/\\(["'\\trn])/g, (_, char: string) => escapes[char] ?? char);
}

/** All directives, those of blocks included, outermost first. */
export function* walk(directives: readonly Directive[]): Generator<Directive> {
  for (const directive of directives) {
    yield directive;
    if (typeof directive.block === 'object') yield* walk(directive.block);
  }
}
