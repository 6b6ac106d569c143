import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { readTexts } from '../../src/read/index.ts';
import { codes, ingress, list, placed, RULE, read } from './reading.ts';

const one = ingress(RULE, { name: 'one' });
const two = ingress(RULE, { name: 'two' });
const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n';
const json = [one, two].map((text) => load(text));

const texts: Record<string, string> = {
  'two documents': `${one}---\n${two}`,
  'markers around and comments': `# top\n---\n${one}---\n# nothing\n---\n${two}...\n`,
  directives: `%YAML 1.1\n---\n${one}---\n${two}`,
  'Windows line ends': `${one}---\n${two}`.replaceAll('\n', '\r\n'),
  'byte order mark': `\ufeff${one}---\n${two}`,
  List: list([one, two]),
  'List with indented entries': list([one, two], '  '),
  'List with Windows line ends': list([one, two]).replaceAll('\n', '\r\n'),
  'List in flow style': `kind: List\napiVersion: v1\nitems: ${JSON.stringify(json)}\n`,
  'List of Lists': list([list([one]), list([two])]),
  'typed List whose entries have no kind': list(
    [one, two].map((text) => text.split('\n').slice(2).join('\n')),
  )
    .replace('apiVersion: v1', 'apiVersion: networking.k8s.io/v1')
    .replace('kind: List', 'kind: IngressList'),
  'JSON documents after one another': json.map((value) => JSON.stringify(value)).join('\n'),
  'JSON List': JSON.stringify({ apiVersion: 'v1', items: json, kind: 'List' }, undefined, 4),
  'JSON List indented with tabs': JSON.stringify(
    { apiVersion: 'v1', items: json, kind: 'List' },
    undefined,
    '\t',
  ),
  'typed JSON List whose entries have no kind': JSON.stringify({
    kind: 'IngressList',
    apiVersion: 'networking.k8s.io/v1',
    items: json.map((value) => ({ ...(value as object), kind: undefined, apiVersion: undefined })),
  }),
  'JSON with a comma too many': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: json }).replace(
    /\]\}$/,
    ',]}',
  ),
};

describe('every format gives the same objects, each with its place', () => {
  test.each(Object.entries(texts))('%s', (_, text) => {
    const cluster = read(text);
    expect(codes(cluster)).toEqual([]);
    expect(cluster.ingresses.map(({ ref }) => ref.name)).toEqual(['one', 'two']);
    for (const { ref, source, rules } of cluster.ingresses) {
      expect(rules[0]!.paths![0]).toMatchObject({
        path: '/',
        backend: { kind: 'service', name: 'web', port: 80 },
      });
      const { line, column } = source.locate(['metadata', 'name']);
      const rest = text.split('\n')[line - 1]!.slice(column - 1);
      expect(rest).toMatch(new RegExp(`^"?${ref.name}\\b`));
    }
  });
});

test('what is of no interest is counted, by kind, whatever its form', () => {
  const knative = 'apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata:\n  name: s\n';
  const texts = [
    { file: 'a', text: `${pod}---\n${knative}` },
    { file: 'b', text: list([pod, one, pod]) },
    { file: 'c', text: JSON.stringify(load(pod)) },
  ];
  const { others, services, ingresses } = readTexts(texts);
  expect([...others]).toEqual([
    ['Pod', 4],
    ['Service', 1],
  ]);
  expect(services).toEqual([]);
  expect(ingresses).toHaveLength(1);
});

test('a dash inside a block of text begins no entry', () => {
  const map =
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\ndata:\n  text: |\n    - a\n    items:\n    - b\n';
  const { configMaps } = read(list([map, one]));
  expect(configMaps[0]!.data.get('text')).toBe('- a\nitems:\n- b\n');
});

test('an anchor in one entry serves an alias in another', () => {
  const first = one.replace('name: web', 'name: &service api');
  const second = two.replace('name: web', 'name: *service');
  const filler = Array.from({ length: 300 }, (_, index) => ingress(RULE, { name: `n${index}` }));
  const cluster = read(list([first, ...filler, second]));
  expect(codes(cluster)).toEqual([]);
  const last = cluster.ingresses.find(({ ref }) => ref.name === 'two');
  expect(last!.rules[0]!.paths![0]!.backend).toMatchObject({ name: 'api' });
});

test('merge keys and anchors inside a document', () => {
  const text = `${one}  tls:\n  - &t\n    hosts: [a.example.com]\n    secretName: s\n  - <<: *t\n    secretName: u\n`;
  expect(read(text).ingresses[0]!.tls).toMatchObject([
    { hosts: ['a.example.com'], secretName: 's' },
    { hosts: ['a.example.com'], secretName: 'u' },
  ]);
});

test('a text that is no object is told, comments and empty documents are not', () => {
  const cluster = read(`---\n# only this\n---\nreplicas: 3\n---\n- a\n---\nkind: Ingress\n---\n${one}`);
  expect(placed(cluster)).toEqual([
    'input/not-an-object 4:1',
    'input/not-an-object 6:1',
    'input/not-an-object 8:1',
  ]);
  expect(cluster.ingresses).toHaveLength(1);
});
