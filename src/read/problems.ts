import { finding } from '../domain/findings.ts';
import { originOf } from '../domain/origin.ts';
import {
  aliasBomb,
  brokenDocument,
  tabIndentation,
  tooDeep,
  unrenderedTemplate,
} from './findings/documents.ts';
import { MAX_DEPTH } from './limits.ts';
import type { Collected } from './objects.ts';
import type { Parsed } from './parse.ts';
import { inOurWords } from './reasons.ts';
import { placeSource } from './source.ts';
import { type Piece, pieceText } from './text.ts';

/** A template of Helm, Go or Jinja: `{{ .Values.x }}`, `{{- if …`, `{% … %}`. */
const TEMPLATE = /\{\{-?\s*[.$A-Za-z(/]|\{%/;

/** Tells why a part of a text could not be parsed, at the place where the parser gave up. */
export function tellProblem(
  collected: Collected,
  piece: Piece,
  problem: Extract<Parsed, { ok: false }>,
  part: 'document' | 'list entry' | 'list',
): void {
  const text = pieceText(piece);
  const template = TEMPLATE.exec(text);
  const offset = problem.problem === 'syntax' && template !== null ? template.index : problem.offset;
  const place = Math.min(piece.start + offset, piece.file.text.length);
  const origin = originOf(placeSource(piece.file, place));
  collected.findings.push(describe());

  function describe() {
    if (problem.problem === 'expansion') return finding(aliasBomb, { part }, { origin });
    if (problem.problem === 'depth') return finding(tooDeep, { part, limit: MAX_DEPTH }, { origin });
    if (template !== null) return finding(unrenderedTemplate, { part }, { origin });
    if (isTabbed(text, problem.offset)) return finding(tabIndentation, { part }, { origin });
    return finding(brokenDocument, { part, reason: inOurWords(problem.reason) }, { origin });
  }
}

/** Whether the line at an offset, or the one before it, is indented with a tab. */
function isTabbed(text: string, offset: number): boolean {
  const from = text.lastIndexOf('\n', text.lastIndexOf('\n', offset - 1) - 1) + 1;
  const end = text.indexOf('\n', offset);
  const lines = text.slice(from, end === -1 ? text.length : end).split('\n');
  return lines.some((line) => /^ *\t\s*\S/.test(line));
}
