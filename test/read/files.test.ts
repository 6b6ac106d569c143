import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { messageOf, remedyOf } from '../../src/domain/findings.ts';
import { readInputs } from '../../src/read/files.ts';

let root = '';
const at = (...parts: string[]) => join(root, ...parts);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'read-'));
  await mkdir(at('tree', 'b', 'c'), { recursive: true });
  await mkdir(at('bare'));
  await mkdir(at('loop', 'in'), { recursive: true });
  await writeFile(at('tree', 'z.yaml'), 'z: 1');
  await writeFile(at('tree', 'a.YML'), 'a: 1');
  await writeFile(at('tree', 'b', 'c', 'm.json'), '{}');
  await writeFile(at('tree', 'readme.md'), '# no');
  await writeFile(at('bare', 'readme.md'), '# no');
  await writeFile(at('empty.yaml'), ' \n');
  await writeFile(at('binary.yaml'), Buffer.from([0x7f, 0x45, 0x00, 0x01]));
  await writeFile(at('utf16.yaml'), Buffer.from('\ufeffname: ü', 'utf16le'));
  await writeFile(at('utf16be.yaml'), Buffer.from('\ufeffname: ü', 'utf16le').swap16());
  await writeFile(at('latin1.yaml'), Buffer.from('name: ü', 'latin1'));
  await writeFile(at('large.yaml'), 'x'.repeat(100));
  await writeFile(at('loop', 'x.yaml'), 'x: 1');
  await symlink(at('loop'), at('loop', 'in', 'back'));
  await symlink(at('gone.yaml'), at('loop', 'in', 'dead.yaml'));
  await symlink(at('loop', 'x.yaml'), at('loop', 'y.yaml'));
});

afterAll(() => rm(root, { recursive: true }));

async function readPaths(paths: string[], { stdin = '', maxBytes = 1000 } = {}) {
  const { inputs, findings } = await readInputs(paths, Readable.from([Buffer.from(stdin)]), maxBytes);
  return {
    inputs: inputs.map(({ file, text }) => [file.replace(`${root}/`, ''), text]),
    codes: findings.map(({ type }) => type.code),
    messages: findings.map(messageOf).join('\n'),
    files: findings.map(({ origin }) => origin!.source.locate([]).file.replace(`${root}/`, '')),
  };
}

test('directories are read by name, and stdin once', async () => {
  const { inputs, codes } = await readPaths([at('tree'), '-', '-', at('tree', 'z.yaml')], { stdin: 's: 1' });
  expect(inputs).toEqual([
    ['tree/a.YML', 'a: 1'],
    ['tree/b/c/m.json', '{}'],
    ['tree/z.yaml', 'z: 1'],
    ['stdin', 's: 1'],
  ]);
  expect(codes).toEqual([]);
});

test.each([
  ['missing.yaml', 'input/unreadable-file'],
  ['empty.yaml', 'input/empty-file'],
  ['binary.yaml', 'input/binary-file'],
  ['bare', 'input/no-yaml-in-directory'],
])('%s is told and the next file is read', async (name, code) => {
  const { inputs, codes, files } = await readPaths([at(name), at('tree', 'z.yaml')]);
  expect(inputs).toEqual([['tree/z.yaml', 'z: 1']]);
  expect(codes).toEqual([code]);
  expect(files).toEqual([name]);
});

test('a file over the limit', async () => {
  const { inputs, codes } = await readPaths([at('large.yaml'), '-'], { stdin: 'y'.repeat(60), maxBytes: 50 });
  expect(inputs).toEqual([]);
  expect(codes).toEqual(['input/too-large', 'input/too-large']);
});

test('encodings', async () => {
  const { inputs, codes } = await readPaths([at('utf16.yaml'), at('utf16be.yaml'), at('latin1.yaml')]);
  expect(inputs.map(([, text]) => text)).toEqual(['name: ü', 'name: ü', 'name: \ufffd']);
  expect(codes).toEqual(['input/damaged-text']);
});

test('links: no circle is walked, no file read twice, a dead one told', async () => {
  const { inputs, codes, messages } = await readPaths([at('loop')]);
  expect(inputs).toEqual([['loop/x.yaml', 'x: 1']]);
  expect(codes).toEqual(['input/directory-loop', 'input/unreadable-file']);
  expect(messages).toContain('there is no such file');
});

test('a stream that fails is told', async () => {
  const failing = new Readable({
    read() {
      this.destroy(Object.assign(new Error('x'), { code: 'EIO' }));
    },
  });
  const { inputs, findings } = await readInputs(['-'], failing);
  expect(inputs).toEqual([]);
  expect(findings.map(messageOf)).toEqual(['"stdin" could not be read: the system reported EIO.']);
});

test.each<[string, Record<string, string>, string, RegExp]>([
  [
    'a chart',
    { 'Chart.yaml': 'name: x', 'templates/web.yaml': '{{ x }}' },
    'input/unrendered-chart',
    /helm template RELEASE/,
  ],
  [
    'a kustomization with patches',
    { 'kustomization.yaml': 'resources:\n- web.yaml\nnamePrefix: a-\npatches: []\n', 'web.yaml': 'a: 1' },
    'input/unbuilt-kustomization',
    /changes what it lists \(namePrefix, patches\)[\s\S]*kubectl kustomize/,
  ],
])('%s is not read file by file', async (name, files, code, text) => {
  const folder = at(`made-${name.length}`);
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), content);
  }
  const { inputs, findings } = await readInputs([folder], Readable.from([]), 1000);
  expect(inputs).toEqual([]);
  expect(findings.map(({ type }) => type.code)).toEqual([code]);
  expect(`${messageOf(findings[0]!)}\n${remedyOf(findings[0]!)}`).toMatch(text);
});

test('a kustomization that only lists its files is read as they are', async () => {
  await mkdir(at('listed'));
  await writeFile(at('listed', 'kustomization.yaml'), 'kind: Kustomization\nresources:\n- web.yaml\n');
  await writeFile(at('listed', 'web.yaml'), 'a: 1');
  const { inputs, codes } = await readPaths([at('listed')]);
  expect(inputs.map(([file]) => file)).toEqual(['listed/kustomization.yaml', 'listed/web.yaml']);
  expect(codes).toEqual([]);
});
