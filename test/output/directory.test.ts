import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stageDirectory } from '../../src/output/directory.ts';
import { manifestName } from '../../src/output/manifest.ts';
import { contentsOf, temporaryDirectory } from './temporary.ts';

const files = (contents: Record<string, string>) => new Map(Object.entries(contents));
const first = files({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n', 'mesh/m.yaml': 'm: 1\n' });
const second = files({ 'a.yaml': 'a: 2\n', 'b.yaml': 'b: 1\n', 'c.yaml': 'c: 1\n' });

function put(directory: string, contents: ReadonlyMap<string, string>, force = false) {
  return stageDirectory(directory, contents, { force }).commit();
}

function ours(directory: string): Record<string, string> {
  const { [manifestName]: manifest, ...rest } = contentsOf(directory);
  expect(manifest).toBeDefined();
  return rest;
}

describe('writing an output directory', () => {
  it('makes a new one, with parents and usual rights, and leaves nothing beside it', () => {
    const root = temporaryDirectory();
    const out = join(root, 'deep', 'out');
    expect(put(out, first)).toEqual({ written: 3, unchanged: 0, removed: 0 });
    expect(ours(out)).toEqual(Object.fromEntries(first));
    expect(readdirSync(join(root, 'deep'))).toEqual(['out']);
    const probe = join(root, 'probe');
    mkdirSync(probe);
    expect(statSync(out).mode).toBe(statSync(probe).mode);
  });

  it('replaces and removes what it wrote, and keeps what it did not', () => {
    const out = join(temporaryDirectory(), 'out');
    put(out, first);
    writeFileSync(join(out, 'notes.txt'), 'mine');
    expect(put(out, second)).toEqual({ written: 2, unchanged: 1, removed: 1 });
    expect(ours(out)).toEqual({ ...Object.fromEntries(second), 'notes.txt': 'mine' });
    expect(readdirSync(out).sort()).toEqual([manifestName, 'a.yaml', 'b.yaml', 'c.yaml', 'notes.txt']);
  });

  it('touches nothing when nothing changed', () => {
    const out = join(temporaryDirectory(), 'out');
    put(out, first);
    const before = statSync(join(out, 'a.yaml'), { bigint: true }).mtimeNs;
    expect(put(out, first)).toEqual({ written: 0, unchanged: 3, removed: 0 });
    expect(statSync(join(out, 'a.yaml'), { bigint: true }).mtimeNs).toBe(before);
  });

  it('fills a directory that is there and empty', () => {
    const out = temporaryDirectory();
    put(out, first);
    expect(ours(out)).toEqual(Object.fromEntries(first));
  });

  it('takes up again after a run that was cut: files that already are as they should be are ours', () => {
    const out = temporaryDirectory();
    writeFileSync(join(out, 'a.yaml'), 'a: 1\n');
    put(out, first);
    expect(ours(out)).toEqual(Object.fromEntries(first));
  });

  it('changes nothing before commit, and nothing at all when discarded', () => {
    const root = temporaryDirectory();
    const fresh = join(root, 'x', 'fresh');
    stageDirectory(fresh, first).discard();
    expect(readdirSync(root)).toEqual([]);
    const out = join(root, 'out');
    put(out, first);
    const before = contentsOf(out);
    stageDirectory(out, second).discard();
    expect(contentsOf(out)).toEqual(before);
  });
});

describe('files of others', () => {
  it('are not overwritten', () => {
    const out = temporaryDirectory();
    writeFileSync(join(out, 'a.yaml'), 'mine');
    expect(() => put(out, first)).toThrow(/a\.yaml was not written by ingress2istio/);
    expect(contentsOf(out)).toEqual({ 'a.yaml': 'mine' });
    put(out, first, true);
    expect(ours(out)).toEqual(Object.fromEntries(first));
  });

  it.each([
    ['replaced', 'a.yaml'],
    ['removed', 'mesh/m.yaml'],
  ])('include ours that somebody changed: they are not %s', (_what, path) => {
    const out = join(temporaryDirectory(), 'out');
    put(out, first);
    writeFileSync(join(out, path), 'edited');
    const before = contentsOf(out);
    expect(() => put(out, second)).toThrow(/was changed since we wrote it/);
    expect(contentsOf(out)).toEqual(before);
    put(out, second, true);
    expect(ours(out)).toEqual(Object.fromEntries(second));
  });

  it('are never a folder that goes away, even by force', () => {
    const out = temporaryDirectory();
    mkdirSync(join(out, 'a.yaml'));
    writeFileSync(join(out, 'a.yaml', 'deep'), 'mine');
    expect(() => put(out, first, true)).toThrow(/is a directory/);
    expect(contentsOf(out)).toEqual({ 'a.yaml/deep': 'mine' });
  });

  it('are not reached through a link', () => {
    const root = temporaryDirectory();
    const [out, outside] = [join(root, 'out'), join(root, 'outside')];
    mkdirSync(out);
    mkdirSync(outside);
    writeFileSync(join(outside, 'm.yaml'), 'theirs');
    symlinkSync(outside, join(out, 'mesh'));
    expect(() => put(out, first, true)).toThrow(/symbolic link/);
    expect(contentsOf(outside)).toEqual({ 'm.yaml': 'theirs' });
  });

  it('are not written through a link: the link itself is replaced, by force alone', () => {
    const root = temporaryDirectory();
    const out = join(root, 'out');
    mkdirSync(out);
    writeFileSync(join(root, 'target'), 'theirs');
    symlinkSync(join(root, 'target'), join(out, 'a.yaml'));
    expect(() => put(out, first)).toThrow(/was not written by/);
    put(out, first, true);
    expect(contentsOf(out)['a.yaml']).toBe('a: 1\n');
    expect(contentsOf(root)['target']).toBe('theirs');
  });

  it('are not named by a manifest that somebody forged', () => {
    const root = temporaryDirectory();
    const out = join(root, 'out');
    mkdirSync(out);
    writeFileSync(join(root, 'victim'), '');
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    writeFileSync(join(out, manifestName), JSON.stringify({ version: 1, files: { '../victim': empty } }));
    put(out, first);
    expect(readdirSync(root).sort()).toEqual(['out', 'victim']);
  });
});

describe('a failure', () => {
  it('while staging leaves nothing behind', () => {
    const root = temporaryDirectory();
    const bad = files({ 'a.yaml': 'a', [`${'x'.repeat(300)}.yaml`]: 'name too long' });
    expect(() => stageDirectory(join(root, 'out'), bad)).toThrow(/the name is too long/);
    expect(readdirSync(root)).toEqual([]);
  });

  it('while moving files takes all of them back', () => {
    const out = join(temporaryDirectory(), 'out');
    put(out, first);
    const before = contentsOf(out);
    const staged = stageDirectory(out, files({ 'a.yaml': 'new', 'z/a.yaml': 'new' }));
    writeFileSync(join(out, 'z'), 'came in between');
    expect(() => staged.commit()).toThrow(/cannot be written/);
    expect(contentsOf(out)).toEqual({ ...before, z: 'came in between' });
  });

  it('names the path and the reason', () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, 'file'), '');
    expect(() => put(join(root, 'file'), first)).toThrow(
      /file cannot be written: a part of the path is not a directory/,
    );
    expect(() => put(join(root, 'file', 'out'), first)).toThrow(/cannot be written/);
  });

  it.skipIf(process.getuid?.() === 0)('in a directory without write permission is told', () => {
    const root = temporaryDirectory();
    chmodSync(root, 0o500);
    expect(() => put(join(root, 'out'), first)).toThrow(/permission denied/);
    execFileSync('chmod', ['700', root]);
  });
});
