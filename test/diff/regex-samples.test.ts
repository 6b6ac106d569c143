import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samplesOf } from '../../src/diff/regex-samples.ts';
import { witnessesOf } from '../../src/diff/witnesses.ts';

describe('samples of a pattern', () => {
  it.each([
    '/foo',
    '/v[0-9]+/users',
    '(?i)/v1(/|$)(.*)',
    '/(a|b)/c?d{2}',
    '/[^/]+/x',
    '/a\\.b/\\d+',
    '/(?:x|y)+z',
  ])('match it: %s', (pattern) => {
    const regex = new RegExp(`^(?:${pattern.replace('(?i)', '')})$`, 'i');
    const samples = samplesOf(pattern);
    expect(samples.filter((sample) => regex.test(sample)).length).toBeGreaterThan(0);
  });

  it('come to an end for any text, and never throw', () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^[()[\]{}|*+?.\\a1^$]{0,60}$/), (one, other) => {
        for (const text of [one, other]) expect(samplesOf(text).length).toBeLessThanOrEqual(8);
      }),
    );
  });
});

it('asks for a path, for what lies below it and for what begins alike', () => {
  const { witnesses } = witnessesOf([{ kind: 'prefix', path: '/foo/' }]);
  expect(witnesses.map(({ label }) => label)).toEqual(['/', '/*', '/foo', '/foo/', '/foo/*']);
});
