import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The four kinds of documentation (https://diataxis.fr), in the order of the navigation. */
export const kinds = {
  tutorial: 'Tutorial',
  'how-to': 'How-to guides',
  reference: 'Reference',
  explanation: 'Explanation',
} as const;

export type Kind = keyof typeof kinds;

/** A page that is written elsewhere in the repository: a whole file, or a section of one. */
export interface Included {
  readonly file: string;
  readonly section?: string;
  /** Where the title of the section says too little by itself. */
  readonly title?: string;
  readonly kind: Kind;
  readonly order: number;
  readonly name: string;
}

/** What the site takes from files outside of `docs/`, so that nothing is written twice. */
export const included: readonly Included[] = [
  {
    file: 'README.md',
    section: 'A dump of your cluster',
    title: 'Convert a dump of your cluster',
    kind: 'how-to',
    order: 1,
    name: 'dump',
  },
  {
    file: 'README.md',
    section: 'Several controllers',
    title: 'Convert several controllers',
    kind: 'how-to',
    order: 60,
    name: 'several-controllers',
  },
  {
    file: 'README.md',
    section: 'Options',
    title: 'Flags and the config file',
    kind: 'reference',
    order: 4,
    name: 'options',
  },
  {
    file: 'README.md',
    section: 'What comes out',
    title: 'Output and exit codes',
    kind: 'reference',
    order: 5,
    name: 'output',
  },
  {
    file: 'README.md',
    section: 'Reports',
    title: 'Report formats',
    kind: 'reference',
    order: 6,
    name: 'reports',
  },
  { file: 'CHANGELOG.md', kind: 'reference', order: 90, name: 'changelog' },
  { file: 'README.md', section: 'Limits', kind: 'explanation', order: 1, name: 'scope' },
  {
    file: 'CONTRIBUTING.md',
    title: 'Architecture and decisions',
    kind: 'explanation',
    order: 20,
    name: 'architecture',
  },
  { file: 'test/conformance/README.md', kind: 'explanation', order: 40, name: 'conformance' },
  { file: 'test/conformance/RESULTS.md', kind: 'explanation', order: 41, name: 'results' },
];

/** The Markdown of an included page, with its title as the first heading and those below it one level up. */
export function includedText({ file, section, title }: Included): string {
  const text = readFileSync(join(root, file), 'utf8');
  if (section === undefined) return title === undefined ? text : text.replace(/^# .*$/m, `# ${title}`);
  const start = text.indexOf(`\n## ${section}\n`);
  if (start === -1) throw new Error(`${file} has no section "${section}".`);
  const body = text.slice(start + `\n## ${section}\n`.length);
  const end = body.search(/^## /m);
  const own = (end === -1 ? body : body.slice(0, end)).replace(/^#(#{2,} )/gm, '$1');
  return `# ${title ?? section}\n${own}`;
}

/** The heading's anchor, as GitHub makes it, so that links mean the same in both places. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

/** The first heading of a Markdown text, without its marks. */
export function titleOf(text: string): string {
  return (/^# (.*)$/m.exec(text)?.[1] ?? '').replaceAll('`', '');
}

/** The file of a page that Eleventy names by its folder, as in `/reference/findings/`. */
export function fileOf(url: string): string {
  return `${url.slice(1)}${url.endsWith('/') ? 'index.html' : ''}`;
}

/** The way from one page of the site to another, so that it works under any address and from a disk. */
export function linkTo(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to);
  return path === '' ? posix.basename(to) : path;
}
