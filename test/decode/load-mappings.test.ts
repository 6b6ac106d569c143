import { describe, expect, test } from 'vitest';
import { loadMappings } from '../../src/decode/load-mappings.ts';
import { mergeMappings } from '../../src/decode/mappings.ts';
import { messageOf, remedyOf } from '../../src/domain/findings.ts';
import { positionOf } from '../../src/domain/origin.ts';

const entry = (name: string, more = '') =>
  [
    `  - name: ${name}`,
    '    value: { type: string, onInvalid: ignored }',
    '    scope: location',
    '    risk: Low',
    '    fidelity: manual',
    '    action: { none: Ask the team. }',
    '    nginx: It does something.',
    ...(more === '' ? [] : [`    ${more}`]),
  ].join('\n');

function load(...files: [string, string][]) {
  const { mappings, findings } = loadMappings(files.map(([file, text]) => ({ file, text })));
  const told = findings.map((finding) => ({
    code: finding.type.code,
    message: messageOf(finding),
    remedy: remedyOf(finding),
    line: finding.origin && positionOf(finding.origin).line,
  }));
  return { names: mappings.all.map(({ name }) => name), mappings, told };
}

test('an entry gets its group from the file and its links from the file where it has none', () => {
  const text = `docs: [https://example.com/team]\nannotations:\n${entry('team', 'aliases: [squad]')}`;
  const { mappings, told } = load(['own/dir/team.yaml', text]);
  expect(told).toEqual([]);
  expect(mappings.find('squad')).toEqual({
    name: 'team',
    aliases: ['squad'],
    since: undefined,
    until: undefined,
    was: [],
    group: 'team',
    value: { type: 'string', onInvalid: 'ignored' },
    default: undefined,
    configMapKey: undefined,
    scope: 'location',
    risk: 'Low',
    fidelity: 'manual',
    action: { kind: 'none', advice: 'Ask the team.' },
    to: [],
    nginx: 'It does something.',
    note: '',
    docs: ['https://example.com/team'],
    verified: [],
  });
});

test.each([
  ['{ set: route.timeout }', { kind: 'set', field: 'route.timeout' }],
  ['{ convert: rewrite }', { kind: 'convert', feature: 'rewrite' }],
  ['{ model: canary }', { kind: 'model', rule: 'canary' }],
])('action %s', (action, expected) => {
  const text = `annotations:\n${entry('team').replace('{ none: Ask the team. }', action)}`;
  expect(load(['a.yaml', text]).mappings.find('team')?.action).toEqual(expected);
});

describe('what is wrong is told with its place, and the rest is used', () => {
  const good: [string, string] = ['good.yaml', `annotations:\n${entry('good')}`];
  const second = (change: (text: string) => string) =>
    `annotations:\n${entry('one')}\n${change(entry('two'))}`;

  test.each<[string, string, object]>([
    ['YAML that does not end', 'annotations: [', { code: 'mappings/unreadable', line: 1 }],
    ['an empty file', '', { code: 'mappings/unreadable' }],
    ['a list', '[]', { code: 'mappings/schema', message: 'bad.yaml: the file must be object.' }],
    [
      'a key that is not known',
      second((text) => `${text}\n    when: x`),
      {
        code: 'mappings/schema',
        line: 9,
        message: 'bad.yaml: annotations.1 has a key that is not known: when.',
      },
    ],
    [
      'two actions',
      second((text) => text.replace('{ none: Ask the team. }', '{ set: a, convert: b }')),
      {
        line: 14,
        message: 'bad.yaml: annotations.1.action must have exactly one of set, convert, model and none.',
      },
    ],
    [
      'a word that does not exist',
      second((text) => text.replace('manual', 'perfect')),
      { line: 13, message: expect.stringMatching(/annotations\.1\.fidelity must be one of exact, /) },
    ],
    [
      'advice that is no sentence',
      second((text) => text.replace('Ask the team.', 'ask')),
      { line: 14, message: expect.stringMatching(/must match pattern/) },
    ],
    [
      'an enum without values',
      second((text) => text.replace('type: string', 'type: enum')),
      { message: expect.stringMatching(/must have required property 'values'/) },
    ],
  ])('%s', (_, text, expected) => {
    const { names, told } = load(good, ['bad.yaml', text]);
    expect(names).toEqual(['good']);
    expect(told.map((finding) => ({ ...finding }))).toContainEqual(expect.objectContaining(expected));
    for (const { remedy } of told) expect(remedy).toMatch(/\.$/);
  });

  test('a pattern that does not compile', () => {
    const broken = second((text) => text.replace('type: string', "type: string, pattern: '('"));
    const { names, told } = load(good, ['bad.yaml', broken]);
    expect(names).toEqual(['good', 'one']);
    expect(told).toMatchObject([{ code: 'mappings/pattern', line: 9 }]);
  });

  test('a name that stands twice', () => {
    const { names, told } = load(good, ['late.yaml', `annotations:\n${entry('other', 'aliases: [good]')}`]);
    expect(names).toEqual(['good']);
    expect(told).toMatchObject([{ code: 'mappings/duplicate-name', line: 2 }]);
    expect(told[0]?.message).toContain('good is already in good.yaml');
  });
});

test('entries of the user take the place of ours, and the order of files does not matter', () => {
  const base = load(['a.yaml', `annotations:\n${entry('one')}\n${entry('two')}`]).mappings;
  const own = load(['b.yaml', `annotations:\n${entry('two', 'note: Ours.')}\n${entry('three')}`]).mappings;
  const merged = mergeMappings(base, own);
  expect(merged.all.map(({ name }) => name)).toEqual(['one', 'three', 'two']);
  expect(merged.find('two')).toMatchObject({ group: 'b', note: 'Ours.' });
  const files: [string, string][] = [
    ['b.yaml', `annotations:\n${entry('two')}`],
    ['a.yaml', `annotations:\n${entry('two')}\n${entry('one')}`],
  ];
  expect(load(...files)).toMatchObject({ names: load(...files.reverse()).names, told: [{ line: 2 }] });
});
