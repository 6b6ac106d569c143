import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inCaseOf, placeholdersFor } from '../../src/redact/words.ts';

const none: ReadonlySet<string> = new Set();
const letters = (from: string) => fc.string({ unit: fc.constantFrom(...from), minLength: 1, maxLength: 6 });
const word = fc.oneof(letters('abcxyz'), letters('a0123'), letters('0123456789'), letters('aéж界😀'));
const words = fc.uniqueArray(word, { maxLength: 40 });

it('keeps lengths, classes, order and prefixes, and gives each word its own placeholder', () => {
  fc.assert(
    fc.property(words, (list) => {
      const given = placeholdersFor(new Set(list), none, none);
      expect(new Set(given.values()).size).toBe(list.length);
      for (const one of list) {
        const placeholder = given.get(one)!;
        expect(Buffer.byteLength(placeholder)).toBe(Buffer.byteLength(one));
        expect(placeholder.replace(/\d/g, '0').replace(/\D/g, 'a')).toBe(
          one.replace(/\d/g, '0').replace(/\D/g, 'a'),
        );
        for (const other of list) {
          expect(placeholder.startsWith(given.get(other)!)).toBe(one.startsWith(other));
          if (!/[\ud800-\udfff]/.test(one + other)) expect(placeholder < given.get(other)!).toBe(one < other);
        }
      }
    }),
  );
});

it('is the same for words in any order', () => {
  fc.assert(
    fc.property(words, (list) => {
      const backwards = placeholdersFor(new Set(list.toReversed()), none, none);
      expect([...backwards].sort()).toEqual([...placeholdersFor(new Set(list), none, none)].sort());
    }),
  );
});

it('gives no word of the input and none that means something, and sorts with the names that stay', () => {
  fc.assert(
    fc.property(fc.uniqueArray(letters('abcdefgh'), { maxLength: 12 }), (list) => {
      const long = list.filter((one) => one.length > 2);
      const kept = 'default';
      const given = placeholdersFor(new Set(long), new Set([kept]), new Set(['aaa', 'bbbb']));
      for (const [one, placeholder] of given) {
        expect([...long, 'aaa', 'bbbb']).not.toContain(placeholder);
        if (long.every((other) => other === one || !one.startsWith(other)))
          expect(placeholder < kept).toBe(one < kept);
      }
    }),
  );
});

it('has a placeholder where words fill the alphabet', () => {
  const all = [...'abcdefghijklmnopqrstuvwxyz0123456789'].flatMap((a) => [a, `${a}a`, `${a}z`]);
  const numbers = Array.from({ length: 1000 }, (_, number) => String(number));
  for (const crowded of [all, numbers]) {
    const given = placeholdersFor(new Set(crowded), none, none);
    expect(new Set(given.values()).size).toBe(crowded.length);
  }
});

it('has the case of the word', () => {
  expect(inCaseOf('ShopAPI2', 'aaaaaaa0')).toBe('AaaaAAA0');
  expect(inCaseOf('größe', 'aaàaa')).toBe('aaàaa');
});
