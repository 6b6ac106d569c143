import { diffLines } from 'diff';
import type { DiffLine } from './document.ts';

/** Longer texts are set against each other without looking for what they share. */
const mostLines = 4000;

/** Two texts line by line. */
export function lineDiff(left: string, right: string): DiffLine[] {
  const all = (side: DiffLine['side'], text: string): DiffLine[] =>
    linesOf(text).map((line) => ({ side, text: line }));
  if (left === right) return all('both', left);
  if (left.length > 0 && right.length > 0 && countLines(left) + countLines(right) <= mostLines) {
    return diffLines(left, right).flatMap(({ value, added, removed }) =>
      all(removed ? 'left' : added ? 'right' : 'both', value),
    );
  }
  return [...all('left', left), ...all('right', right)];
}

/** Leaves out what is the same on both sides, but for some lines around a difference. */
export function withContext(lines: readonly DiffLine[], around: number): DiffLine[] {
  const kept = new Set<number>();
  for (const [index, { side }] of lines.entries()) {
    if (side === 'both') continue;
    for (let near = index - around; near <= index + around; near++) kept.add(near);
  }
  const shown: DiffLine[] = [];
  let last = -1;
  for (const [index, line] of lines.entries()) {
    if (!kept.has(index)) continue;
    if (index !== last + 1) shown.push({ side: 'both', text: '…' });
    shown.push(line);
    last = index;
  }
  if (shown.length > 0 && last < lines.length - 1) shown.push({ side: 'both', text: '…' });
  return shown;
}

function linesOf(text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
