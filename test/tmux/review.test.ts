import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDecisions } from '../../src/decisions/file.ts';
import { cli, hasTmux, openTerminal, type TmuxTerminal } from './terminal.ts';

const file = 'ingress2istio.decisions.yaml';
let directory: string;
let terminal: TmuxTerminal | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'review-'));
  copyFileSync(new URL('dump.yaml', import.meta.url), join(directory, 'dump.yaml'));
});
afterEach(() => {
  terminal?.close();
  terminal = undefined;
  rmSync(directory, { recursive: true, force: true });
});

function open(columns = 100, rows = 30): TmuxTerminal {
  terminal = openTerminal(directory, columns, rows);
  return terminal;
}

function convert(...args: string[]): { stdout: string; stderr: string; status: number | null } {
  const line = [cli, 'convert', 'dump.yaml', '--controller-version', '1.15.1', ...args];
  return spawnSync(process.execPath, line, { cwd: directory, encoding: 'utf8' });
}

const review = `node ${cli} review dump.yaml --by anna --controller-version 1.15.1`;

describe.skipIf(!hasTmux)('review in a real terminal', () => {
  it('filters, decides, undoes, quits, resumes and finishes; convert obeys', {
    timeout: 120_000,
  }, async () => {
    const shell = open();
    shell.run(review);
    await shell.shows('[1/9]');

    // One group by opt-in, found by the filter.
    shell.keys('/', 'limit', 'Enter');
    await shell.shows('only /limit');
    await shell.shows('o opt-in');
    shell.keys('o');
    await shell.shows('1 decided');

    // One by a value, which is refused first.
    shell.keys('/', 'C-u', 'proxy-read', 'Enter');
    await shell.shows('only /proxy-read');
    await shell.shows('v value');
    shell.keys('v');
    await shell.shows('Value:');
    shell.keys('Enter');
    await shell.shows('is not valid');
    shell.keys('C-u', '60', 'Enter');
    await shell.shows('2 decided');

    // One by hand, undone and done again.
    shell.keys('/', 'C-u', 'snippet', 'Enter');
    await shell.shows('预览环境');
    shell.keys('m');
    await shell.shows('What has to be done?');
    shell.keys('cache 预览 in the CDN', 'Enter');
    await shell.shows('Who does it?');
    shell.keys('ben', 'Enter');
    await shell.shows('3 decided');
    shell.keys('u');
    await shell.shows('Undone.');
    expect(loadDecisions(file, directory)).toHaveLength(2);
    shell.keys('C-r');
    await shell.shows('Done again.');

    // Quit: the shell's screen is back, with what is left.
    shell.keys('q');
    const left = await shell.shows('3 decisions made');
    expect(left).toContain('3 of 9 questions decided, 6 open, 0 for later.');
    expect(left).toContain('Continue: ingress2istio review dump.yaml');

    // Resume, on another size. The timeout that the value brought is a question of its own now.
    // Open what is closed, with a reason.
    shell.run('clear');
    shell.resize(60, 15);
    shell.run(review);
    await shell.shows('3 decided');
    shell.keys('g');
    await shell.shows('[1/9]');
    shell.keys('x');
    await shell.shows('Why?');
    shell.keys('Enter');
    await shell.shows('Nothing was typed');
    shell.keys('shop is public', 'Enter');
    await shell.shows('4 decided');
    shell.resize(200, 50);
    shell.keys('g', 'j');
    await shell.shows('Objects with accept');
    for (let open = 5; open > 0; open--) shell.keys('n', 'a');
    await shell.shows('9 decided');
    shell.keys('q');
    await shell.shows('Convert: ingress2istio convert dump.yaml');

    const { stdout, stderr, status } = convert('--fail-on', 'warning', '--report', 'report.json');
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('checkout-example-com-rate-limit');
    expect(stdout).toContain('perTryTimeout: 60s');
    expect(stdout).not.toContain('directResponse');
    const without = convert('--no-decisions');
    expect(without.status).toBe(1);
    expect(without.stdout).not.toContain('EnvoyFilter');
    expect(without.stdout).toContain('directResponse');
    expect(readFileSync(join(directory, 'report.json'), 'utf8')).toContain('"by":"anna"');
  });

  it('edits a value in $EDITOR', { timeout: 60_000 }, async () => {
    const editor = join(directory, 'editor');
    writeFileSync(editor, '#!/bin/sh\nsleep 0.2\nprintf 90 > "$2"\n', { mode: 0o755 });
    const shell = open();
    shell.run(`EDITOR="${editor} --wait" ${review}`);
    await shell.shows('[1/9]');
    shell.keys('/', 'proxy-read', 'Enter');
    await shell.shows('v value');
    shell.keys('e');
    await shell.shows('Value: 90');
    shell.keys('Enter');
    await shell.shows('1 decided');
    expect(loadDecisions(file, directory)[0]?.choice).toEqual({ kind: 'value', value: '90' });
  });

  it('goes to the shell on Ctrl-Z and comes back, and gives the screen back on Ctrl-C', {
    timeout: 60_000,
  }, async () => {
    const shell = open(80, 20);
    shell.run('echo before');
    await shell.shows('before');
    shell.run(review);
    await shell.shows('[1/9]');
    shell.keys('j', 'C-z');
    const suspended = await shell.shows('Stopped');
    expect(suspended).toContain('before');
    expect(suspended).not.toContain('Blocked');
    shell.run('fg');
    await shell.shows('[2/9]');
    shell.keys('t');
    await shell.shows('1 later');
    shell.keys('C-c');
    const after = await shell.shows('1 decision made');
    expect(after).toContain('before');
    shell.run(`stty -a | tr ' ' '\\n' | grep -cx echo > tty; echo do""ne`);
    await shell.shows('done');
    expect(readFileSync(join(directory, 'tty'), 'utf8')).toBe('1\n');
  });

  it('says what to do where there is no terminal', () => {
    const { status, stderr } = spawnSync(process.execPath, [cli, 'review', 'dump.yaml'], {
      cwd: directory,
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    for (const name of ['report', 'decisions', 'convert --decisions FILE --fail-on'])
      expect(stderr).toContain(name);
  });
});

describe.skipIf(!hasTmux)('a review that is killed', () => {
  it('has every decision in the file that it has shown, and a file that parses', {
    timeout: 120_000,
  }, async () => {
    let known = 0;
    for (const pause of [0, 10, 30, 60, 100]) {
      const shell = open();
      shell.run(`sh -c 'echo $$ > pid; exec ${review}'`);
      await shell.shows(`${known} later`);
      shell.keys('n', 't');
      await shell.shows(`${known + 1} later`);
      // Further keys are on their way when the end comes.
      shell.keys('u', 'C-r', 'u', 'C-r');
      await new Promise((resolve) => setTimeout(resolve, pause));
      process.kill(Number(readFileSync(join(directory, 'pid'), 'utf8')), 'SIGKILL');
      await shell.shows('Killed');
      const saved = loadDecisions(file, directory);
      // The key that was pressed last may be an undo.
      expect([known, known + 1]).toContain(saved.length);
      known = saved.length;
      // Nobody put this terminal in order: the next round has one of its own.
      shell.close();
    }
    expect(existsSync(join(directory, file))).toBe(true);
  });
});
