import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { provenanceOf } from '../../src/conversion/provenance.ts';
import { defaultOptions, type GivenOptions } from '../../src/domain/options.ts';
import { formatManifest, parseManifest, parseProvenance } from '../../src/output/manifest.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';

const text = readFileSync(new URL('../../samples/shared-host/input.yaml', import.meta.url), 'utf8');

function of(input: string, options: GivenOptions = defaultOptions) {
  return provenanceOf(convert(readTexts([{ file: 'input.yaml', text: input }]), options), '0.2.0');
}

function changed(input: string, options?: GivenOptions): string[] {
  const [before, now] = [of(text), of(input, options)];
  const names = [...before.ingresses.keys()].filter(
    (name) => before.ingresses.get(name) !== now.ingresses.get(name),
  );
  return [
    ...names,
    ...(before.surroundings === now.surroundings ? [] : ['surroundings']),
    ...(before.options === now.options ? [] : ['options']),
  ];
}

describe('what an output comes from', () => {
  it('does not depend on the order of the documents, nor on what kubectl or a server adds', () => {
    const backwards = text
      .split(/^---\n/m)
      .filter((document) => document.trim() !== '')
      .toReversed()
      .map((document) => document.replace(/\n*$/, '\n'))
      .join('---\n');
    expect(changed(backwards)).toEqual([]);
    expect(changed(text.replaceAll('metadata:\n', 'metadata:\n  resourceVersion: "7"\n'))).toEqual([]);
  });

  it('is another one for the Ingress, the surroundings or the options that changed, and for nothing else', () => {
    const first = of(text).ingresses.keys().next().value!;
    const [namespace, name] = first.split('/');
    const head = `  name: ${name}\n  namespace: ${namespace}\n  creationTimestamp: '20`;
    expect(text.split(`kind: Ingress\nmetadata:\n${head}`)).toHaveLength(2);
    const annotated = text.replace(head, head.replace(/20$/, '19'));
    expect(changed(annotated)).toEqual([first]);
    expect(
      changed(
        `${text}\n---\napiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata:\n  name: other\nspec:\n  controller: x/y\n`,
      ),
    ).toEqual(['surroundings']);
    expect(changed(text, { ...defaultOptions, envoyFilters: 'allow' })).toEqual(['options']);
  });

  it('is read back from a manifest, and nothing from one that has none', () => {
    const provenance = of(text);
    const manifest = formatManifest(new Map([['a.yaml', 'ff']]), provenance);
    expect(parseProvenance(manifest)).toEqual(provenance);
    expect(parseManifest(manifest)).toEqual(new Map([['a.yaml', 'ff']]));
    for (const other of [formatManifest(new Map()), '{', '[]', '{"ingresses": {}, "tool": 7}'])
      expect(parseProvenance(other)).toBeUndefined();
  });
});
