import type { Origin } from '../domain/origin.ts';
import type { ReadSource } from './source.ts';
import { pieceText } from './text.ts';

/** A line of the input with its number, from 1. */
export interface ExcerptLine {
  readonly number: number;
  readonly text: string;
  /** Whether the value in question stands on it. */
  readonly marked: boolean;
}

/** The lines of the input around a value, none of another object; empty where the text is not known. */
export function excerptAt({ source, path }: Origin, before: number, after: number): ExcerptLine[] {
  const { piece } = source as Partial<ReadSource>;
  if (piece === undefined || piece.end === piece.start) return [];
  const first = piece.file.lineAt(piece.start).line;
  const lines = pieceText(piece).replace(/\n$/, '').split('\n');
  const at = source.locate(path).line - first;
  const indent = (text: string): number => text.length - text.trimStart().length;
  let end = at + 1;
  // A value of several lines stands further right than its key.
  while (end < lines.length && (lines[end]!.trim() === '' || indent(lines[end]!) > indent(lines[at] ?? '')))
    end++;
  const from = Math.max(0, at - before);
  return lines.slice(from, Math.min(lines.length, Math.max(end, at + 1) + after)).map((text, index) => ({
    number: first + from + index,
    text,
    marked: from + index >= at && from + index < end,
  }));
}
