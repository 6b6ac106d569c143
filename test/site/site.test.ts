import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { load } from 'js-yaml';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSite } from '../../scripts/site.ts';
import { builtInMappings, controllerOptions } from '../../src/decode/mappings.ts';
import { defaultOptions } from '../../src/domain/options.ts';
import { findingTypes } from '../../src/finding-types.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';
import { overviewOf } from '../../src/report/overview.ts';
import { sarifReport } from '../../src/report/sarif.ts';
import { annotationPage, findingPage, optionPage, siteBase } from '../../src/site.ts';
import { launch, withoutChromium } from '../browser/chromium.ts';
import { type BuiltPage, brokenLinks, linksOf, pagesOf } from './site.ts';

const folder = mkdtempSync(join(tmpdir(), 'ingress2istio-site-'));

/** A guide whose text tries to be more than text. */
const hostile = `# Hostile {{ page.inputPath }}

{{ 6 * 7 }} {% include "x" %} <script>alert(1)</script> <img src=x onerror=alert(2)> [link](javascript:alert(3))

\`\`\`yaml
'<script>alert(4)</script>': '{{ collections }}'
\`\`\`
`;

let pages: readonly BuiltPage[] = [];
let files: ReadonlySet<string> = new Set();

beforeAll(async () => {
  await buildSite(folder, { hostile });
  pages = pagesOf(folder);
  files = new Set(readdirSync(folder, { recursive: true, encoding: 'utf8' }));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function page(path: string): string {
  return pages.find((one) => one.path === path)!.text;
}

describe('the site', () => {
  it('has a page for every annotation, key and finding, with an example and its evidence', () => {
    const wanted = [
      ...builtInMappings().all.map(({ name }) => annotationPage(name)),
      ...controllerOptions().map(({ name }) => optionPage(name)),
      ...findingTypes.map(({ code }) => findingPage(code)),
    ];
    expect(wanted.length).toBeGreaterThan(600);
    expect(wanted.filter((path) => !files.has(path))).toEqual([]);
    const parts = ['id="example"', 'id="evidence"'];
    expect(wanted.filter((path) => !parts.every((part) => page(path).includes(part)))).toEqual([]);
  });

  it('makes an example only of findings that no sample shows', () => {
    const file = new URL('../../scripts/site/reference/provoking.yaml', import.meta.url);
    const codes = Object.keys(load(readFileSync(file, 'utf8')) as object);
    expect(codes.length).toBeGreaterThan(20);
    const made = findingTypes.filter(({ code }) => page(findingPage(code)).includes('Made for this page.'));
    expect(made.map(({ code }) => code)).toEqual([...codes].sort());
  });

  it('has every page of docs/ in its navigation, without a list of them', () => {
    const home = linksOf(page('index.html'));
    const docs = readdirSync(new URL('../../docs', import.meta.url), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md'))
      .map((file) => file.replace(/^.*\/|\.md$/g, ''));
    expect(docs.length).toBeGreaterThan(10);
    expect(docs.filter((name) => !home.some((link) => link.endsWith(`/${name}.html`)))).toEqual([]);
  });

  it('links to pages and headings that are there', () => {
    expect(pages.length).toBeGreaterThan(650);
    expect(brokenLinks(pages, files)).toEqual([]);
    const broken = [
      {
        path: 'a/b.html',
        text: '<h2 id="x"></h2><a href="#y"></a><a href="../c.html"></a><a href="b.html#x">',
      },
    ];
    expect(brokenLinks(broken, new Set(['a/b.html']))).toEqual(['a/b.html: #y', 'a/b.html: ../c.html']);
  });

  it('is where the findings of a report link to', () => {
    const text = readFileSync(new URL('../../samples/whole-cluster/input.yaml', import.meta.url), 'utf8');
    const overview = overviewOf(convert(readTexts([{ file: 'input.yaml', text }]), defaultOptions));
    const log = JSON.parse([...sarifReport(overview, '1.2.3')].join(''));
    const links: string[] = log.runs[0].tool.driver.rules.map(({ helpUri }: { helpUri: string }) => helpUri);
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) {
      expect(link.startsWith(siteBase)).toBe(true);
      expect(files.has(link.slice(siteBase.length)), link).toBe(true);
    }
  });

  it('shows text as text, whatever braces and tags it has', () => {
    const text = page('how-to/hostile.html');
    const main = /<main[\s\S]*<\/main>/.exec(text)![0];
    expect(main).toContain('{{ 6 * 7 }} {% include &quot;x&quot; %} &lt;script&gt;alert(1)');
    expect(main).toContain('Hostile {{ page.inputPath }}');
    expect(main).not.toMatch(/<script|<img|href="javascript/);
    const scripts = pages.flatMap((one) => [...one.text.matchAll(/<script[^>]*>/g)].map(([tag]) => tag));
    expect(
      new Set(scripts.map((tag) => tag.replace(/"[./]*(?=assets|")/g, '"').replace(/data-root="[^"]*"/, ''))),
    ).toEqual(new Set(['<script src="assets/site.js" >']));
  });
});

describe.skipIf(withoutChromium)('the site in Chromium, opened from a disk', () => {
  let browser: Browser;
  let complaints: string[] = [];

  beforeAll(async () => {
    browser = await launch();
  }, 60_000);
  afterAll(() => browser?.close());

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const tab = await context.newPage();
    complaints = [];
    tab.on('console', (message) => complaints.push(message.text()));
    tab.on('pageerror', (error) => complaints.push(String(error)));
    tab.on('request', (request) => {
      if (!/^(?:file|data):/.test(request.url())) complaints.push(request.url());
    });
    await tab.goto(pathToFileURL(join(folder, path)).href);
    return tab;
  }

  const looked = [
    'index.html',
    'tutorial/tutorial.html',
    'reference/options.html',
    'reference/annotations/index.html',
    'reference/annotations/rewrite-target.html',
    'reference/findings/auth-basic/closed.html',
    'explanation/limits.html',
  ];
  const views = [
    { width: 1280, colorScheme: 'light' },
    { width: 1280, colorScheme: 'dark' },
    { width: 375, colorScheme: 'light' },
  ] as const;

  it.each(views)(
    'is accessible and fits, $width wide, $colorScheme',
    { timeout: 120_000 },
    async ({ width, colorScheme }) => {
      for (const path of looked) {
        const tab = await open(path, { viewport: { width, height: 800 }, colorScheme });
        await tab.addScriptTag({ content: axe.source });
        const { violations } = (await tab.evaluate(
          'axe.run({ preload: false, resultTypes: ["violations"] })',
        )) as {
          violations: { id: string; nodes: { html: string }[] }[];
        };
        expect(violations.map(({ id, nodes }) => `${path}: ${id} ${nodes[0]?.html.slice(0, 200)}`)).toEqual(
          [],
        );
        expect(await tab.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(width);
        expect(complaints).toEqual([]);
        await tab.context().close();
      }
    },
  );

  it('is searched with the keyboard', async () => {
    const tab = await open('how-to/review.html');
    await tab.keyboard.press('/');
    await tab.keyboard.type('auth-basic/closed');
    await tab.waitForSelector('dialog li');
    await tab.addScriptTag({ content: axe.source });
    const { violations } = (await tab.evaluate(
      'axe.run({ preload: false, resultTypes: ["violations"] })',
    )) as {
      violations: { id: string }[];
    };
    expect(violations.map(({ id }) => id)).toEqual([]);
    await tab.keyboard.press('ArrowDown');
    await tab.keyboard.press('Enter');
    await tab.waitForURL(/findings\/auth-basic\/closed\.html$/);
    await tab.keyboard.press('Control+k');
    await tab.keyboard.type('roll back');
    await tab.waitForSelector('dialog li a[href*="tutorial"]');
    await tab.keyboard.press('Escape');
    expect(await tab.locator('dialog[open]').count()).toBe(0);
    expect(complaints).toEqual([]);
    await tab.context().close();
  });

  it('is read with the keyboard: past the navigation, through the menu, in other colours', async () => {
    const tab = await open('how-to/review.html', { viewport: { width: 375, height: 800 } });
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Enter');
    expect(await tab.evaluate('document.activeElement.id')).toBe('content');
    expect(await tab.locator('#navigation').isVisible()).toBe(false);
    await tab.focus('.menu-button');
    await tab.keyboard.press('Enter');
    expect(await tab.locator('#navigation [aria-current]').isVisible()).toBe(true);
    const background = () => tab.evaluate('getComputedStyle(document.body).backgroundColor');
    const before = await background();
    await tab.focus('.theme-button');
    await tab.keyboard.press('Enter');
    expect(await background()).not.toBe(before);
    await tab.reload();
    expect(await background()).not.toBe(before);
    await tab.context().close();
  });

  it('needs no script for reading', async () => {
    const tab = await open('reference/findings/index.html', {
      viewport: { width: 375, height: 800 },
      javaScriptEnabled: false,
    });
    expect(await tab.locator('#navigation').isVisible()).toBe(true);
    expect(await tab.locator('[data-row]').count()).toBe(findingTypes.length);
    await tab.context().close();
  });

  it('filters a list', async () => {
    const tab = await open('reference/findings/index.html');
    await tab.fill('[data-filter]', 'auth-basic closed');
    expect(await tab.locator('[data-row]:visible').count()).toBe(1);
    expect(await tab.locator('[data-count]').textContent()).toBe('1 found');
    await tab.context().close();
  });
});
