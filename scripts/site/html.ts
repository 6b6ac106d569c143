/** Text that is HTML already; everything else is escaped where it is put into some. */
export class Html {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

type Value = string | number | undefined | Html | readonly Value[];

/** A template whose values are text, unless they are HTML themselves; a list is joined. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(strings.reduce((text, part, index) => `${text}${render(values[index - 1])}${part}`));
}

function render(value: Value): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(render).join('');
  return escaped(String(value));
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text between tags and inside double quotes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}

/** A sentence in which backticks mark code, as in mappings and summaries. */
export function prose(text: string): Html {
  const parts = text.split(/`([^`]+)`/);
  return new Html(parts.map((part, index) => (index % 2 === 1 ? codeSpan(part) : escaped(part))).join(''));
}

/** Code in a sentence; what is short isn't broken at its hyphens. */
export function codeSpan(code: string): string {
  return `<code${code.length <= 24 ? ' class="short"' : ''}>${escaped(code)}</code>`;
}
