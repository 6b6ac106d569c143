import type { Path } from '../domain/origin.ts';
import { type Blocks, placedBlocks } from './block-yaml.ts';
import { type Node, nodeAt, parseTree } from './tree.ts';

/** A text of the input, kept once: all that is read from it are slices of it. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
  /** Line and column, from 1, of an offset. */
  lineAt(offset: number): { readonly line: number; readonly column: number };
  /** Where everything is in a piece of this text. Parses the piece again; the last few answers are kept. */
  treeOf(piece: Piece): Node | undefined;
  /** The offset of the value at a path of a piece, or of its nearest ancestor. What the last piece holds is kept. */
  startOf(piece: Piece, path: Path): number;
}

/** The part of a text that holds one object. */
export interface Piece {
  readonly file: TextFile;
  readonly start: number;
  readonly end: number;
  /** Where the object is in the piece: `[]` for a document, `[0]` for the text of one list entry, `['items', 3]` for an unsplit List. */
  readonly within: readonly (string | number)[];
}

const KEPT_TREES = 16;

export function textFile(name: string, text: string): TextFile {
  let lineStarts: Uint32Array | undefined;
  const trees = new Map<number, { piece: Piece; tree: Node | undefined }>();
  let last: { readonly piece: Piece; readonly blocks: Blocks | undefined } | undefined;
  const treeOf = (piece: Piece): Node | undefined => {
    const known = trees.get(piece.start);
    trees.delete(piece.start);
    const entry = known?.piece.end === piece.end ? known : { piece, tree: parseTree(pieceText(piece)) };
    trees.set(piece.start, entry);
    if (trees.size > KEPT_TREES) trees.delete(trees.keys().next().value!);
    return entry.tree;
  };

  return {
    name,
    text,
    lineAt(offset) {
      lineStarts ??= findLineStarts(text);
      let low = 0;
      let high = lineStarts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (lineStarts[middle]! <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: offset - lineStarts[low]! + 1 };
    },
    treeOf,
    startOf(piece, path) {
      if (last?.piece.start !== piece.start || last.piece.end !== piece.end)
        last = { piece, blocks: placedBlocks(pieceText(piece)) };
      const start = last.blocks?.startOf(path);
      if (start !== undefined) return start;
      const tree = treeOf(piece);
      return tree === undefined ? 0 : nodeAt(tree, path).node.start;
    },
  };
}

export function pieceText(piece: Piece): string {
  return piece.file.text.slice(piece.start, piece.end);
}

function findLineStarts(text: string): Uint32Array {
  const starts = [text.charCodeAt(0) === 0xfeff ? 1 : 0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return Uint32Array.from(starts);
}
