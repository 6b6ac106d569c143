import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../output/temporary.ts';
import { hostileDump, plainDump } from './dump.ts';
import { runHere } from './fake-terminal.ts';

const unseen = /[\p{Cf}\p{Cs}\x00-\x09\x0b-\x1f\x7f-\x9f]/u;

describe('report', () => {
  it('writes Markdown to stdout, no objects, and nothing to stderr', async () => {
    const { code, stdout, stderr } = await runHere(['report', '-'], { stdin: plainDump });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^# From ingress-nginx to Istio\n\n\*\*The Ingress is ready\.\*\* /);
    expect(stdout).not.toContain('kind: VirtualService');
  });

  it.each([
    ['md', /^# From/],
    ['html', /^<!DOCTYPE html>/],
    ['json', /^\{\n"schema": "ingress2istio\/report\/v1"/],
    ['sarif', /"version": "2\.1\.0"/],
    ['junit', /^<\?xml /],
    ['text', /1 Ingress: 0 ready/],
  ])('--format %s', async (format, expected) => {
    const { stdout } = await runHere(['report', '-', '--format', format], { stdin: hostileDump });
    expect(stdout).toMatch(expected);
    expect(stdout).not.toMatch(unseen);
  });

  it('goes by the extension of --output, writes that file alone, and tells the verdict', async () => {
    const directory = temporaryDirectory();
    const output = join(directory, 'findings.sarif');
    const { code, stdout, stderr } = await runHere(['report', '-', '-o', output], { stdin: plainDump });
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/^The Ingress is ready\.\n.*\n.*findings\.sarif: report written\n$/);
    expect(JSON.parse(readFileSync(output, 'utf8')).version).toBe('2.1.0');
    expect(readdirSync(directory)).toEqual(['findings.sarif']);
    const quiet = await runHere(['report', '-', '-o', output, '-q'], { stdin: plainDump });
    expect(quiet.stderr).toBe('');
  });

  it('exits by --fail-on', async () => {
    const flags = ['report', '-', '--fail-on', 'note'];
    expect((await runHere(flags, { stdin: plainDump })).code).toBe(1);
    expect((await runHere(['report', '-'], { stdin: `a: [\n---\n${plainDump}` })).code).toBe(1);
  });

  it('splits into tickets with an index by owner', async () => {
    const directory = join(temporaryDirectory(), 'tickets');
    const owned = plainDump.replace('  annotations:\n', '  labels:\n    team: "a|b"\n  annotations:\n');
    const flags = ['report', '-', '--split', 'host', '-o', directory, '--owner-label', 'team'];
    const { code, stderr } = await runHere(flags, { stdin: owned });
    expect(code).toBe(0);
    expect(stderr).toContain('3 files written');
    const index = readFileSync(join(directory, 'index.md'), 'utf8');
    expect(index).toContain('## Owner: a\\|b\n');
    expect(index).toContain('[`shop.example.com`](hosts/shop.example.com.md)');
    const ticket = readFileSync(join(directory, 'hosts', 'shop.example.com.md'), 'utf8');
    expect(ticket).toContain('Copy the Secret shop/shop-tls');
    expect(ticket).not.toContain('platform/request-id');
    expect(readFileSync(join(directory, 'shared.md'), 'utf8')).toContain('platform/request-id');
    const again = await runHere(flags, { stdin: owned });
    expect(again.stderr).toContain('0 files written, 3 unchanged');
    writeFileSync(join(directory, 'index.md'), 'mine');
    expect((await runHere(flags, { stdin: owned })).stderr).toContain('was changed since we wrote it');
    expect(readFileSync(join(directory, 'index.md'), 'utf8')).toBe('mine');
  });

  it('keeps a hostile host inside the directory', async () => {
    const directory = join(temporaryDirectory(), 'a', 'tickets');
    const stdin = plainDump.replaceAll('shop.example.com', '../../../up');
    await runHere(['report', '-', '--split', 'host', '-o', directory], { stdin });
    expect(existsSync(join(directory, 'index.md'))).toBe(true);
    expect(readdirSync(join(directory, '..'))).toEqual(['tickets']);
  });

  it('cuts Markdown at a part and says what is missing', async () => {
    const whole = await runHere(['report', '-'], { stdin: plainDump });
    for (const length of [2000, 3500, 5000]) {
      const { stdout } = await runHere(['report', '-', '--max-length', String(length)], { stdin: plainDump });
      expect(stdout.length).toBeLessThanOrEqual(length);
      const [kept = '', told] = stdout.split('\n---\n');
      expect(whole.stdout.startsWith(kept.replace(/(?:\n<\/details>\n)*$/, ''))).toBe(true);
      expect(told).toContain('“Ingresses”');
      expect(kept.match(/<details>/g)?.length).toBe(kept.match(/<\/details>/g)?.length);
      expect(stdout.length).toBeLessThanOrEqual(length);
      expect(stdout.match(/^```/gm)?.length ?? 0).toSatisfy((fences: number) => fences % 2 === 0);
    }
    const roomy = await runHere(['report', '-', '--max-length', '100000'], { stdin: plainDump });
    expect(roomy.stdout).toBe(whole.stdout);
  });

  it.each([
    [['--split', 'host'], '--split writes several files.', '--output DIR'],
    [['--split', 'host', '-o', 'x', '--format', 'html'], '--split cannot write html.', 'Markdown'],
    [['-o', 'report.doc'], '--output report.doc has no extension that we know.', '--format'],
    [['--max-length', '10'], '--max-length cannot be "10".', '65536'],
    [['--max-length', '1e9'], '--max-length cannot be "1e9".', '32767'],
    [['--format', 'json', '--max-length', '5000'], '--max-length cannot cut json.', 'Markdown'],
    [['--format', 'sarif', '--owner-label', 'team'], '--owner-label means nothing for sarif.', 'Markdown'],
    [['--format', 'pdf'], 'pdf', 'report --help'],
  ])('%j is refused with a way out', async (flags, message, wayOut) => {
    const { code, stdout, stderr } = await runHere(['report', '-', ...flags], { stdin: plainDump });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr.split('→')[1]).toContain(wayOut);
  });
});

it('convert writes several reports beside the objects', async () => {
  const directory = temporaryDirectory();
  const names = ['a.md', 'a.html', 'a.json', 'a.sarif', 'a.xml', 'a.txt'];
  const flags = names.flatMap((name) => ['--report', join(directory, name)]);
  const { code, stdout } = await runHere(['convert', '-', ...flags], { stdin: plainDump });
  expect(code).toBe(0);
  expect(stdout).toContain('kind: VirtualService');
  expect(readdirSync(directory).sort()).toEqual([...names].sort());
});
