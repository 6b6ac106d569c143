import { expect, it } from 'vitest';
import { findSubject, subjectNames } from '../../src/catalogue/subjects.ts';
import { commandLines } from '../../src/commands/command-lines.ts';
import { describedProgram } from '../../src/commands/described.ts';
import { choices } from '../../src/config/choices.ts';
import { builtInMappings } from '../../src/decode/mappings.ts';
import { valuesOf } from '../../src/usage/values.ts';

const { commands } = describedProgram(commandLines, []);

it.each(commands)('$name declares the flags that it accepts, and no other', ({ name, flags }) => {
  const accepted = commandLines.find((line) => line.name === name)!.flags;
  expect(flags.map((flag) => flag.name).sort()).toEqual([...new Set(accepted)].sort());
});

it('says of every flag with a value what it takes', () => {
  const all = commands.flatMap(({ flags }) => flags);
  const silent = all.filter(({ name, value }) => value?.words.length === 0 && valuesOf(name) === undefined);
  expect(silent.map(({ name }) => name)).toEqual([]);
  expect(all.find(({ name }) => name === 'format')?.value?.words).toContain('sarif');
});

it('has the values of every choice', () => {
  const flags = commands.find(({ name }) => name === 'convert')!.flags;
  for (const { flag, values, type } of choices) {
    const found = flags.find(({ name }) => name === flag)!;
    expect({ flag, words: found.value?.words, negatable: found.negatable }).toEqual({
      flag,
      words: type === 'boolean' ? undefined : (values ?? []),
      negatable: type === 'boolean',
    });
  }
});

it('offers only what explain explains', () => {
  const mappings = builtInMappings();
  const names = subjectNames(mappings);
  expect(names).toEqual(expect.arrayContaining(['rewrite-target', 'hsts', 'platform/path-normalization']));
  expect(names.filter((name) => !findSubject(name, mappings).ok)).toEqual([]);
});
