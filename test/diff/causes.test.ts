import { describe, expect, it } from 'vitest';
import { causeOf, causesSentence, type Earlier } from '../../src/diff/causes.ts';
import type { Provenance } from '../../src/domain/provenance.ts';

const now: Provenance = {
  tool: '0.2.0',
  options: 'o',
  surroundings: 's',
  ingresses: new Map([
    ['shop/a', '1'],
    ['shop/b', '2'],
  ]),
};

const earlier = (before: Partial<Provenance>, edited: readonly string[] = []): Earlier => ({
  before: { ...now, ...before },
  now,
  edited: new Set(edited),
});

const otherB = new Map([
  ['shop/a', '1'],
  ['shop/b', 'x'],
]);

describe('why an object changed', () => {
  it.each([
    [
      'only the tool',
      { tool: '0.1.0' },
      ['shop/a'],
      'tool',
      'Because of the tool: ingress2istio 0.1.0 → 0.2.0. Nothing of its input changed.',
    ],
    ['its Ingress', { ingresses: otherB }, ['shop/b'], 'input', 'Because of the input of Ingress shop/b.'],
    [
      'a new Ingress',
      { ingresses: new Map() },
      ['shop/a', 'shop/b'],
      'input',
      'Because of the input of Ingress shop/a, shop/b.',
    ],
    [
      'any Ingress, for an object of all',
      { ingresses: otherB },
      [],
      'input',
      'Because of the input of Ingress shop/b.',
    ],
    [
      'the controller',
      { surroundings: 'x' },
      ['shop/a'],
      'input',
      'Because of the controller, classes, or certificates.',
    ],
    ['an option', { options: 'x' }, ['shop/a'], 'options', 'Because of the options or decisions.'],
    [
      'both',
      { tool: '0.1.0', ingresses: otherB },
      ['shop/b'],
      'both',
      'Because of the input of Ingress shop/b, or of the tool: ingress2istio 0.1.0 → 0.2.0.',
    ],
    [
      'the tool, next to a change of another Ingress',
      { tool: '0.1.0', ingresses: otherB },
      ['shop/a'],
      'tool',
      'Because of the tool: ingress2istio 0.1.0 → 0.2.0. Nothing of its input changed.',
    ],
    [
      'nothing known',
      {},
      ['shop/a'],
      'unknown',
      'Neither the tool nor its Ingresses, their surroundings, or the options changed.',
    ],
  ])('%s', (_, before, from, cause, note) => {
    expect(causeOf({ file: 'shop.example.com', from }, earlier(before))).toEqual({ cause, note });
  });

  it('an edit', () => {
    const edited = earlier({ tool: '0.1.0' }, ['shop.example.com']);
    expect(causeOf({ file: 'shop.example.com', from: ['shop/a'] }, edited).cause).toBe('edited');
    expect(causeOf({ file: 'other', from: ['shop/a'] }, edited).cause).toBe('tool');
  });

  it('an output that recorded nothing', () => {
    const before = { before: undefined, now, edited: new Set<string>() };
    expect(causeOf({ file: 'x', from: [] }, before).cause).toBe('unknown');
    expect(causesSentence(['unknown'], before)).toMatch(
      /^Written by an ingress2istio that recorded no version; this is 0\.2\.0\./,
    );
  });

  it('counted', () => {
    expect(causesSentence(['tool', 'input', 'tool'], earlier({ tool: '0.1.0' }))).toBe(
      'Written by ingress2istio 0.1.0; this is 0.2.0. Changed because of: the tool 2, the input 1.',
    );
    expect(causesSentence([], earlier({}))).toBe('Written by this version, 0.2.0.');
  });
});
