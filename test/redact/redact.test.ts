import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layerOfText } from '../../src/config/file.ts';
import { resolveSettings } from '../../src/config/settings.ts';
import { builtInMappings } from '../../src/decode/mappings.ts';
import { defaultOptions, type GivenOptions, type Options, withParity } from '../../src/domain/options.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';
import { redact } from '../../src/redact/index.ts';
import { randomCluster } from '../random-cluster.ts';
import { leaksOf } from './leaks.ts';
import { shapeOf } from './shape.ts';

const read = (text: string) => readTexts([{ file: 'input.yaml', text }]);

function redacted(text: string, options: GivenOptions = defaultOptions) {
  const result = redact(read(text), options, builtInMappings());
  return { ...result, text: [...result.texts].join('') };
}

/** Folders of inputs: ours, and those that are beside the repository on some machines. */
const folders = ['../../samples/', '../conformance/scenarios/', '../../../shared/corpus-complete/']
  .map((path) => new URL(path, import.meta.url).pathname)
  .filter((path) => existsSync(path));

function textOf(folder: string, name: string, file: string): string | undefined {
  const path = `${folder}${name}/${file}`;
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

describe.each(folders)('%s', (folder) => {
  const names = readdirSync(folder).filter((name) => existsSync(`${folder}${name}/input.yaml`));

  it.each(names)('%s: no word is left, and it converts to the same shape', (name) => {
    const text = textOf(folder, name, 'input.yaml')!;
    const config = textOf(folder, name, 'ingress2istio.yaml');
    const flags = textOf(folder, name, 'flags')?.split('\n').filter(Boolean) ?? [];
    const { options } = resolveSettings(
      ...(config === undefined ? [] : [layerOfText(config, 'ingress2istio.yaml')]),
    );
    const given = { ...options, controllerFlags: [...options.controllerFlags, ...flags] };
    for (const profile of [given, withParity(given)]) {
      const result = redacted(text, profile);
      expect(leaksOf(text, result.text)).toEqual([]);
      expect(shapeOf(convert(read(result.text), result.options))).toEqual(
        shapeOf(convert(read(text), profile)),
      );
    }
  });
});

describe('any input', () => {
  it('keeps its shape, leaves no word, and is redacted the same in any order', () => {
    fc.assert(
      fc.property(randomCluster, fc.array(fc.nat(), { minLength: 1, maxLength: 5 }), (documents, seeds) => {
        const text = documents.join('---\n');
        const shuffled = documents
          .map((document, at) => ({ document, key: (seeds[at % seeds.length]! * (at + 7)) % 101 }))
          .sort((a, b) => a.key - b.key)
          .map(({ document }) => document)
          .join('---\n');
        const result = redacted(text);
        expect(leaksOf(text, result.text)).toEqual([]);
        expect(redacted(shuffled).text).toBe(result.text);
        expect(shapeOf(convert(read(result.text), result.options))).toEqual(
          shapeOf(convert(read(text), defaultOptions as Options)),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('redacts the redacted input to the same shape again, without the first placeholders', () => {
    const text = readFileSync(new URL('../../samples/whole-cluster/input.yaml', import.meta.url), 'utf8');
    const once = redacted(text);
    const twice = redacted(once.text);
    expect(leaksOf(once.text, twice.text)).toEqual([]);
    expect(shapeOf(convert(read(twice.text), twice.options))).toEqual(
      shapeOf(convert(read(text), defaultOptions)),
    );
  });

  it('gives a key that leads from placeholders back to the words', () => {
    const input = readFileSync(new URL('../../samples/canary/input.yaml', import.meta.url), 'utf8');
    const { key, text } = redacted(input);
    const host = read(text).ingresses[0]!.rules[0]!.host;
    const original = host.replace(/[a-z\d]+/g, (placeholder) => key.get(placeholder)!);
    expect(original).toBe(read(input).ingresses[0]!.rules[0]!.host);
    expect(new Set(key.values()).size).toBe(key.size);
  });
});
