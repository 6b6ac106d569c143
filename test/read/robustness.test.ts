import { describe, expect, test } from 'vitest';
import { codes, ingress, list, messages, placed, RULE, read } from './reading.ts';

const one = ingress(RULE, { name: 'one' });
const two = ingress(RULE, { name: 'two' });

const broken: Record<string, readonly [text: string, finding: string, words: RegExp]> = {
  'wrong indentation': ['kind: Ingress\n  bad: 1\n', 'input/broken-document 2:6', /":" is missing|indented/],
  'open quote': ['kind: "Ingress\n', 'input/broken-document', /quote .*never closed/],
  'open bracket': ['kind: Ingress\nspec: {a: [1\n', 'input/broken-document', /bracket .*never closed/],
  tab: ['kind: Ingress\nmetadata:\n\tname: x\n', 'input/tab-indentation', /tab/],
  template: [
    'kind: Ingress\n{{- if .Values.on }}\nmetadata: {}\n{{- end }}\n',
    'input/unrendered-template',
    /template/,
  ],
  'template as a name': [
    'kind: Ingress\nmetadata:\n  name: {{ .Release.Name }}\n',
    'input/unrendered-template',
    /template/,
  ],
  'alias without anchor': ['kind: Ingress\nmetadata:\n  name: *x\n', 'input/broken-document', /alias/],
  'control character': [
    'kind: Ingress\nmetadata:\n  name: a\u0001b\n',
    'input/broken-document',
    /control character/,
  ],
};

describe('a broken part is told and costs nothing else', () => {
  test.each(Object.entries(broken))('%s, as a document', (_, [text, code, words]) => {
    const cluster = read(`${one}---\n${text}---\n${two}`);
    expect(cluster.ingresses.map(({ ref }) => ref.name)).toEqual(['one', 'two']);
    expect(codes(cluster)).toEqual([code.split(' ')[0]]);
    expect(messages(cluster)).toMatch(words);
    const line = Number(placed(cluster)[0]!.split(' ')[1]!.split(':')[0]);
    expect(line).toBeGreaterThan(one.split('\n').length);
    expect(line).toBeLessThanOrEqual(`${one}---\n${text}---\n`.split('\n').length);
  });

  test.each(Object.entries(broken))('%s, as an entry of a List', (_, [text, code, words]) => {
    const cluster = read(list([one, text, two]));
    expect(cluster.ingresses.map(({ ref }) => ref.name)).toEqual(['one', 'two']);
    expect(codes(cluster)).toEqual([code.split(' ')[0]]);
    expect(messages(cluster)).toMatch(words);
  });
});

test('an entry that falls out of its indentation', () => {
  const text = list([one, 'kind: Ingress\nmetadata:\n  name: x', two]).replace('    name: x', 'name: x');
  const cluster = read(text);
  expect(cluster.ingresses.map(({ ref }) => ref.name)).toEqual(['one', 'two']);
  expect(codes(cluster)).toEqual(['input/broken-document']);
});

test('a broken entry of a JSON List', () => {
  const good = '{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"}}';
  const cluster = read(`{"kind":"List","apiVersion":"v1","items":[{"kind" "Service"},${good}]}`);
  expect(cluster.services).toHaveLength(1);
  expect(codes(cluster)).toEqual(['input/broken-document']);
});

test('an alias bomb costs one document', () => {
  const levels = 'abcdefghijk'.split('').map((name, index, all) => {
    const inner = index === 0 ? '"lol"' : `*${all[index - 1]}`;
    return `${name}: &${name} [${Array(10).fill(inner).join(', ')}]`;
  });
  const cluster = read(
    `kind: Gateway\napiVersion: networking.istio.io/v1\n${levels.join('\n')}\n---\n${one}`,
  );
  expect(codes(cluster)).toEqual(['input/too-many-aliases']);
  expect(cluster.ingresses).toHaveLength(1);
});

test('a value that contains itself', () => {
  const text =
    'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: g\nspec: &s\n  inner: *s\n';
  expect(codes(read(text))).toEqual(['input/too-many-aliases']);
});

test.each([
  ['YAML', `apiVersion: v1\nkind: Service\nspec: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`],
  ['JSON', `{"apiVersion":"v1","kind":"Service","spec":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
])('10,000 levels of %s', (_, text) => {
  const cluster = read(`${text}\n---\n${one}`);
  expect(codes(cluster)).toEqual(['input/too-deep']);
  expect(cluster.ingresses).toHaveLength(1);
});

test.each([
  ['YAML', `${one.replace('metadata:', 'metadata:\n  annotations:\n    __proto__: x\n    constructor: y')}`],
  [
    'JSON',
    '{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"one","annotations":{"__proto__":"x","constructor":"y"}},"spec":{"defaultBackend":{"service":{"name":"s","port":{"number":80}}}},"__proto__":{"polluted":"z"}}',
  ],
])('%s keys that mean something in JavaScript are plain data', (_, text) => {
  const [read_] = read(text).ingresses;
  expect([...read_!.annotations]).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('of a repeated key the last counts, and each repetition is told', () => {
  const text = one.replace('metadata:\n', 'metadata:\n  name: first\n');
  for (const cluster of [read(text), read(list([two, text]))]) {
    expect(cluster.ingresses.map(({ ref }) => ref.name)).toContain('one');
    expect(codes(cluster)).toEqual(['input/repeated-key']);
  }
  expect(placed(read(text))).toEqual(['input/repeated-key 5:3']);
  const json = '{"apiVersion":"v1","kind":"Service","metadata":{"name":"a","name":"b"}}';
  const cluster = read(json);
  expect(cluster.services[0]!.ref.name).toBe('b');
  expect(placed(cluster)).toEqual(['input/repeated-key 1:60']);
});

test('annotation values that are no text are read as written', () => {
  const annotations = 'annotations:\n    a: on\n    b: 1.10\n    c: 0x1F\n    d: [1]\n    e:\n    f: "5"\n  ';
  const cluster = read(one.replace('  name:', `  ${annotations}name:`));
  expect([...cluster.ingresses[0]!.annotations]).toEqual([
    ['a', 'on'],
    ['b', '1.10'],
    ['c', '0x1F'],
    ['e', ''],
    ['f', '5'],
  ]);
  expect(placed(cluster)).toEqual([
    'input/not-text 5:8',
    'input/not-text 6:8',
    'input/not-text 7:8',
    'input/wrong-type 8:8',
  ]);
});

const identities: Record<string, readonly [metadata: string, code: string]> = {
  'no metadata': ['metadata:\n', 'input/missing-name'],
  generateName: ['metadata:\n  generateName: web-\n', 'input/missing-name'],
  'a way out of the directory': ['metadata:\n  name: ../../etc\n', 'input/bad-name'],
  'a terminal escape': ['metadata:\n  name: "a\\e[31m"\n', 'input/bad-name'],
  'a bad namespace': ['metadata:\n  name: a\n  namespace: A/b\n', 'input/bad-name'],
  'metadata of the wrong type': ['metadata: [1]\n', 'input/missing-name'],
};

test.each(Object.entries(identities))('%s', (_, [metadata, code]) => {
  const cluster = read(`${one.replace('metadata:\n  name: one\n', metadata)}---\n${two}`);
  expect(cluster.ingresses.map(({ ref }) => ref.name)).toEqual(['two']);
  expect(codes(cluster)).toContain(code);
  expect(messages(cluster)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test('a missing namespace is default', () => {
  expect(read(one).ingresses[0]!.ref.namespace).toBe('default');
});
