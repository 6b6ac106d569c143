import fc from 'fast-check';
import { expect, test } from 'vitest';
import { qualifiedName } from '../../src/domain/origin.ts';
import { readTexts } from '../../src/read/index.ts';
import { codes, list, read } from './reading.ts';

const service = (name: string, namespace: string, port: number, more = '') =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\n${more}spec:\n  ports:\n  - port: ${port}\n`;

const anyServices = fc.array(
  fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('n1', 'm1'), fc.constantFrom(80, 81, 82)),
  { minLength: 1, maxLength: 8 },
);

test('the order of documents and files plays no part', () => {
  fc.assert(
    fc.property(anyServices, fc.infiniteStream(fc.nat()), (services, numbers) => {
      const documents = services.map(([name, namespace, port]) => service(name, namespace, port));
      const shuffled = documents
        .map((text) => ({ text, order: numbers.next().value as number }))
        .sort((a, b) => a.order - b.order)
        .map(({ text }, index) => ({ file: `${(index * 7) % 5}`, text }));
      const answers = [
        read(documents.join('---\n')),
        read(list(documents)),
        readTexts(shuffled),
        readTexts(shuffled.toReversed()),
      ].map((cluster) => ({
        services: cluster.services.map(({ ref, ports }) => [qualifiedName(ref), ports]),
        codes: codes(cluster).sort(),
      }));
      for (const answer of answers) expect(answer).toEqual(answers[0]);
      const names = answers[0]!.services.map(([name]) => String(name));
      expect(names).toEqual([...new Set(names)].sort());
    }),
  );
});

test('of two versions of an object the newer one is used', () => {
  const old = service('a', 'n1', 80, '  resourceVersion: "99"\n');
  const young = service('a', 'n1', 81, '  resourceVersion: "100"\n');
  for (const text of [`${old}---\n${young}`, `${young}---\n${old}`]) {
    const cluster = read(text);
    expect(cluster.services.map(({ ports }) => ports[0]!.port)).toEqual([81]);
    expect(codes(cluster)).toEqual(['input/duplicate-object']);
  }
});

test('the same object twice counts once', () => {
  const cluster = read(`${service('a', 'n1', 80)}---\n${service('a', 'n1', 80)}`);
  expect(cluster.services).toHaveLength(1);
  expect(codes(cluster)).toEqual(['input/repeated-object']);
});

test('progress goes up to the total', () => {
  const seen: number[] = [];
  const text = list(Array.from({ length: 15_000 }, (_, index) => service(`s${index}`, 'n1', 80)));
  readTexts(
    [
      { file: 'a', text },
      { file: 'b', text: '{}' },
    ],
    ({ done, total }) => {
      expect(total).toBe(text.length + 2);
      seen.push(done);
    },
  );
  expect(seen.length).toBeGreaterThan(3);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toBe(text.length + 2);
});
