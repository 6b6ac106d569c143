import { graphemes } from './text.ts';

/** A line that is being typed; `cursor` counts graphemes. */
export interface Line {
  readonly text: string;
  readonly cursor: number;
}

export type LineEdit =
  | { readonly kind: 'insert'; readonly text: string }
  | { readonly kind: 'backspace' | 'delete' | 'left' | 'right' | 'start' | 'end' | 'wipe' | 'back-word' };

export function lineOf(text: string): Line {
  return { text, cursor: graphemes(text).length };
}

export function editLine({ text, cursor }: Line, edit: LineEdit): Line {
  const parts = graphemes(text);
  const joined = (before: readonly string[], after: readonly string[]): Line => {
    const head = before.join('');
    return { text: head + after.join(''), cursor: graphemes(head).length };
  };
  switch (edit.kind) {
    case 'insert':
      return joined([...parts.slice(0, cursor), edit.text], parts.slice(cursor));
    case 'backspace':
      return joined(parts.slice(0, Math.max(0, cursor - 1)), parts.slice(cursor));
    case 'delete':
      return joined(parts.slice(0, cursor), parts.slice(cursor + 1));
    case 'left':
      return { text, cursor: Math.max(0, cursor - 1) };
    case 'right':
      return { text, cursor: Math.min(parts.length, cursor + 1) };
    case 'start':
      return { text, cursor: 0 };
    case 'end':
      return { text, cursor: parts.length };
    case 'wipe':
      return { text: '', cursor: 0 };
    case 'back-word': {
      const before = parts
        .slice(0, cursor)
        .join('')
        .replace(/\S+\s*$/, '');
      return joined([before], parts.slice(cursor));
    }
  }
}
