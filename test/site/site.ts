import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A page of the built site, by its path. */
export interface BuiltPage {
  readonly path: string;
  readonly text: string;
}

export function pagesOf(folder: string): BuiltPage[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.html') && !path.startsWith('files/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
}

/** Links of the pages to files or anchors that aren't there; those to other sites aren't followed. */
export function brokenLinks(pages: readonly BuiltPage[], files: ReadonlySet<string>): string[] {
  const anchors = new Map(
    pages.map(({ path, text }) => [
      path,
      new Set([...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => decode(id!))),
    ]),
  );
  return pages.flatMap(({ path, text }) =>
    linksOf(text)
      .filter((link) => !/^(?:https?|data|mailto):/.test(link))
      .filter((link) => {
        const [to = '', anchor] = link.split('#');
        const target = to === '' ? path : normalize(join(dirname(path), decodeURIComponent(to)));
        return (
          !files.has(target) ||
          (anchor !== undefined && !anchors.get(target)?.has(decodeURIComponent(anchor)))
        );
      })
      .map((link) => `${path}: ${link}`),
  );
}

/** Every `href` and `src`. */
export function linksOf(text: string): string[] {
  return [...text.matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, link]) => decode(link!));
}

function decode(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
