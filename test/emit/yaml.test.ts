import fc from 'fast-check';
import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { toCommentedYaml, toYaml } from '../../src/emit/yaml.ts';

const readers: [string, (text: string) => unknown[]][] = [
  ['yaml 1.1', (text) => parseWith(text, '1.1')],
  ['yaml 1.2', (text) => parseWith(text, '1.2')],
  ['js-yaml', (text) => loadAll(text) as unknown[]],
];

function parseWith(text: string, version: '1.1' | '1.2'): unknown[] {
  const documents = parseAllDocuments(text, { version, uniqueKeys: true });
  if (!Array.isArray(documents)) throw new Error('no document');
  return documents.map((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS({ maxAliasCount: 0 });
  });
}

function expectBack(objects: readonly object[]): void {
  const text = toYaml(objects);
  for (const [name, read] of readers) expect(read(text), `${name} of\n${text}`).toEqual(objects);
}

/** Strings that some YAML reader takes for another type, or for structure. */
const hostile = [
  ...['', ' ', '~', 'n', 'N', 'y', 'Y', 'yes', 'No', 'on', 'OFF', 'true', 'False', 'null', 'NULL', 'Null'],
  ...[
    '1',
    '-1',
    '+1',
    '0',
    '012',
    '0o14',
    '0x1F',
    '0b1',
    '1_000',
    '1e3',
    '1E+3',
    '.5',
    '1.',
    '1.5',
    '-.inf',
    '.NaN',
  ],
  ...[
    '1:30',
    '190:20:30',
    '1:30.5',
    '2024-01-01',
    '2024-01-01T00:00:00Z',
    '1.2.3.4',
    '10.0.0.0/8',
    '30s',
    '1.5h',
  ],
  ...[
    'a: b',
    'a:',
    ':a',
    'a #b',
    '#a',
    '- a',
    '-',
    '?',
    '? a',
    '*',
    '*.example.com',
    '&a',
    '!a',
    '!!str a',
    '|',
    '>',
  ],
  ...[
    '%REQ(x)%',
    '@a',
    '`a`',
    '{a',
    '[a',
    '}',
    ',',
    '"',
    "'",
    "it's",
    'a"b',
    '\\1',
    '<<',
    '=',
    '---',
    '...',
    '--- a',
  ],
  ...[
    'a\n',
    'a\nb',
    'a\nb\n',
    'a\n\nb\n',
    'a\n\n',
    '\na',
    ' a\nb',
    'a \nb',
    'a\n b\n',
    'a\n\tb',
    'a\r\nb',
    'a\rb',
    '\n',
  ],
  ...['a\n# b\n', 'a\n---\nb\n', 'a\n\n\nb', 'a\n  \nb', 'a\t', '\ta', 'a\tb', 'a '],
  ...[
    '\u0000',
    '\u001b[31m',
    '\u007f',
    '\u0085',
    'a\u2028b',
    'a\u2029b',
    '\ufeff',
    '\u202eevil',
    '\u00a0',
    '\u200b',
  ],
  ...['grün', '日本', '😀', '\u{e0001}', 'x'.repeat(2000), `${'word '.repeat(500)}end`],
  ...['__proto__', 'constructor', 'a: |', 'a:b', 'http://example.com:80/', '(?i)/a\\.b(/|$)(.*)', '/a b'],
];

describe('toYaml', () => {
  it.each(hostile)('gives %j back as a value, in a list and as a key', (text) => {
    expectBack([{ value: text, list: [text, [text]], nested: { list: [{ [`k${text}`]: text, other: 1 }] } }]);
    if (text !== '__proto__') expectBack([{ [text]: { [text]: [] } }]);
  });

  it('gives a key named __proto__ back as a key', () => {
    const text = toYaml([JSON.parse('{"a": {"__proto__": {"b": "c"}}}')]);
    expect(text).toBe("---\na:\n  '__proto__':\n    b: c\n");
  });

  it('gives any tree back', () => {
    const string = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('a', '1', ':', ' ', '\n', '#', '-', "'", '"', '\t', '.', '0', '~', '%'),
      }),
      fc.constantFrom(...hostile),
    );
    const key = string.filter((text) => text !== '__proto__');
    const leaf = fc.oneof(
      string,
      fc.boolean(),
      fc.constant(null),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    const objects = fc.array(fc.dictionary(key, tree, { maxKeys: 4, noNullPrototype: true }), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(objects, (documents) => {
        const plain = documents.map((document) => ({ ...document, spec: { document } }));
        expectBack(plain);
      }),
      { numRuns: 300 },
    );
  });

  it('writes the head of an object first and keeps the order of the rest', () => {
    const spec = { z: 1, a: { y: [{ b: 1, a: [] }], x: {} } };
    const metadata = {
      annotations: { b: '1', a: 'text' },
      namespace: 'shop',
      extra: 1,
      name: 'web',
      labels: {},
    };
    expect(toYaml([{ spec, metadata, kind: 'Gateway', apiVersion: 'networking.istio.io/v1' }])).toBe(`---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: web
  namespace: shop
  labels: {}
  annotations:
    b: '1'
    a: text
  extra: 1
spec:
  z: 1
  a:
    'y':
      - b: 1
        a: []
    x: {}
`);
  });

  it('writes plain scalars where they are safe, and a text of several lines as a block', () => {
    const spec = {
      host: 'shop.example.com',
      timeout: '30s',
      path: '/a/b',
      regex: '/a(?:/.*)?',
      code: 'a()\n  b()\n',
    };
    expect(toYaml([spec])).toBe(
      '---\nhost: shop.example.com\ntimeout: 30s\npath: /a/b\nregex: /a(?:/.*)?\ncode: |\n  a()\n    b()\n',
    );
  });

  it('leaves undefined members out and refuses what is no tree', () => {
    expect(toYaml([{ a: undefined, b: 1 }])).toBe('---\nb: 1\n');
    expect(() => toYaml([{ a: Number.NaN }])).toThrow(TypeError);
    expect(() => toYaml([{ a: () => 1 }])).toThrow(TypeError);
  });

  it('writes an object that stands in two places twice', () => {
    const shared = { a: 1 };
    expect(toYaml([{ x: shared, y: shared }])).toBe("---\nx:\n  a: 1\n'y':\n  a: 1\n");
  });

  it('replaces a lone surrogate as UTF-8 would', () => {
    expect(loadAll(toYaml([{ a: 'x\ud800y' }]))).toEqual([{ a: 'x\ufffdy' }]);
  });
});

describe('comments', () => {
  it('stand above their object', () => {
    const text = toCommentedYaml([{ object: { a: 1 }, comment: ['From shop/web', ''] }, { object: {} }]);
    expect(text).toBe('---\n# From shop/web\n#\na: 1\n---\n{}\n');
  });

  it('stand above items of lists, at any depth, and nowhere else', () => {
    const object = { spec: { http: [{ name: 'a', route: [{ host: 'x' }] }, { name: 'b' }], hosts: ['h'] } };
    const comments = new Map([
      ['', ['whole']],
      ['spec.http.0', ['first', 'second']],
      ['spec.http.0.route.0', ['inner']],
      ['spec.hosts.0', ['host']],
      ['spec.http.7', ['nowhere']],
    ]);
    expect(toCommentedYaml([{ object, comments }])).toBe(
      [
        '---',
        '# whole',
        'spec:',
        '  http:',
        '    # first',
        '    # second',
        '    - name: a',
        '      route:',
        '        # inner',
        '        - host: x',
        '    - name: b',
        '  hosts:',
        '    # host',
        '    - h',
        '',
      ].join('\n'),
    );
  });

  it('of items change nothing that a reader gets', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.array(fc.jsonValue(), { minLength: 1 }),
        (text, items) => {
          const comments = new Map(items.map((_, index) => [`items.${index}`, [text]]));
          const [read] = loadAll(toCommentedYaml([{ object: { items }, comments }])) as unknown[];
          expect(read).toEqual(loadAll(toYaml([{ items }]))[0]);
        },
      ),
    );
  });

  it('cannot break out', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (comment) => {
        const text = toCommentedYaml([
          { object: { a: 1 }, comment: [...comment, 'x\nevil: 1', 'x\u2028evil: 1', 'x\revil: 1'] },
        ]);
        for (const [, read] of readers) expect(read(text)).toEqual([{ a: 1 }]);
      }),
    );
  });
});
