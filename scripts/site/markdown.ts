import { codeSpan, escaped } from './html.ts';
import type { Links } from './links.ts';
import { anchorOf, fileOf, linkTo } from './pages.ts';

/** What is used of markdown-it, which Eleventy brings along. */
export interface MarkdownIt {
  set(options: object): MarkdownIt;
  readonly renderer: { readonly rules: Record<string, unknown> };
  readonly core: {
    readonly ruler: { push(name: string, rule: (state: State) => void): void };
  };
}

interface State {
  readonly tokens: Token[];
  readonly env: { readonly source: string; readonly page: { readonly url: string } };
}

interface Token {
  readonly type: string;
  readonly content: string;
  readonly info: string;
  readonly children: Token[] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}

/** Headings get GitHub's anchors, links lead to pages of the site, and HTML in a text is text. */
export function withSiteRules(markdown: MarkdownIt, links: Links): void {
  markdown.set({ html: false, linkify: true, typographer: false });
  markdown.core.ruler.push('anchors', ({ tokens }) => {
    const seen = new Map<string, number>();
    for (const [index, token] of tokens.entries()) {
      if (token.type !== 'heading_open') continue;
      const anchor = anchorOf(textOf(tokens[index + 1]!));
      const count = seen.get(anchor) ?? 0;
      seen.set(anchor, count + 1);
      token.attrSet('id', count === 0 ? anchor : `${anchor}-${count}`);
    }
  });
  markdown.core.ruler.push('links', ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const target = token.type === 'link_open' ? token.attrGet('href') : null;
      if (target === null || /^(?:[a-z]+:|#)/i.test(target)) continue;
      token.attrSet('href', linkTo(fileOf(env.page.url), links.resolve(env.source, target)));
    }
  });
  const { rules } = markdown.renderer;
  rules['fence'] = (tokens: Token[], index: number) =>
    codeBlock(tokens[index]!.content, tokens[index]!.info.trim().split(/\s/)[0]);
  rules['code_inline'] = (tokens: Token[], index: number) => codeSpan(tokens[index]!.content);
  rules['code_block'] = (tokens: Token[], index: number) => codeBlock(tokens[index]!.content, 'text');
  rules['table_open'] = () => '<div class="table" tabindex="0" role="group" aria-label="Table"><table>\n';
  rules['table_close'] = () => '</table></div>\n';
}

function textOf({ children }: Token): string {
  return (children ?? [])
    .filter(({ type }) => type === 'text' || type === 'code_inline')
    .map(({ content }) => content)
    .join('');
}

/** Code that can be scrolled with the keyboard. */
export function codeBlock(code: string, language = 'text', label = 'Code'): string {
  const name = /^[a-z]+$/.test(language) ? language : 'text';
  const lines = escaped(code.trimEnd())
    .split('\n')
    .map(marks[name] ?? ((line) => line));
  return `<pre class="code ${name}" tabindex="0" role="group" aria-label="${escaped(label)}"><code>${lines.join('\n')}</code></pre>\n`;
}

/** What is emphasized in a line, which is HTML already. */
const marks: Readonly<Record<string, (line: string) => string>> = {
  yaml: (line) =>
    line.startsWith('#')
      ? `<i>${line}</i>`
      : line.replace(/^([\s-]*)([^\s:'&][^\s:]*)(?=:(?: |$))/, '$1<b>$2</b>'),
  diff: (line) => (/^[+-]/.test(line) ? `<${tags[line[0]!]}>${line}</${tags[line[0]!]}>` : line),
};

const tags: Readonly<Record<string, string>> = { '+': 'ins', '-': 'del' };
