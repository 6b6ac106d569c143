import type { Severity } from '../domain/findings.ts';

/** Colours by meaning. Without colours every one of them gives the text back as it is. */
export interface Paint {
  severity(severity: Severity, text: string): string;
  strong(text: string): string;
  dim(text: string): string;
}

export function paint(colors: boolean): Paint {
  const sgr = (open: number, close: number) => (text: string) =>
    colors ? `\x1b[${open}m${text}\x1b[${close}m` : text;
  const bySeverity = { error: sgr(31, 39), warning: sgr(33, 39), note: sgr(36, 39) };
  return {
    severity: (severity, text) => bySeverity[severity](text),
    strong: sgr(1, 22),
    dim: sgr(2, 22),
  };
}

/** Breaks a text at blanks so that no line is longer than `width` where that can be; continued lines begin with `indent`. */
export function wrap(text: string, width: number, indent: string): string {
  if (text.length <= width) return text;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length > width && line.trim() !== '') {
      lines.push(line);
      line = indent + word;
    } else {
      line = longer;
    }
  }
  return [...lines, line].join('\n');
}
