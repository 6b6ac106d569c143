import type { TextProps } from 'ink';

/** What a piece of text means; no meaning hangs on colour alone. */
export type Tone =
  | 'plain'
  | 'dim'
  | 'title'
  | 'danger'
  | 'warning'
  | 'done'
  | 'added'
  | 'removed'
  | 'marked'
  | 'cursor'
  | 'bar';

export type Theme = Readonly<Record<Tone, Pick<TextProps, 'color' | 'bold' | 'dimColor' | 'inverse'>>>;

/** The sixteen colours of the terminal's own scheme, so that light and dark backgrounds both work. */
const coloured: Theme = {
  plain: {},
  dim: { dimColor: true },
  title: { bold: true },
  danger: { color: 'red', bold: true },
  warning: { color: 'magenta' },
  done: { color: 'green' },
  added: { color: 'green' },
  removed: { color: 'red' },
  marked: { bold: true },
  cursor: { inverse: true },
  bar: { inverse: true },
};

const plain: Theme = {
  plain: {},
  dim: {},
  title: { bold: true },
  danger: { bold: true },
  warning: {},
  done: {},
  added: {},
  removed: {},
  marked: { bold: true },
  cursor: { inverse: true },
  bar: { inverse: true },
};

/** `NO_COLOR` is that of no-color.org. */
export function themeFor(env: Readonly<Record<string, string | undefined>>): Theme {
  return env['NO_COLOR'] || env['TERM'] === 'dumb' ? plain : coloured;
}
