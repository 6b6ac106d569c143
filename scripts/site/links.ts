import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { anchorOf, type Included, root } from './pages.ts';

/** Where the links of Markdown files lead to on the site. */
export interface Links {
  /** The page for a target as it is written in a file of the repository; throws where there's nothing. */
  resolve(source: string, target: string): string;
  /** Files of the repository that pages link to; they are copied to `files/`. */
  readonly files: ReadonlySet<string>;
}

/** @param docs the page of each Markdown file in `docs/` */
export function linksOf(docs: ReadonlyMap<string, string>, included: readonly Included[]): Links {
  const files = new Set<string>();
  const pages = new Map([
    ...docs,
    ['README.md', 'index.html'],
    ['mappings/README.md', 'reference/annotations/index.html'],
    ...included
      .filter(({ section }) => section === undefined)
      .map(({ file, kind, name }) => [file, `${kind}/${name}.html`] as const),
  ]);
  const sections = new Map(
    included.flatMap(({ file, section, kind, name }) =>
      section === undefined ? [] : [[`${file}#${anchorOf(section)}`, `${kind}/${name}.html`] as const],
    ),
  );
  return {
    files,
    resolve(source, target) {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? source : posix.join(posix.dirname(source), path);
      const section = sections.get(`${file}#${anchor}`);
      if (section !== undefined) return section;
      const page = pages.get(file);
      if (page !== undefined) return anchor === undefined ? page : `${page}#${anchor}`;
      const known = join(root, file);
      if (file.startsWith('..') || !existsSync(known) || !statSync(known).isFile())
        throw new Error(`${source} links to ${target}, which isn't a file of the repository.`);
      files.add(file);
      return `files/${file}`;
    },
  };
}
