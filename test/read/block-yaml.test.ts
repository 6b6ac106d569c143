import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Path } from '../../src/domain/origin.ts';
import { placedBlocks, readBlocks } from '../../src/read/block-yaml.ts';
import { parsePiece } from '../../src/read/parse.ts';
import { type Node, nodeAt, parseTree } from '../../src/read/tree.ts';

function* pathsOf(node: Node, path: Path = []): Generator<[Path, number]> {
  yield [path, node.start];
  for (const [step, child] of node.entries ?? []) yield* pathsOf(child, [...path, step]);
}

/** Checks the value and every place against js-yaml; gives how many places were found, and of how many. */
function compared(text: string): { found: number; all: number } {
  const blocks = placedBlocks(text);
  expect(readBlocks(`# before\n${text}after`, { start: 9, end: 9 + text.length })).toEqual(blocks?.value);
  const tree = parseTree(text);
  const places = tree === undefined ? [] : [...pathsOf(tree)];
  if (blocks === undefined) return { found: 0, all: places.length };
  expect(parsePiece(text)).toEqual({ ok: true, value: blocks.value, repeated: [] });
  const find = blocks.startOf;
  let found = 0;
  for (const [path, start] of places) {
    const offset = find(path);
    if (offset === undefined) continue;
    found++;
    expect([path, offset]).toEqual([path, start]);
  }
  for (const [path] of places) {
    for (const more of ['absent', 'kind', 7]) {
      const offset = find([...path, more, 'deeper']);
      const nearest = nodeAt(tree!, [...path, more, 'deeper']).node.start;
      if (offset !== undefined) expect([path, more, offset]).toEqual([path, more, nearest]);
    }
  }
  return { found, all: places.length };
}

const dumped = `- apiVersion: networking.k8s.io/v1
  kind: Ingress
  metadata:
    annotations:
      kubectl.kubernetes.io/last-applied-configuration: |
        {"metadata":{"annotations":{"nginx.ingress.kubernetes.io/app-root":"/x"}}}
      nginx.ingress.kubernetes.io/app-root: /ui
      nginx.ingress.kubernetes.io/configuration-snippet: |-
        more_set_headers "A: b";
        nginx.ingress.kubernetes.io/proxy-body-size: 1m

        # kept
      "nginx.ingress.kubernetes.io/proxy-body-size": '8m'
      long: a text
        over two lines
    name: web # a remark
    namespace: shop
  # a remark
  spec:
    rules:
    - host: "a.example.com"
      http:
        paths:
        - backend:
            service:
              name: web
              port:
                number: 80
          path: /
          pathType: Prefix
        - path: /two
          pathType: Exact
          backend: {}
    - host: b.example.com
    tls:
      - hosts:
        - a.example.com
        - b.example.com
        secretName: tls
`;

describe('readBlocks', () => {
  it('finds everything that kubectl writes, where the tree has it', () => {
    const { found, all } = compared(dumped);
    expect(all - found).toBe(0);
  });

  it('tells the nearest ancestor of what is not there', () => {
    const find = placedBlocks(dumped)!.startOf;
    const at = (text: string): number => dumped.indexOf(text);
    expect(find([0, 'spec', 'ingressClassName'])).toBe(at('spec:'));
    expect(find([0, 'spec', 'rules', 1, 'http', 'paths'])).toBe(at('host: b.example.com'));
    expect(find([0, 'metadata', 'annotations', 'absent'])).toBe(at('annotations:'));
  });

  it.each([
    ['a document', '---\nkind: A\nmetadata:\n  name: b\n'],
    ['comments and Windows line ends', '# x\r\n---\r\n\r\nkind: A\r\nmetadata:\r\n  name: b\r\n'],
    ['a text that looks like keys', 'a: |\n  kind: B\n  metadata:\n    name: c\nkind: A\n'],
    ['an empty value', 'a:\nb: 1\n'],
    ['keys that repeat', 'a: 1\na: 2\n'],
    ['a quoted key with an escape', '"a\\x62": 1\nab2: 2\n'],
    ['JSON', '{"kind": "A", "metadata": {"name": "b"}}'],
    ['anchors', 'a: &x\n  b: 1\nc: *x\n'],
    ['a merge', 'a: &x { b: 1 }\nc:\n  <<: *x\n  d: 2\n'],
    ['lists in lists', 'a:\n- - 1\n  - 2\n- -\n    3\n'],
    ['a dash alone', 'a:\n-\n  b: 1\n'],
    ['tags', 'a: !!str 1\nb: !!map\n  c: 1\n'],
    ['a plain text over lines', 'a:\n  one\n  two three\nb: 1\n'],
    ['a quoted text over lines', 'a: "x\n  b: 1\n  c"\nb: 2\n'],
    ['a complex key', '? a\n: 1\nb: 2\n'],
    ['a line of a tab', 'a: 1\n\t\nb:\n  c: 2\n'],
    ['a tab before a remark', 'a: 1\n\t# x\nb:\n  c: 2\n'],
    ['a colon in a key', 'a:b: 1\na: 2\n'],
  ])('is never wrong on %s', (_name, text) => {
    compared(text);
  });

  it('is never wrong on what a YAML writer makes of any value', () => {
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.oneof(
          fc.string(),
          fc.constantFrom('a: b', '- a', '# a', 'x\ny: z\n', '', '|', '{}'),
          fc.integer(),
          fc.boolean(),
        ),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('a', 'b', 'kind')), tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, fc.constantFrom(true, false), (value, indentSeq) => {
        const text = stringify(value, { indentSeq });
        if (parseTree(text) !== undefined) compared(text);
      }),
      { numRuns: 500 },
    );
  });

  it('is never wrong on a dump with some characters changed', () => {
    const piece = fc.constantFrom(
      ...Array.from(' \n:-#\'"|>{}[],&*!?%~.0x1eyn\\\t\r<='),
      ...[
        ': ',
        '- ',
        ' #',
        '\n  ',
        '\n    ',
        '---',
        '...',
        '|-\n',
        '|+',
        'true',
        'null',
        '1e3',
        '0x1f',
        "''",
        '\\n',
        'ü',
        '😀',
        '<<: ',
      ],
    );
    const edit = fc.record({
      at: fc.nat(dumped.length),
      removed: fc.nat(4),
      added: fc.array(piece, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const text = edits.reduce(
          (before, { at, removed, added }) =>
            before.slice(0, at) + added.join('') + before.slice(at + removed),
          dumped,
        );
        compared(text);
      }),
      { numRuns: Number(process.env['RUNS'] ?? 1_000) },
    );
  });
});
