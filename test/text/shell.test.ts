import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellWord } from '../../src/text/shell.ts';

test.each([
  ['shop-tls', 'shop-tls'],
  ['$(id)', "'$(id)'"],
  ["a'b", "'a'\\''b'"],
  ['-n', "'-n'"],
  ['', "''"],
])('%j is %s', (text, word) => {
  expect(shellWord(text)).toBe(word);
});

test('a shell reads back what was meant', () => {
  const texts = fc.sample(
    fc.string({ unit: 'binary-ascii', maxLength: 12 }).filter((text) => !text.includes('\0')),
    40,
  );
  const read = execFileSync('sh', ['-c', `printf '%s\\0' ${texts.map(shellWord).join(' ')}`], {
    encoding: 'utf8',
  });
  expect(read.split('\0').slice(0, -1)).toEqual(texts);
});
