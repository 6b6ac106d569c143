import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeCounts, sameShares, unanimous } from '../../../src/verify/judge/shares.ts';

describe('sameShares', () => {
  it.each<[Record<string, number>, Record<string, number>, boolean]>([
    [{ a: 135, b: 65 }, { a: 150, b: 50 }, true],
    [{ a: 135, b: 65 }, { a: 90, b: 110 }, false],
    [{ a: 20 }, { a: 20 }, true],
    [{ a: 20 }, { b: 20 }, false],
    [{ a: 10 }, { a: 5, b: 5 }, false],
    [{ a: 10 }, { a: 9, b: 1 }, true],
    [{}, {}, true],
    [{ a: 1 }, {}, false],
  ])('%j and %j: %s', (one, other, same) => {
    expect(sameShares(one, other)).toBe(same);
  });

  const counts = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 200 }));
  it('is symmetric, and true of equal series', () => {
    fc.assert(
      fc.property(counts, counts, (one, other) => {
        expect(sameShares(one, other)).toBe(sameShares(other, one));
        expect(sameShares(one, one)).toBe(true);
      }),
    );
  });
});

it('tells whether all answers were the same', () => {
  expect([undefined, {}, { a: 3 }, { a: 3, b: 1 }].map(unanimous)).toEqual([true, true, true, false]);
});

it('describes counts in a stable order', () => {
  expect(describeCounts({ b: 1, a: 2 })).toBe('a 2, b 1');
});
