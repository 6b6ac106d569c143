import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { filesOf, mark, withFeature } from '../../scripts/new-annotation.ts';
import { loadMappings } from '../../src/decode/load-mappings.ts';

test('a new annotation has a mapping that can be read, and a mark in each of its files', () => {
  const files = filesOf('upstream-colour', 'headers');
  expect(files.map(({ path }) => path)).toEqual([
    'mappings/headers/upstream-colour.yaml',
    'src/features/headers/upstream-colour.ts',
    'test/features/headers/upstream-colour.test.ts',
    'test/conformance/scenarios/upstream-colour/input.yaml',
    'test/conformance/scenarios/upstream-colour/probes.yaml',
  ]);
  expect(files.filter(({ text }) => !text.includes(mark))).toEqual([]);
  const { mappings, findings } = loadMappings([{ file: files[0]!.path, text: files[0]!.text }]);
  expect(findings).toEqual([]);
  expect(mappings.all).toMatchObject([
    { name: 'upstream-colour', action: { kind: 'convert', feature: 'upstream-colour' } },
  ]);
});

test('its feature comes before the snippets', () => {
  const index = readFileSync(new URL('../../src/features/index.ts', import.meta.url), 'utf8');
  const changed = withFeature(index, 'upstream-colour', 'headers');
  expect(changed).toContain("import { upstreamColour } from './headers/upstream-colour.ts';");
  expect(changed).toMatch(/\n {2}upstreamColour,\n {2}snippets,\n\];/);
});

test.each(['', '../x', 'Upper', 'a b', 'nginx.ingress.kubernetes.io/x'])('%j is no name', (name) => {
  expect(() => filesOf(name, 'headers')).toThrow('is no name of an annotation');
});
