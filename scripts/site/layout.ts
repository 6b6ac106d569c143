import { type Html, html, Html as Markup } from './html.ts';
import { fileOf, type Kind, kinds, linkTo, titleOf } from './pages.ts';

/** What Eleventy knows of a page. */
export interface PageData {
  /** Of pages that aren't Markdown; of those, it's the first heading. */
  readonly title?: string;
  readonly kind?: Kind;
  readonly order?: number;
  /** An entry of a list of the reference isn't in the main navigation; it shows its neighbours. */
  readonly entry?: { readonly list: string; readonly group: string };
  readonly page: { readonly url: string };
  readonly collections: { readonly all: readonly PageItem[] };
  readonly content: string;
}

export interface PageItem {
  readonly url: string;
  readonly rawInput: unknown;
  readonly data: Omit<PageData, 'collections' | 'content' | 'page'>;
}

/** The frame of every page: header, navigation, content, and what is on the page. */
export function layout(data: PageData): string {
  const here = fileOf(data.page.url);
  const title = data.title ?? titleOfContent(data.content);
  const to = (page: string): string => linkTo(here, page);
  const isHome = here === 'index.html';
  const headings = isHome || data.entry !== undefined ? [] : headingsOf(data.content);
  return `<!doctype html>
${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${isHome ? 'ingress2istio' : `${title} · ingress2istio`}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${to('assets/style.css')}">
<script src="${to('assets/site.js')}" data-root="${to('index.html').replace(/index\.html$/, '')}"></script>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header class="bar">
<a class="brand" href="${to('index.html')}">ingress2istio</a>
<button type="button" class="menu-button" aria-expanded="false" aria-controls="navigation" hidden>Menu</button>
<button type="button" class="search-button" hidden>Search <kbd>/</kbd></button>
<button type="button" class="theme-button" hidden>Dark</button>
</header>
<div class="page${isHome ? ' home' : ''}">
<nav id="navigation" aria-label="Documentation">${navigation(data, to)}</nav>
<main id="content" tabindex="-1">${new Markup(data.content)}</main>
${headings.length < 2 ? '' : html`<nav class="contents" aria-label="On this page"><p>On this page</p><ul>${headings.map(([id, text]) => html`<li><a href="#${id}">${new Markup(text)}</a></li>`)}</ul></nav>`}
</div>
</body>
</html>
`}`;
}

function navigation(
  { collections, page, entry, kind: current }: PageData,
  to: (page: string) => string,
): Html {
  const isHere = (url: string) => (url === page.url ? new Markup(' aria-current="page"') : '');
  const link = (item: PageItem, text = nameOf(item)) =>
    html`<a href="${to(fileOf(item.url))}"${isHere(item.url)}>${text}</a>`;
  const neighbours =
    entry === undefined
      ? []
      : collections.all.filter(
          ({ data }) => data.entry?.list === entry.list && data.entry.group === entry.group,
        );
  const parts = (Object.keys(kinds) as Kind[]).map((kind) => {
    const items = navigationOf(collections.all, kind);
    return html`<details${kind === current || current === undefined ? new Markup(' open') : ''}><summary>${kinds[kind]}</summary><ul>${items.map(
      (item) =>
        html`<li>${link(item)}${
          entry !== undefined && item.url === `/reference/${entry.list}/`
            ? html`<ul class="neighbours" aria-label="${entry.group}">${neighbours.sort(byName).map((one) => html`<li>${link(one)}</li>`)}</ul>`
            : ''
        }</li>`,
    )}</ul></details>`;
  });
  return html`${parts}`;
}

function byName(one: PageItem, other: PageItem): number {
  return one.url < other.url ? -1 : 1;
}

/** The pages of a kind, in the order of the navigation: by `order`, then by title. A page needs no entry anywhere. */
export function navigationOf(all: readonly PageItem[], kind: Kind): readonly PageItem[] {
  const order = ({ data }: PageItem): number => data.order ?? 50;
  return all
    .filter(({ data }) => data.kind === kind && data.entry === undefined)
    .sort((a, b) => order(a) - order(b) || (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** Its title as the navigation shows it. */
export function nameOf({ data, rawInput }: PageItem): string {
  return data.title ?? titleOf(typeof rawInput === 'string' ? rawInput : '');
}

function titleOfContent(content: string): string {
  const [, title = ''] = /<h1[^>]*>(.*?)<\/h1>/s.exec(content) ?? [];
  return title
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

function headingsOf(content: string): (readonly [string, string])[] {
  return [...content.matchAll(/<h2 id="([^"]*)"[^>]*>(.*?)<\/h2>/gs)].map(
    ([, id, text]) => [id!, text!] as const,
  );
}
