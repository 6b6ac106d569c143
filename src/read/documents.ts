/** A part of a text, by offsets; `end` is exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A `kind: List` in block style, taken apart without parsing it. */
export interface SplitList {
  /** The entries under `items:`, each a text of one or more whole lines that begins with its dash. */
  readonly items: readonly Range[];
  /** The rest, with `items:` left empty. */
  readonly header: string;
  /** False where lines stand left of the entries that hold them: then only a parse of the whole tells what belongs where. */
  readonly regular: boolean;
}

const NEWLINE = 10;
const RETURN = 13;
const TAB = 9;
const SPACE = 32;
const HASH = 35;
const DASH = 45;

/**
 * Cuts a YAML stream at its `---` and `...` lines. A `---` line is always a marker: no scalar may hold one (YAML 1.2, 9.1.2).
 * Each range begins with its own `---`; directives (`%YAML 1.1`) stay with the document that follows them.
 */
export function splitDocuments(text: string, from: number): Range[] {
  const documents: Range[] = [];
  let start = from;
  const cutAt = (at: number, next: number): void => {
    if (at > start && !isDirectives(text.slice(start, at))) documents.push({ start, end: at });
    else if (at > start) return;
    start = next;
  };
  for (const marker of markers(text, from)) {
    cutAt(marker, text[marker] === '-' ? marker : endOfLine(text, marker));
  }
  if (start < text.length) documents.push({ start, end: text.length });
  return documents;
}

/** Takes a document apart at the entries of its top-level `items:`; undefined where it has none in block style. */
export function splitList(text: string, document: Range): SplitList | undefined {
  const listStart = findItems(text, document);
  if (listStart === undefined) return undefined;
  const { starts, end, regular } = findEntries(text, { start: listStart, end: document.end });
  if (starts.length === 0) return undefined;
  const items = starts.map((start, index) => ({ start, end: starts[index + 1] ?? end }));
  const header = text.slice(document.start, listStart) + text.slice(end, document.end);
  return { items, header, regular };
}

function* markers(text: string, from: number): Generator<number> {
  if (isMarker(text, from)) yield from;
  let dashes = text.indexOf('\n---', from);
  let dots = text.indexOf('\n...', from);
  while (dashes !== -1 || dots !== -1) {
    const at = dots === -1 || (dashes !== -1 && dashes < dots) ? dashes : dots;
    if (isMarker(text, at + 1)) yield at + 1;
    if (at === dashes) dashes = text.indexOf('\n---', at + 1);
    else dots = text.indexOf('\n...', at + 1);
  }
}

function isMarker(text: string, at: number): boolean {
  if (!text.startsWith('---', at) && !text.startsWith('...', at)) return false;
  const next = text.charCodeAt(at + 3);
  return Number.isNaN(next) || next === SPACE || next === TAB || next === NEWLINE || next === RETURN;
}

function isDirectives(text: string): boolean {
  return text.startsWith('%') && /^(?:[%#].*)?(?:\r?\n(?:[%#].*)?)*$/.test(text);
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}

/** The offset of the line after a top-level `items:` that has nothing beside it. */
function findItems(text: string, { start, end }: Range): number | undefined {
  let at = start;
  if (!text.startsWith('items:', start)) {
    // Looked for in the document alone: a search to the end of the text, for each of many documents, would be quadratic.
    const found = text.slice(start, end).indexOf('\nitems:');
    if (found === -1) return undefined;
    at = start + found + 1;
  }
  const next = endOfLine(text, at);
  const beside = text.slice(at + 'items:'.length, next);
  return /^\s*$|^\s+#/.test(beside) ? Math.min(next, end) : undefined;
}

/**
 * The offsets of the lines that begin an entry. By the rules of YAML all of an entry stands right of its dash, also text in
 * block scalars, so a dash at the column of the first one begins an entry and nothing else.
 */
function findEntries(
  text: string,
  { start, end }: Range,
): { starts: number[]; end: number; regular: boolean } {
  const starts: number[] = [];
  let indent = -1;
  let outside = -1;
  let regular = true;
  for (let line = start; line < end; line = endOfLine(text, line)) {
    let at = line;
    while (text.charCodeAt(at) === SPACE) at++;
    const column = at - line;
    if (column > indent && indent !== -1) continue;
    const char = text.charCodeAt(at);
    if (char === NEWLINE || char === RETURN || char === HASH || char === TAB || at >= end) continue;
    const isEntry = char === DASH && isSpaceOrEnd(text.charCodeAt(at + 1));
    if (indent === -1) {
      if (!isEntry) break;
      indent = column;
    }
    if (isEntry && column === indent) {
      if (outside !== -1) regular = false;
      outside = -1;
      starts.push(line);
    } else if (outside === -1) {
      outside = line;
    }
  }
  return { starts, end: outside === -1 ? end : outside, regular };
}

function isSpaceOrEnd(char: number): boolean {
  return Number.isNaN(char) || char === SPACE || char === NEWLINE || char === RETURN || char === TAB;
}
