import { number } from '../../text/count.ts';

/** A piece of Markdown that is never cut in two, and the part of the report that it belongs to. */
export interface Block {
  readonly part: string;
  readonly text: string;
}

export function blocksOf(part: string, texts: Iterable<string>): Block[] {
  return Array.from(texts, (text) => ({ part, text }));
}

export function limited(names: readonly string[], most: number): string[] {
  const more = names.length - most;
  return more > 0 ? [...names.slice(0, most), `and ${number(more)} more`] : [...names];
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}

/** Shortest length that a report can be cut to, in characters. */
export const leastLength = 2000;
/** Room for the line that tells of the cut. */
const reserve = 400;

/** As many blocks as fit into `longest` characters, and a line that says which parts are missing or not whole. */
export function* cutBlocks(blocks: Iterable<Block>, longest: number | undefined): Generator<string> {
  let length = 0;
  let folds = 0;
  const held: Block[] = [];
  for (const block of blocks) {
    if (held.length === 0 && length + block.text.length <= (longest ?? Number.POSITIVE_INFINITY) - reserve) {
      length += block.text.length;
      folds += foldsIn(block.text);
      yield block.text;
    } else held.push(block);
  }
  if (held.length === 0) return;
  const rest = held.reduce((sum, { text }) => sum + text.length, 0);
  if (longest !== undefined && length + rest <= longest) {
    for (const { text } of held) yield text;
    return;
  }
  const parts = [...new Set(held.map(({ part }) => part))].map((part) => `“${part}”`);
  const names = parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : parts.join('');
  yield '\n</details>\n'.repeat(Math.max(0, folds));
  yield `\n---\n\n*Cut at ${number(longest ?? 0)} characters: all or some of ${names} is missing here, ${number(rest)} characters. Write the report without --max-length, or split it with --split, for the rest.*\n`;
}

/** How many folded parts a text opens and leaves open. */
function foldsIn(text: string): number {
  return text.split('\n<details>\n').length - text.split('\n</details>\n').length;
}
