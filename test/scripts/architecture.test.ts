import { expect, test } from 'vitest';
import { layers, wrongImports } from '../../scripts/architecture.ts';

const rules = { domain: [], text: ['domain'], cli: ['text'] };

test.each<[string, string, string, string[]]>([
  ['down', 'text/a.ts', "import { b } from '../domain/b.ts';", []],
  ['within the folder', 'text/a.ts', "import { b } from './inner/b.ts';", []],
  ['a package', 'text/a.ts', "import { b } from 'node:fs';", []],
  [
    'up',
    'domain/a.ts',
    "import { b } from '../text/b.ts';",
    ['src/domain/a.ts imports src/text/b.ts: domain may not use text.'],
  ],
  [
    'a type',
    'domain/a.ts',
    "import type { B } from '../text/b.ts';",
    ['src/domain/a.ts imports src/text/b.ts: domain may not use text.'],
  ],
  [
    'loaded late',
    'domain/a.ts',
    "await import('../text/b.ts')",
    ['src/domain/a.ts imports src/text/b.ts: domain may not use text.'],
  ],
  [
    'past the next folder',
    'cli.ts',
    "import { b } from './domain/b.ts';",
    ['src/cli.ts imports src/domain/b.ts: cli may not use domain.'],
  ],
  ['a folder that nobody knows', 'other/a.ts', '', ['src/other/a.ts is in a folder without a rule.']],
])('an import %s', (_, path, text, wrong) => {
  expect(wrongImports([{ path, text }], rules)).toEqual(wrong);
});

test('a folder may only use such as stand before it', () => {
  expect(wrongImports([], { a: ['b'], b: ['a'] })).toEqual([
    'The folder a may import b, which does not stand before it.',
  ]);
  expect(wrongImports([], layers)).toEqual([]);
});
