import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDecisions } from '../../src/decisions/file.ts';
import { readDecisions } from '../../src/decisions/read.ts';
import { writeDecisions } from '../../src/decisions/write.ts';
import { usualDecisionsFile } from '../../src/domain/decision.ts';
import { runHere } from '../cli/fake-terminal.ts';
import { input } from '../features/convert.ts';
import { decide } from './decision.ts';

let directory: string;
const path = (name: string): string => join(directory, name);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'decisions-'));
  writeFileSync(path('dump.yaml'), input([{ annotations: { 'limit-rps': '5' } }]));
});
afterEach(() => rmSync(directory, { recursive: true }));

const optIn = decide('limit-rps', '5', { kind: 'opt-in', use: { envoyFilters: 'allow' } });

describe('convert', () => {
  it('finds decisions beside its input, or in it, or where one says', async () => {
    const convert = async (...args: string[]): Promise<boolean> =>
      (await runHere(['convert', '--fail-on', 'never', ...args], { directory })).stdout.includes(
        'EnvoyFilter',
      );
    expect(await convert(path('dump.yaml'))).toBe(false);
    writeFileSync(path(usualDecisionsFile), writeDecisions([optIn]));
    expect(await convert(path('dump.yaml'))).toBe(true);
    expect(await convert(directory)).toBe(true);
    expect(await convert(directory, '--no-decisions')).toBe(false);
    writeFileSync(path('other.yaml'), writeDecisions([]));
    expect(await convert(path('dump.yaml'), '--decisions', 'other.yaml')).toBe(false);
    const missing = await runHere(['convert', path('dump.yaml'), '--decisions', 'gone.yaml'], { directory });
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toContain('gone.yaml cannot be read');
  });

  it('takes the file of decisions in a directory for no input', async () => {
    writeFileSync(path(usualDecisionsFile), writeDecisions([optIn]));
    const { stderr } = await runHere(['convert', directory, '--fail-on', 'never'], { directory });
    expect(stderr).not.toContain(usualDecisionsFile);
  });
});

describe('decisions', () => {
  it('list prints open questions in the form of the file, which can be filled in', async () => {
    const list = ['decisions', 'list', '--open', path('dump.yaml')];
    const { code, stdout } = await runHere(list, { directory });
    expect(code).toBe(0);
    const open = readDecisions(stdout, 'open.yaml');
    expect(open.map(({ finding }) => finding)).toContain('rate-limit/not-carried');
    writeFileSync(path(usualDecisionsFile), stdout.replaceAll('choice: later', 'choice: accept'));
    const checked = await runHere(['decisions', 'check', '--complete', path('dump.yaml')], { directory });
    expect(checked).toMatchObject({ code: 0 });
  });

  it('check fails for what does not fit, and for what is open if one asks', async () => {
    const check = async (...args: string[]): Promise<number> =>
      (await runHere(['decisions', 'check', path('dump.yaml'), ...args], { directory })).code;
    writeFileSync(path(usualDecisionsFile), writeDecisions([optIn]));
    expect(await check()).toBe(0);
    expect(await check('--complete')).toBe(1);
    writeFileSync(
      path(usualDecisionsFile),
      writeDecisions([{ ...optIn, fingerprints: ['0123456789abcdef'] }]),
    );
    expect(await check()).toBe(1);
  });

  it('merge writes what both agree on and tells conflicts', async () => {
    const [accept, leave] = [
      decide('auth-url', 'x', { kind: 'accept' }),
      decide('auth-url', 'x', { kind: 'leave-out' }),
    ];
    writeFileSync(path('a.yaml'), writeDecisions([optIn, accept]));
    writeFileSync(path('b.yaml'), writeDecisions([{ ...leave, by: 'ben\u001b[31m' }]));
    const merge = ['decisions', 'merge', path('a.yaml'), path('b.yaml'), '-o', path('c.yaml')];
    const { code, stderr } = await runHere(merge, { directory });
    expect(code).toBe(1);
    expect(stderr).toContain('conflict: nginx.ingress.kubernetes.io/auth-url, everywhere');
    expect(stderr).toContain('ben\\x1b[31m');
    expect(loadDecisions('c.yaml', directory)).toEqual([optIn]);
  });
});

describe('docs/review.md', () => {
  const text = readFileSync(new URL('../../docs/review.md', import.meta.url), 'utf8');
  const files = [...text.matchAll(/```yaml\n(schema:.*?)```/gs)].map(([, yaml]) => yaml!);

  it('shows files that can be read', () => {
    expect(files.map((yaml) => readDecisions(yaml, 'review.md').length)).toEqual([1, 4]);
  });
});
