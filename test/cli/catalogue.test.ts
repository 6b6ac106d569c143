import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../output/temporary.ts';
import { runHere } from './fake-terminal.ts';

describe('annotations', () => {
  it('lists all of them as a table, as Markdown and as JSON', async () => {
    const table = await runHere(['annotations']);
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout).toMatch(/^Annotation +Status +Becomes\n/);
    expect(table.stdout).toContain('147 annotations: ');
    const markdown = await runHere(['annotations', '--format', 'markdown']);
    expect(markdown.stdout.trimEnd().split('\n')).toHaveLength(149);
    const json: { name: string; aliases: string[] }[] = JSON.parse(
      (await runHere(['annotations', '--format', 'json'])).stdout,
    );
    expect(json.flatMap(({ name, aliases }) => [name, ...aliases])).toHaveLength(149);
  });

  it('can be narrowed to a status', async () => {
    const args = ['annotations', '--format', 'json', '--status', 'manual', '--status', 'exact,impossible'];
    const chosen: { status: string }[] = JSON.parse((await runHere(args)).stdout);
    expect(new Set(chosen.map(({ status }) => status))).toEqual(new Set(['manual', 'exact', 'impossible']));
    const wrong = await runHere(['annotations', '--status', 'fine']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--status cannot be "fine".')]);
  });
});

describe('explain', () => {
  it.each([
    ['rewrite-target', ['In ingress-nginx', 'On Istio', 'Before (samples/', 'After', 'kind: VirtualService']],
    ['nginx.ingress.kubernetes.io/limit-whitelist', ['limit-allowlist', 'A bad value']],
    ['hsts', ["Key of the controller's ConfigMap", 'Without it']],
    ['platform/request-id', ['Finding', 'the request header x-request-id']],
  ])('%s', async (word, parts) => {
    const { code, stdout, stderr } = await runHere(['explain', word]);
    expect([code, stderr]).toEqual([0, '']);
    for (const part of parts) expect(stdout).toContain(part);
  });

  it.each([
    [['explain', 'rewrite-tarket'], 'Did you mean rewrite-target?'],
    [['explain', 'platform/request-ids'], 'Did you mean platform/request-id'],
    [['explain', '\x1b[31m'], 'ingress2istio annotations lists all annotations.'],
    [['explain'], 'There is nothing to explain.'],
    [['explain', 'a', 'b'], 'One thing is explained at a time.'],
  ])('%j', async (args, text) => {
    const { code, stdout, stderr } = await runHere(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(text);
    expect(stderr).not.toContain('\x1b');
  });
});

describe('--mappings', () => {
  const own = (entry: string): string => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'own'));
    writeFileSync(join(directory, 'own', 'ours.yaml'), `annotations:\n  - ${entry}\n`);
    return directory;
  };
  const entry =
    '{ name: our-thing, value: { type: string, onInvalid: ignored }, scope: location, risk: Low, fidelity: manual, action: { none: Ask us. }, nginx: Ours. }';

  it('adds annotations of our own, and takes the place of those that are there', async () => {
    const directory = own(entry);
    const explained = await runHere(['explain', 'our-thing', '--mappings', 'own'], { directory });
    expect(explained.stdout).toContain('Ask us.');
    const replaced = own(entry.replace('our-thing', 'rewrite-target'));
    const listed = await runHere(['annotations', '--format', 'json', '--mappings', 'own'], {
      directory: replaced,
    });
    const all: { name: string; status: string }[] = JSON.parse(listed.stdout);
    expect(all.filter(({ name }) => name === 'rewrite-target')).toMatchObject([{ status: 'manual' }]);
  });

  it.each([
    [entry.replace('name:', 'nmae:'), 'nmae'],
    [entry.replace('Low', 'Huge'), 'must be one of'],
  ])('is checked: %#', async (wrong, text) => {
    const { code, stderr } = await runHere(['annotations', '--mappings', 'own'], { directory: own(wrong) });
    expect(code).toBe(2);
    expect(stderr).toContain(text);
  });

  it('has to be a directory with files', async () => {
    const { code, stderr } = await runHere(['annotations', '--mappings', 'nowhere']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('no such file or directory')]);
  });
});
