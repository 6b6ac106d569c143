import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import type { Path } from '../../src/domain/origin.ts';
import { read } from './reading.ts';

const YAML = `# a comment
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    a/snippet: |
      one
      two
    "b/quoted": 'x: y'
spec:
  rules:
  - host: a.example.com
  - {host: "b.example.com"}
`;

const places: readonly (readonly [Path, string])[] = [
  [[], '2:1'],
  [['kind'], '3:7'],
  [['metadata', 'annotations', 'a/snippet'], '7:5'],
  [['metadata', 'annotations', 'b/quoted'], '10:17'],
  [['spec', 'rules'], '12:3'],
  [['spec', 'rules', 0, 'host'], '13:11'],
  [['spec', 'rules', 1, 'host'], '14:12'],
  [['spec', 'rules', 1, 'http', 'paths', 0], '14:5'],
  [['spec', 'rules', 7], '12:3'],
  [['status'], '2:1'],
];

test.each(places)('%j', (path, place) => {
  const [ingress] = read(YAML).ingresses;
  const { file, line, column } = ingress!.source.locate(path);
  expect(`${file} ${line}:${column}`).toBe(`a.yaml ${place}`);
});

test.each([0, 2, '\t'])('in JSON indented by %j', (indent) => {
  const list = { kind: 'List', apiVersion: 'v1', items: [load(YAML)] };
  for (const text of [
    JSON.stringify(list, undefined, indent),
    JSON.stringify(list.items[0], undefined, indent),
  ]) {
    const [ingress] = read(text).ingresses;
    const { line, column } = ingress!.source.locate(['spec', 'rules', 1, 'host']);
    expect(text.split('\n')[line - 1]!.slice(column - 1)).toMatch(/^"b.example.com"/);
  }
});

test('more objects than are kept in mind', () => {
  const texts = Array.from({ length: 40 }, (_, index) => YAML.replace('name: web', `name: web${index}`));
  const { ingresses } = read(texts.join('---\n'));
  const lines = () => ingresses.map(({ source }) => source.locate(['metadata', 'name']).line);
  expect(lines()).toEqual(lines());
  expect(new Set(lines()).size).toBe(40);
});
