import { finding } from '../domain/findings.ts';
import { originOf, type Path } from '../domain/origin.ts';
import { readBlocks } from './block-yaml.ts';
import { type Range, type SplitList, splitDocuments, splitList } from './documents.ts';
import { isMapping, type Mapping } from './fields.ts';
import { notAnObject, repeatedKey } from './findings/documents.ts';
import { type JsonValue, scanJson } from './json.ts';
import { roleOf } from './kinds.ts';
import { type Collected, collect, countOther } from './objects.ts';
import { type Parsed, parseJsonPiece, parsePiece } from './parse.ts';
import { type Identity, peekDocument, peekItem } from './peek.ts';
import { tellProblem } from './problems.ts';
import { placeSource } from './source.ts';
import { type Piece, pieceText, type TextFile } from './text.ts';

type Part = 'document' | 'list entry' | 'list';

interface Reading {
  readonly collected: Collected;
  readonly file: TextFile;
  readonly onProgress: (offset: number) => void;
}

/** A List that is read entry by entry. */
interface Entries {
  readonly list: SplitList;
  readonly identity: Identity | undefined;
  readonly document: Range;
  /** The entries as a parse of the whole List gives them; made only where an entry needs it. */
  whole: readonly unknown[] | undefined;
}

/** A document of space and comments, as Helm writes many. */
const NOTHING = /^(?:---|\.\.\.)?(?:[ \t\r\n]|#[^\n]*(?:\n|$))*$/;
const FIRST = [0];
const PROGRESS_EVERY = 512 * 1024;
const MAX_NESTED_LISTS = 8;

/** Reads all objects of one text. */
export function collectFile(
  collected: Collected,
  file: TextFile,
  onProgress: (offset: number) => void,
): void {
  const reading: Reading = { collected, file, onProgress: every(PROGRESS_EVERY, onProgress) };
  const from = file.text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (const document of splitDocuments(file.text, from)) {
    readDocument(reading, document);
    reading.onProgress(document.end);
  }
}

function readDocument(reading: Reading, document: Range): void {
  const { text } = reading.file;
  const values = firstCharacter(text, document) === '{' ? scanJson(text, document) : undefined;
  if (values === undefined) readYaml(reading, document);
  else for (const value of values) readJson(reading, value);
}

function firstCharacter(text: string, { start, end }: Range): string | undefined {
  for (let at = start; at < end; at++) if (!' \t\r\n'.includes(text[at]!)) return text[at];
  return undefined;
}

function readYaml(reading: Reading, document: Range): void {
  if (readYamlList(reading, document)) return;
  const piece: Piece = { file: reading.file, start: document.start, end: document.end, within: [] };
  const text = pieceText(piece);
  if (NOTHING.test(text)) return;
  const blocks = readBlocks(reading.file.text, document);
  if (blocks !== undefined) {
    readValue(reading, piece, blocks, 'document');
    return;
  }
  if (!isWorthParsing(reading, text, peekDocument)) return;
  const parsed = parsePiece(text);
  if (parsed.ok) readParsed(reading, piece, parsed, 'document');
  else tellProblem(reading.collected, piece, parsed, 'document');
}

/** Reads a List entry by entry; false where the document is none that can be taken apart. */
function readYamlList(reading: Reading, document: Range): boolean {
  const { file, collected } = reading;
  const list = splitList(file.text, document);
  if (list === undefined) return false;
  const header = parsePiece(list.header);
  const identity = header.ok ? listIdentity(header.value) : undefined;
  if (header.ok && identity === undefined) return false;
  // Only where the text is out of order, so that a healthy dump is never parsed as a whole.
  if ((!header.ok || !list.regular) && parsePiece(file.text.slice(document.start, document.end)).ok)
    return false;
  if (!header.ok) tellProblem(collected, { file, ...document, within: [] }, { ...header, offset: 0 }, 'list');

  const entries: Entries = { list, identity, document, whole: undefined };
  for (const [index, range] of list.items.entries()) {
    readEntry(reading, entries, { file, ...range, within: FIRST }, index);
    reading.onProgress(range.end);
  }
  return true;
}

function readEntry(reading: Reading, entries: Entries, piece: Piece, index: number): void {
  const { file } = reading;
  const blocks = readBlocks(file.text, piece);
  if (Array.isArray(blocks) && blocks.length === 1) {
    readValue(reading, piece, blocks[0], 'list entry', entries.identity);
    return;
  }
  if (!isWorthParsing(reading, pieceText(piece), peekItem, entries.identity)) return;
  const parsed = parsePiece(pieceText(piece));
  if (parsed.ok) {
    readParsed(reading, piece, parsed, 'list entry', entries.identity);
    return;
  }
  // The anchor may stand in another entry.
  if (parsed.problem === 'unknown-alias')
    entries.whole ??= wholeItems(pieceText({ ...piece, ...entries.document }));
  if (parsed.problem === 'unknown-alias' && entries.whole?.length === entries.list.items.length) {
    const outer: Piece = { file, ...entries.document, within: ['items', index] };
    readValue(reading, outer, entries.whole[index], 'list entry', entries.identity);
  } else {
    tellProblem(reading.collected, piece, parsed, 'list entry');
  }
}

function wholeItems(text: string): readonly unknown[] {
  const parsed = parsePiece(text);
  const items = parsed.ok && isMapping(parsed.value) ? parsed.value['items'] : undefined;
  return Array.isArray(items) ? items : [];
}

function readJson(reading: Reading, value: JsonValue): void {
  const { file, collected } = reading;
  const piece: Piece = { file, start: value.start, end: value.end, within: [] };
  if (value.tooDeep) {
    tellProblem(collected, piece, { ok: false, problem: 'depth', reason: '', offset: 0 }, 'document');
    return;
  }
  const itemMembers = value.items?.reduce((sum, item) => sum + item.members, 0) ?? 0;
  const header = parseJsonPiece(value.header, value.members - itemMembers);
  const identity = header.ok ? listIdentity(header.value) : undefined;
  if (value.items === undefined || identity === undefined) {
    const parsed = value.items === undefined ? header : parseJsonPiece(pieceText(piece), value.members);
    if (parsed.ok) readParsed(reading, piece, parsed, 'document');
    else tellProblem(collected, piece, parsed, 'document');
    return;
  }
  for (const item of value.items) {
    reading.onProgress(item.end);
    const itemPiece: Piece = { file, start: item.start, end: item.end, within: [] };
    const parsed = parseJsonPiece(pieceText(itemPiece), item.members);
    if (parsed.ok) readParsed(reading, itemPiece, parsed, 'list entry', identity);
    else tellProblem(collected, itemPiece, parsed, 'list entry');
  }
}

/** False for an object that the text itself shows to be of no interest; it is then counted. */
function isWorthParsing(
  reading: Reading,
  text: string,
  peek: (text: string) => Identity,
  list?: Identity,
): boolean {
  const seen = peek(text);
  const kind = seen.kind ?? list?.kind;
  const apiVersion = seen.apiVersion ?? list?.apiVersion;
  if (kind === undefined || apiVersion === undefined || kind.endsWith('List')) return true;
  if (roleOf(apiVersion, kind) !== 'other') return true;
  countOther(reading.collected, kind);
  return false;
}

function readParsed(
  reading: Reading,
  piece: Piece,
  parsed: Extract<Parsed, { ok: true }>,
  part: Part,
  list?: Identity,
): void {
  for (const { key, start } of parsed.repeated) {
    const origin = originOf(placeSource(piece.file, piece.start + start));
    reading.collected.findings.push(finding(repeatedKey, { key }, { origin }));
  }
  readValue(reading, piece, valueAt(parsed.value, piece.within), part, list);
}

function readValue(
  reading: Reading,
  piece: Piece,
  value: unknown,
  part: Part,
  list?: Identity,
  depth = 0,
): void {
  if ((value === undefined || value === null) && part === 'document') return;
  const own = isMapping(value) ? value : {};
  const identity = listIdentity(value);
  if (identity !== undefined && Array.isArray(own['items']) && depth < MAX_NESTED_LISTS) {
    for (const [index, item] of own['items'].entries()) {
      const within = [...piece.within, 'items', index];
      readValue(reading, { ...piece, within }, item, 'list entry', identity, depth + 1);
    }
    return;
  }
  const kind = nonEmpty(own['kind']) ?? list?.kind;
  const apiVersion = nonEmpty(own['apiVersion']) ?? list?.apiVersion;
  if (!isMapping(value) || kind === undefined || apiVersion === undefined) {
    const missing = isMapping(value)
      ? `it has no ${kind === undefined ? 'kind' : 'apiVersion'}`
      : 'it is not a mapping';
    const origin = originOf(placeSource(piece.file, startOf(piece)));
    reading.collected.findings.push(finding(notAnObject, { part, missing }, { origin }));
    return;
  }
  collect(reading.collected, piece, { apiVersion, kind, role: roleOf(apiVersion, kind) }, value);
}

/** What a List says of its entries: nothing for `kind: List`, their kind for a typed one. Undefined for what is no List. */
function listIdentity(value: unknown): Identity | undefined {
  if (!isMapping(value) || typeof value['kind'] !== 'string' || !value['kind'].endsWith('List'))
    return undefined;
  const items = value['items'];
  if (items !== undefined && items !== null && !Array.isArray(items)) return undefined;
  const kind = value['kind'].slice(0, -'List'.length);
  if (kind === '') return {};
  const apiVersion = nonEmpty(value['apiVersion']);
  return apiVersion === undefined ? { kind } : { kind, apiVersion };
}

function valueAt(value: unknown, path: Path): unknown {
  let inner = value;
  for (const step of path) inner = (inner as Mapping | undefined)?.[step];
  return inner;
}

/** The offset of the first character that is more than space, comment or document marker. */
function startOf(piece: Piece): number {
  const lead = /^(?:---)?(?:\s+|#[^\n]*)*/.exec(pieceText(piece));
  return piece.start + (lead?.[0].length ?? 0);
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function every(step: number, call: (offset: number) => void): (offset: number) => void {
  let next = step;
  return (offset) => {
    if (offset < next) return;
    next = offset + step;
    call(offset);
  };
}
