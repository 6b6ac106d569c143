import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultOptions } from '../../src/domain/options.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';
import { htmlReport } from '../../src/report/html.ts';
import { type Overview, overviewOf } from '../../src/report/overview.ts';
import { fakeConversion, fakeFinding, fakeIngress } from '../report/fake.ts';
import { evil, hostileOverview } from '../report/hostile.ts';
import { launch, withoutChromium } from './chromium.ts';

if (withoutChromium)
  console.warn('Chromium is not installed (apt-get install chromium): browser tests are left out.');

describe.skipIf(withoutChromium)('the HTML report in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ingress2istio-browser-'));
  let browser: Browser;
  /** What the page asked for beside itself, and what it complained of. */
  let requests: string[] = [];
  let complaints: string[] = [];

  beforeAll(async () => {
    browser = await launch();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(overview: Overview, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const path = join(folder, 'report.html');
    writeFileSync(path, [...htmlReport(overview, '1.2.3')].join(''));
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    [requests, complaints] = [[], []];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector('html[data-state=complete]');
    return page;
  }

  function sample(name: string): Overview {
    const file = fileURLToPath(new URL(`../../samples/${name}/input.yaml`, import.meta.url));
    const texts = readTexts([{ file: 'input.yaml', text: readFileSync(file, 'utf8') }]);
    return overviewOf(convert(texts, defaultOptions));
  }

  it('needs nothing but itself and has nothing to complain of', async () => {
    const overview = sample('whole-cluster');
    const page = await open(overview);
    expect(requests).toHaveLength(1);
    expect(complaints).toEqual([]);
    expect(await page.locator('#findings-status').textContent()).toBe(`${overview.findings.length} findings`);
    expect(await page.locator('details.ingress').count()).toBe(overview.ingresses.length);
  });

  it('filters findings by text, severity and namespace', async () => {
    const web = fakeIngress('shop/web');
    const api = fakeIngress('back/api');
    const findings = [
      ...Array.from({ length: 120 }, (_, index) =>
        fakeFinding('note', { code: 'a/many', at: web, message: `Number ${index} of them.` }),
      ),
      fakeFinding('error', { code: 'b/once', at: api, message: 'The needle.' }),
    ];
    const page = await open(overviewOf(fakeConversion({ ingresses: [web, api], findings })));
    const status = page.locator('#findings-status');
    const groups = page.locator('#findings-results > details');
    await page.fill('#findings-filter [name=text]', 'NEEDLE b/');
    expect(await status.textContent()).toBe('1 of 121 findings');
    expect(await page.locator('#findings-results .rows p').first().textContent()).toBe('The needle.');
    await page.fill('#findings-filter [name=text]', '');
    await page.uncheck('#findings-filter [value=error]');
    expect(await status.textContent()).toBe('120 of 121 findings');
    await groups.first().locator('summary').click();
    await expect.poll(() => page.locator('.rows > li').count()).toBe(50);
    await page.click('.group > .more');
    expect(await page.locator('.rows > li').count()).toBe(100);
    await page.selectOption('#findings-filter [name=namespace]', 'back');
    expect(await status.textContent()).toBe('0 of 121 findings');
    await page.check('#findings-filter [value=error]');
    expect(await status.textContent()).toBe('1 of 121 findings');
  });

  it('shows an Ingress before and after, by keyboard alone', async () => {
    const page = await open(sample('whole-cluster'));
    await page.focus('#ingresses-filter [name=text]');
    await page.keyboard.type('ledger');
    expect(await page.locator('#ingresses-status').textContent()).toBe('1 of 5 Ingresses');
    await page.focus('details.ingress summary');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.panes');
    const limit = page.locator('.line.mark.decision', { hasText: 'limit-rps' });
    expect(await limit.count()).toBe(1);
    await limit.locator('button').press('Enter');
    expect(await page.locator('.told').textContent()).toContain('limit-rps');
    const after = page.locator('.pane').nth(1);
    expect(await after.locator('.line.mark.same', { hasText: 'ledger.finance.svc' }).count()).toBeGreaterThan(
      0,
    );
    expect(await page.locator('table th[scope=row]', { hasText: 'limit-rps' }).count()).toBe(1);
  });

  it('goes from the picture to a namespace and from a finding to its Ingress', async () => {
    const page = await open(sample('whole-cluster'));
    await page.click('svg.bars a:has-text("finance")');
    await expect.poll(() => page.locator('#ingresses-status').textContent()).toBe('2 of 5 Ingresses');
    await page.goto(`${page.url().split('#')[0]}#ingress=shop%2Flegacy`);
    await page.waitForSelector('.panes');
    expect(await page.locator('details.ingress[open] .name').textContent()).toBe('shop/legacy');
  });

  it.each([375, 1280])('is not wider than a screen of %i pixels', async (width) => {
    const page = await open(sample('whole-cluster'), { viewport: { width, height: 800 } });
    await page.click('details.ingress summary');
    await page.waitForSelector('.panes');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });

  it('is dark where the system is, and on request', async () => {
    const paper = 'getComputedStyle(document.body).backgroundColor';
    const dark = await open(sample('whole-cluster'), { colorScheme: 'dark' });
    const light = await open(sample('whole-cluster'), { colorScheme: 'light' });
    const [night, day] = [await dark.evaluate(paper), await light.evaluate(paper)];
    expect(night).not.toBe(day);
    await light.click('#theme');
    expect(await light.evaluate(paper)).toBe(night);
    await dark.click('#theme');
    expect(await dark.evaluate(paper)).toBe(day);
  });

  it('prints every finding', async () => {
    const overview = sample('whole-cluster');
    const page = await open(overview);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator('.rows > li').count()).toBe(overview.findings.length);
  });

  it('runs no script of the input, wherever it stands', async () => {
    const page = await open(hostileOverview());
    for (const summary of await page.locator('summary').all()) await summary.click();
    await page.waitForSelector('.panes');
    for (const button of await page.locator('.line button').all()) await button.click();
    await page.fill('#findings-filter [name=text]', '<script>');
    await page.evaluate(`location.hash = ${JSON.stringify(`#ingress=${evil.slice(0, 80)}`)}`);
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(await page.locator('img, iframe, main script').count()).toBe(0);
    expect(await page.locator('body').textContent()).toContain('<script>window.ran = 1</script>');
    expect(requests).toHaveLength(1);
    expect(complaints).toEqual([]);
  });

  it('would refuse a script that is not its own', async () => {
    const page = await open(sample('path-rewrite'));
    await page.evaluate(`{
      const script = document.createElement('script');
      script.textContent = 'window.ran = 4';
      document.body.append(script);
    }`);
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(complaints.join()).toContain('Content Security Policy');
  });
});
