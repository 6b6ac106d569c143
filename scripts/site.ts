// Builds the documentation as static pages: docs/, what other files of the repository say, and the reference made from the catalogue.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import Eleventy, { type Result } from '@11ty/eleventy';
import { build as bundle } from 'esbuild';
import { homePage } from './site/home.ts';
import { layout, type PageData } from './site/layout.ts';
import { linksOf } from './site/links.ts';
import { withSiteRules } from './site/markdown.ts';
import { included, includedText, type Kind, kinds, root } from './site/pages.ts';
import { referencePages } from './site/reference/pages.ts';
import { searchEntries } from './site/search.ts';

/** Where `npm run site` puts the pages. */
export const siteFolder = join(root, '.cache/site');

/**
 * Writes the site into a folder, which is emptied before; throws where a page links to nothing.
 * @param also texts of further how-to guides, by name
 */
export async function buildSite(output: string, also: Readonly<Record<string, string>> = {}): Promise<void> {
  rmSync(output, { recursive: true, force: true });
  const site = siteOf(output, also);
  site.disableLogger();
  await site.write();
}

function siteOf(output: string, also: Readonly<Record<string, string>>): Eleventy {
  const docs = docsPages();
  const links = linksOf(new Map(docs.map(({ source, permalink }) => [source, permalink])), included);
  const placed = new Map(docs.map((page) => [`./${page.source}`, page]));
  const here = ({ page }: Placeable): Placed | undefined => placed.get(page.inputPath);
  return new Eleventy('docs', relative(process.cwd(), output), {
    quietMode: true,
    configPath: '',
    config(config) {
      const add = (path: string, content: Content, page: Placed, data: object): void => {
        placed.set(`./docs/${path}`, page);
        config.addTemplate(path, content, data);
      };
      config.setTemplateFormats(['md', '11ty.js']);
      // Marks for scripts, as in docs/versions.md.
      config.addPreprocessor('comments', 'md', (_, content) => content.replace(/^<!-- .* -->\n/gm, ''));
      config.amendLibrary('md', (markdown) => withSiteRules(markdown, links));
      config.addTemplate('_includes/page.11ty.js', (data: PageData) => layout(data), {});
      config.addGlobalData('layout', () => 'page.11ty.js');
      config.addGlobalData('permalink', () => (data: Placeable) => here(data)?.permalink);
      config.addGlobalData('eleventyComputed', () => ({
        kind: (data: Placeable) => here(data)?.kind,
        source: (data: Placeable) => here(data)?.source,
        // Text is never a template, whatever braces it has.
        templateEngineOverride: (data: Placeable) => (data.page.inputPath.endsWith('.md') ? 'md' : '11ty.js'),
      }));
      for (const page of included) {
        const { kind, name, order, file: source } = page;
        const permalink = `${kind}/${name}.html`;
        add(`_included/${kind}-${name}.md`, includedText(page), { kind, permalink, source }, { order });
      }
      for (const [name, text] of Object.entries(also)) {
        const permalink = `how-to/${name}.html`;
        add(`_also/${name}.md`, text, { kind: 'how-to', permalink, source: `docs/${name}.md` }, {});
      }
      add('_home.11ty.js', homePage, { permalink: 'index.html', source: '' }, { title: 'ingress2istio' });
      for (const { path: permalink, render, ...data } of referencePages(links))
        add(
          `_reference/${permalink.replace(/\.html$/, '')}.11ty.js`,
          render,
          { kind: 'reference', permalink, source: '' },
          data,
        );
      config.on('eleventy.after', async ({ results }) => {
        await writeAssets(output, results);
        for (const file of links.files) {
          mkdirSync(dirname(join(output, 'files', file)), { recursive: true });
          cpSync(join(root, file), join(output, 'files', file));
        }
      });
    },
  });
}

type Content = string | ((data: never) => string);

interface Placeable {
  readonly page: { readonly inputPath: string };
}

/** Where a page is on the site, and which file of the repository its links start from. */
interface Placed {
  readonly kind?: Kind;
  readonly permalink: string;
  readonly source: string;
}

/** A page's kind is its folder, or the `kind` of its front matter; without either it is a how-to guide. */
function docsPages(): Placed[] {
  return readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(root, 'docs', file), 'utf8');
      const [first = ''] = file.split('/');
      const written = /^---\n[\s\S]*?^kind: *(\S+)$[\s\S]*?^---$/m.exec(text)?.[1] ?? first;
      const kind = written in kinds ? (written as Kind) : 'how-to';
      return { source: `docs/${file}`, kind, permalink: `${kind}/${file.replace(/^.*\/|\.md$/g, '')}.html` };
    });
}

async function writeAssets(output: string, results: readonly Result[]): Promise<void> {
  const client = join(root, 'scripts/site/client');
  await bundle({
    entryPoints: { site: join(client, 'site.ts'), style: join(client, 'style.css') },
    outdir: join(output, 'assets'),
    bundle: true,
    minify: true,
    target: 'es2020',
    legalComments: 'none',
  });
  // A script in place of JSON, so that the search also works in pages opened from a disk.
  const entries = JSON.stringify(searchEntries(results));
  writeFileSync(join(output, 'assets/search-entries.js'), `self.searchEntries=${entries};\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv.includes('--serve')) {
    const site = siteOf(siteFolder, {});
    await site.init();
    await site.watch();
    site.serve(8080);
  } else {
    await buildSite(siteFolder);
    console.log(`The pages are in ${relative(process.cwd(), siteFolder)}; open index.html.`);
  }
}
