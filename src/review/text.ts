import stringWidth from 'string-width';
import { visible } from '../text/escape.ts';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const plain = /^[\x20-\x7e]*$/;

export function graphemes(text: string): string[] {
  return plain.test(text) ? [...text] : [...segmenter.segment(text)].map(({ segment }) => segment);
}

/** Columns of a terminal. */
export function widthOf(text: string): number {
  return plain.test(text) ? text.length : stringWidth(text);
}

/** What the terminal can show of a value of the input, on one line. */
export function safe(text: string, longest = 2000): string {
  return visible(text, longest);
}

/** Cut to at most `width` columns, with `…` where something is missing. */
export function cut(text: string, width: number): string {
  if (width <= 0) return '';
  if (plain.test(text) ? text.length <= width : widthOf(text) <= width) return text;
  let used = 0;
  let kept = '';
  for (const part of graphemes(text)) {
    const own = widthOf(part);
    if (used + own > width - 1) break;
    used += own;
    kept += part;
  }
  return `${kept}…`;
}

/** Exactly `width` columns. */
export function pad(text: string, width: number): string {
  const short = cut(text, width);
  return short + ' '.repeat(Math.max(0, width - widthOf(short)));
}

/** Lines of at most `width` columns; words stay whole where they fit. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const push = (): void => {
    lines.push(line);
    line = '';
    used = 0;
  };
  for (const word of text.split(' ')) {
    const own = widthOf(word);
    if (used > 0 && used + 1 + own > width) push();
    if (own > width) {
      if (used > 0) push();
      for (const part of graphemes(word)) {
        if (used + widthOf(part) > width) push();
        line += part;
        used += widthOf(part);
      }
      continue;
    }
    if (used > 0) {
      line += ' ';
      used += 1;
    }
    line += word;
    used += own;
  }
  push();
  return lines;
}
