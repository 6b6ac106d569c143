import { markdownBlock, markdownText, visible } from '../text/escape.ts';
import { type DiffDocument, type DiffLine, type DiffSection, inPairs, signs } from './document.ts';
import { htmlDiff } from './html.ts';

export interface DiffStyle {
  readonly sideBySide: boolean;
  readonly colors: boolean;
  /** Columns of the terminal; undefined where it is none. */
  readonly width: number | undefined;
}

/** A document as pieces of text, to be written one after the other. */
export type DiffFormat = (document: DiffDocument, style: DiffStyle) => Iterable<string>;

export const diffFormats: Readonly<Record<'text' | 'md' | 'html', DiffFormat>> = {
  text: textDiff,
  md: markdownDiff,
  html: htmlDiff,
};

/** Longest line of a value that is shown. */
const longestLine = 4000;

/** Unified, as `diff -u` has it, or side by side. */
function* textDiff(document: DiffDocument, style: DiffStyle): Iterable<string> {
  const sgr = (open: string, text: string) => (style.colors ? `\x1b[${open}m${text}\x1b[0m` : text);
  for (const sentence of document.summary) yield `${visible(sentence)}\n`;
  if (document.sections.length === 0) return;
  yield `\n${sgr('31', `--- ${document.left}`)}\n${sgr('32', `+++ ${document.right}`)}\n`;
  for (const section of document.sections) {
    yield `\n${sgr('1;36', `@@ ${visible(section.title)} @@`)}\n`;
    for (const note of section.notes) yield `${sgr('2', `# ${visible(note, longestLine)}`)}\n`;
    if (style.sideBySide) yield* columns(section, style.width ?? 160, sgr);
    else {
      for (const { side, text } of section.lines) {
        const line = `${signs[side]} ${visible(text, longestLine)}`.trimEnd();
        yield `${side === 'both' ? line : sgr(side === 'left' ? '31' : '32', line)}\n`;
      }
    }
  }
}

function* columns(
  { lines }: DiffSection,
  width: number,
  sgr: (open: string, text: string) => string,
): Iterable<string> {
  const half = Math.max(20, Math.floor((width - 3) / 2));
  const cell = (text: string | undefined): string => {
    const shown = visible(text ?? '', longestLine);
    return shown.length > half ? `${shown.slice(0, half - 1)}…` : shown;
  };
  for (const { left, right, same } of inPairs(lines)) {
    const [one, other] = [cell(left).padEnd(half), cell(right)];
    const sign = same ? ' ' : left === undefined ? '>' : right === undefined ? '<' : '|';
    yield same
      ? `${one} ${sign} ${other}`.trimEnd().concat('\n')
      : `${sgr('31', one)} ${sign} ${sgr('32', other)}\n`;
  }
}

/** Headings, notes as lists, and the lines as `diff` blocks, which GitHub and GitLab colour. */
function* markdownDiff(document: DiffDocument, { sideBySide }: DiffStyle): Iterable<string> {
  yield `# ${markdownText(document.title)}\n\n`;
  for (const sentence of document.summary) yield `${markdownText(sentence)}\n\n`;
  for (const section of document.sections) {
    yield `## ${markdownText(section.title)}\n\n`;
    for (const note of section.notes) yield `- ${markdownText(note)}\n`;
    if (section.notes.length > 0) yield '\n';
    if (section.lines.length === 0) continue;
    if (sideBySide) {
      for (const [name, side] of [
        [document.left, 'left'],
        [document.right, 'right'],
      ] as const) {
        yield `${markdownText(name)}:\n\n${markdownBlock(sideOf(section.lines, side), '')}\n`;
      }
    } else {
      const text = section.lines.map(({ side, text }) => `${signs[side]} ${text}`).join('\n');
      yield `${markdownBlock(text, 'diff')}\n`;
    }
  }
}

function sideOf(lines: readonly DiffLine[], wanted: 'left' | 'right'): string {
  return lines
    .filter(({ side }) => side === 'both' || side === wanted)
    .map(({ text }) => text)
    .join('\n');
}
