import { expect, test } from 'vitest';
import { groupChanges } from '../../scripts/explain-diff/changes.ts';

test('one change in several places is shown once, the most frequent first', () => {
  const changes = [
    { where: 'a', patch: '+x' },
    { where: 'b', patch: '+y' },
    { where: 'c', patch: '+y' },
    { where: 'c', patch: '+y' },
  ];
  expect(groupChanges(changes)).toEqual([
    { patch: '+y', places: ['b', 'c'] },
    { patch: '+x', places: ['a'] },
  ]);
});
