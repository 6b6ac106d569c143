import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stageFile } from '../../src/output/report-file.ts';
import { contentsOf, temporaryDirectory } from './temporary.ts';

describe('stageFile', () => {
  it('replaces a file at once, and only on commit', () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, 'r.json'), 'old');
    const staged = stageFile(join(root, 'r.json'), ['n', 'e', 'w']);
    expect(contentsOf(root)['r.json']).toBe('old');
    staged.commit();
    expect(contentsOf(root)).toEqual({ 'r.json': 'new' });
  });

  it('leaves nothing behind when discarded, or when a piece cannot be made', () => {
    const root = temporaryDirectory();
    stageFile(join(root, 'r.json'), ['x']).discard();
    const broken = (function* () {
      yield 'x';
      throw new Error('no more');
    })();
    expect(() => stageFile(join(root, 'r.json'), broken)).toThrow('no more');
    expect(readdirSync(root)).toEqual([]);
  });

  it('keeps a link a link', () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, 'target'), 'old');
    symlinkSync(join(root, 'target'), join(root, 'r.json'));
    stageFile(join(root, 'r.json'), ['new']).commit();
    expect(contentsOf(root)).toEqual({ target: 'new', 'r.json': 'new' });
  });

  it('tells what is in the way', () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, 'r.json'));
    expect(() => stageFile(join(root, 'r.json'), ['x'])).toThrow(/is a directory/);
    expect(() => stageFile(join(root, 'none', 'r.json'), ['x'])).toThrow(/no such file or directory/);
    expect(readdirSync(root)).toEqual(['r.json']);
  });

  it.skipIf(process.platform !== 'linux')('writes on a full disk either all or nothing', () => {
    expect(() => stageFile('/dev/full', ['x']).commit()).toThrow(/the disk is full/);
  });
});
