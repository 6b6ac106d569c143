import type { Range } from './documents.ts';
import { MAX_DEPTH } from './limits.ts';

/** One JSON value of a text, found without parsing it. */
export interface JsonValue extends Range {
  /** How many `key: value` pairs it shows, at all depths. */
  readonly members: number;
  /** The entries of its top-level `items`, where that is an array. */
  readonly items: readonly JsonItem[] | undefined;
  /** The whole value with `items` left empty; the value itself where there is none. */
  readonly header: string;
  readonly tooDeep: boolean;
}

export interface JsonItem extends Range {
  readonly members: number;
}

interface Scan {
  readonly text: string;
  readonly end: number;
  at: number;
  members: number;
  deepest: number;
}

/** The JSON objects and arrays that stand one after the other in a range; undefined where there is anything else. */
export function scanJson(text: string, range: Range): JsonValue[] | undefined {
  const scan: Scan = { text, end: range.end, at: range.start, members: 0, deepest: 0 };
  const values: JsonValue[] = [];
  for (skipSpace(scan); scan.at < scan.end; skipSpace(scan)) {
    const value = text[scan.at] === '{' ? scanObject(scan) : scanOther(scan);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function scanObject(scan: Scan): JsonValue | undefined {
  const { text } = scan;
  const start = scan.at;
  const membersBefore = scan.members;
  scan.deepest = 0;
  let items: JsonItem[] | undefined;
  let list: Range | undefined;
  let key = '';
  scan.at++;
  for (skipSpace(scan); scan.at < scan.end && text[scan.at] !== '}'; skipSpace(scan)) {
    const char = text[scan.at];
    if (char === '[' && key === 'items' && items === undefined) {
      const listStart = scan.at;
      items = scanItems(scan);
      list = { start: listStart, end: scan.at };
    } else if (char === '"') {
      const from = scan.at;
      skipValue(scan);
      key = text.slice(from, scan.at) === '"items"' ? 'items' : '';
    } else if (char === ':') {
      scan.members++;
      scan.at++;
    } else if (char === ',') {
      key = '';
      scan.at++;
    } else {
      skipValue(scan);
    }
  }
  if (scan.at >= scan.end) return undefined;
  scan.at++;
  const end = scan.at;
  const header =
    list === undefined
      ? text.slice(start, end)
      : `${text.slice(start, list.start)}[]${text.slice(list.end, end)}`;
  return {
    start,
    end,
    members: scan.members - membersBefore,
    items,
    header,
    tooDeep: scan.deepest > MAX_DEPTH,
  };
}

function scanItems(scan: Scan): JsonItem[] {
  const items: JsonItem[] = [];
  scan.at++;
  for (skipSpace(scan); scan.at < scan.end && scan.text[scan.at] !== ']'; skipSpace(scan)) {
    if (scan.text[scan.at] === ',') {
      scan.at++;
      continue;
    }
    const start = scan.at;
    const before = scan.members;
    skipValue(scan);
    items.push({ start, end: scan.at, members: scan.members - before });
  }
  scan.at++;
  return items;
}

function scanOther(scan: Scan): JsonValue | undefined {
  const start = scan.at;
  if (scan.text[start] !== '[') return undefined;
  const before = scan.members;
  scan.deepest = 0;
  skipValue(scan);
  if (scan.at > scan.end) return undefined;
  const members = scan.members - before;
  const header = scan.text.slice(start, scan.at);
  return { start, end: scan.at, members, items: undefined, header, tooDeep: scan.deepest > MAX_DEPTH };
}

/** Goes past one value: a string, a bracketed text with all inside it, or the characters up to the next comma or bracket. */
function skipValue(scan: Scan): void {
  const { text, end } = scan;
  let depth = 0;
  do {
    const char = text.charCodeAt(scan.at++);
    if (char === 34) skipString(scan);
    else if (char === 123 || char === 91) {
      depth++;
      if (depth > scan.deepest) scan.deepest = depth;
    } else if (char === 125 || char === 93) depth--;
    else if (char === 58) scan.members++;
    else if (depth === 0) while (scan.at < end && !',]}: \n\r\t"'.includes(text[scan.at]!)) scan.at++;
  } while (depth > 0 && scan.at < end);
  if (depth > 0) scan.at = end + 1;
}

function skipString(scan: Scan): void {
  const { text, end } = scan;
  while (scan.at < end) {
    const quote = text.indexOf('"', scan.at);
    if (quote === -1 || quote >= end) break;
    scan.at = quote + 1;
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return;
  }
  scan.at = end + 1;
}

function skipSpace(scan: Scan): void {
  const { text } = scan;
  for (;;) {
    const char = text.charCodeAt(scan.at);
    if (char !== 32 && char !== 10 && char !== 13 && char !== 9) return;
    scan.at++;
  }
}
