import type { ObjectRef, ObjectSource, Path } from '../domain/origin.ts';
import { parsePiece } from './parse.ts';
import { type Piece, pieceText, type TextFile } from './text.ts';
import { nodeAt } from './tree.ts';

/** A source that knows its text. Only the reader looks at `piece`. */
export interface ReadSource extends ObjectSource {
  readonly piece: Piece;
}

export function objectSource(piece: Piece, ref: ObjectRef): ReadSource {
  return { ref, file: piece.file.name, piece, locate: (path) => locate(piece, path) };
}

/** The source of a problem that has no object: a file, or a place in it. */
export function fileSource(file: string, place = { line: 1, column: 1 }): ObjectSource {
  return { ref: { kind: 'File', namespace: '', name: file }, file, locate: () => ({ file, ...place }) };
}

/** A fileSource for an offset of a text. */
export function placeSource(file: TextFile, offset: number): ReadSource {
  const source = fileSource(file.name, file.lineAt(offset));
  return { ...source, piece: { file, start: offset, end: offset, within: [] } };
}

/** A scalar as it is written in the text, without quotes: `1.10`, `on`. Undefined where the text has no such scalar. */
export function writtenAt(source: ReadSource, path: Path): string | undefined {
  const { piece } = source;
  const tree = piece.file.treeOf(piece);
  if (tree === undefined) return undefined;
  const { node, found } = nodeAt(tree, [...piece.within, ...path]);
  return found ? node.written : undefined;
}

/** The object as it was parsed, read from its text again: nothing of it is kept. Undefined for a source without an object. */
export function rawObject(source: ObjectSource): unknown {
  const { piece } = source as Partial<ReadSource>;
  if (piece === undefined || piece.end === piece.start) return undefined;
  const parsed = parsePiece(pieceText(piece));
  let value = parsed.ok ? parsed.value : undefined;
  for (const step of piece.within) value = (value as Record<string | number, unknown> | undefined)?.[step];
  return value;
}

function locate(piece: Piece, path: Path) {
  const { file, within } = piece;
  const offset = file.startOf(piece, within.length === 0 ? path : [...within, ...path]);
  return { file: file.name, ...file.lineAt(piece.start + offset) };
}
