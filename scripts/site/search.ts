import type { Result } from '@11ty/eleventy';
import { fileOf } from './pages.ts';
import type { SearchEntry } from './search-entry.ts';

/** Made of the finished pages, so that nothing is found that isn't there; code is left out, and pages of the reference are one entry. */
export function searchEntries(results: readonly Result[]): SearchEntry[] {
  return results
    .filter(({ url }) => url !== '/')
    .sort((a, b) => (a.url < b.url ? -1 : 1))
    .flatMap(({ url, content }) => entriesOf(fileOf(url), content));
}

const longest = 600;

function entriesOf(page: string, content: string): SearchEntry[] {
  const [, main = ''] = /<main[^>]*>([\s\S]*)<\/main>/.exec(content) ?? [];
  const [head = '', ...sections] = main
    .replace(/<pre[\s\S]*?<\/pre>|<dt>[\s\S]*?<\/dt>|<p class="filter"[\s\S]*?<\/p>/g, ' ')
    .split(/(?=<h2 id=")/);
  const [, heading = '', rest = ''] = /<h1[^>]*>([\s\S]*?)<\/h1>([\s\S]*)/.exec(head) ?? [];
  const [reference, list = ''] = page.split('/');
  const isEntry = reference === 'reference' && list in lists && !page.endsWith('/index.html');
  const title = textOf(isEntry ? heading.replace(/<span[\s\S]*/, '') : heading);
  const own = { page, title, of: isEntry ? lists[list]! : '', text: textOf(rest).slice(0, longest) };
  // A list has only names that have pages of their own; of an entry only what the page says first is worth finding.
  if (isEntry || page.endsWith('/index.html')) return [own];
  return [
    own,
    ...sections.map((section) => {
      const [, id = '', name = '', text = ''] =
        /<h2 id="([^"]*)"[^>]*>([\s\S]*?)<\/h2>([\s\S]*)/.exec(section) ?? [];
      return { page: `${page}#${id}`, title: textOf(name), of: title, text: textOf(text).slice(0, longest) };
    }),
  ];
}

const lists: Readonly<Record<string, string>> = {
  annotations: 'Annotation',
  configmap: 'ConfigMap key',
  findings: 'Finding',
};

function textOf(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
}
