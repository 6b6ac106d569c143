import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Directive, parseDirectives, walk } from '../../../src/nginx/directives/parse.ts';

type Short = readonly [name: string, args: readonly string[], block?: readonly Short[] | string];

function short(directives: readonly Directive[]): Short[] {
  return directives.map(({ name, args, block }): Short => {
    const words = args.map(({ text }) => text);
    if (block === undefined) return [name, words];
    return [name, words, typeof block === 'string' ? block : short(block)];
  });
}

describe('directives', () => {
  test.each<[string, string, Short[]]>([
    ['nothing', '  \n# only a comment', []],
    [
      'words',
      'a b  c\td;\ne;',
      [
        ['a', ['b', 'c', 'd']],
        ['e', []],
      ],
    ],
    ['quotes', `a "b c" 'd "e"' f;`, [['a', ['b c', 'd "e"', 'f']]]],
    [
      'escapes',
      String.raw`a "b\"c" 'd\'e' f\;g \.js$ "x\\y" "t\tn";`,
      [['a', ['b"c', "d'e", String.raw`f\;g`, String.raw`\.js$`, String.raw`x\y`, 't\tn']]],
    ],
    ['semicolons in quotes', 'add_header C "a; b" always;', [['add_header', ['C', 'a; b', 'always']]]],
    [
      'comments',
      'a b; # c d; }\n# x\ne;',
      [
        ['a', ['b']],
        ['e', []],
      ],
    ],
    ['no comment inside a word', 'return 200 a#b;', [['return', ['200', 'a#b']]]],
    ['lines', 'add_header\n  A\n  "b\nc";', [['add_header', ['A', 'b\nc']]]],
    ['a backslash before a line end', 'a b\\\nc;', [['a', ['b\\\nc']]]],
    ['variables', 'a $b ${c}d x$e{f;}', [['a', ['$b', '${c}d', 'x$e'], [['f', []]]]]],
    ['braces inside words', 'return 200 a}b;', [['return', ['200', 'a}b']]]],
    [
      'blocks',
      'location ~ x { return 403; }\nlocation /y{a;}',
      [
        ['location', ['~', 'x'], [['return', ['403']]]],
        ['location', ['/y'], [['a', []]]],
      ],
    ],
    [
      'blocks inside each other',
      'a { b { c; } d; }',
      [
        [
          'a',
          [],
          [
            ['b', [], [['c', []]]],
            ['d', []],
          ],
        ],
      ],
    ],
    [
      'conditions',
      `if ($host = "a b" ) { return 1; } if ( $a ) { b; }`,
      [
        ['if', ['($host', '=', 'a b', ')'], [['return', ['1']]]],
        ['if', ['(', '$a', ')'], [['b', []]]],
      ],
    ],
    ['a parenthesis behind a quote', `if ($a = "b") { c; }`, [['if', ['($a', '=', 'b', ')'], [['c', []]]]]],
    [
      'maps',
      'map $a $b { default 0; "~x y" 1; }',
      [
        [
          'map',
          ['$a', '$b'],
          [
            ['default', ['0']],
            ['~x y', ['1']],
          ],
        ],
      ],
    ],
  ])('%s', (_, text, expected) => {
    const parsed = parseDirectives(text);
    expect(parsed.problem).toBeUndefined();
    expect(short(parsed.directives)).toEqual(expected);
  });

  test('tell where they stand and how they were written', () => {
    const { directives } = parseDirectives('\n  a b;\nif ($c) {\n    return 403;\n}');
    expect([...walk(directives)].map(({ name, line, column, text }) => [name, line, column, text])).toEqual([
      ['a', 2, 3, 'a b;'],
      ['if', 3, 1, 'if ($c) {\n    return 403;\n}'],
      ['return', 4, 5, 'return 403;'],
    ]);
  });

  test('tell quoted words from others', () => {
    expect(parseDirectives('a "b" c;').directives[0]?.args).toEqual([
      { text: 'b', quoted: true },
      { text: 'c', quoted: false },
    ]);
  });
});

describe('Lua blocks stay as they are', () => {
  test.each([
    ['braces', ' local t = {a = {1}} '],
    ['strings', ` ngx.say("}", '}', "\\"}") `],
    ['long strings', ' local s = [[ } ]] .. [==[ ]] } ]==] '],
    ['comments', ' -- }\n --[[ } ]] x() '],
    ['an index', ' t[1] = a[b["}"]] '],
  ])('%s', (_, lua) => {
    const parsed = parseDirectives(`content_by_lua_block {${lua}} a;`);
    expect(parsed.problem).toBeUndefined();
    expect(short(parsed.directives)).toEqual([
      ['content_by_lua_block', [], lua],
      ['a', []],
    ]);
  });

  test('and have to end', () => {
    expect(parseDirectives('a;\nb_by_lua_block { "}" ').problem).toMatchObject({ line: 2, column: 16 });
  });
});

describe('what nginx refuses', () => {
  test.each([
    ['a brace that closes the block around', 'a;\n} location / {', 2, 1],
    ['a brace where a semicolon is due', 'a { b }', 1, 7],
    ['a block without its brace', 'a { b;', 1, 7],
    ['a directive without its semicolon', 'a b', 1, 4],
    ['an open quotation mark', 'a "b;', 1, 3],
    ['a word glued to a quoted one', 'a "b"c;', 1, 6],
    ['an empty directive', 'a;;', 1, 3],
    ['a block without a name', '{ a; }', 1, 1],
    ['a block in an unquoted pattern', 'location ~ ^/a{2}$ { b; }', 1, 26],
  ])('%s', (_, text, line, column) => {
    expect(parseDirectives(text).problem).toMatchObject({ line, column });
  });

  test('more blocks inside each other than anybody writes', () => {
    expect(parseDirectives('a {'.repeat(100_000)).problem?.message).toMatch(/blocks inside each other/);
  });
});

test('any text gives directives or a problem, with places inside it', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', '$', '{', '}', ';', '"', "'", '\\', '#', '\n', ' ', '(', ')'),
    maxLength: 60,
  });
  fc.assert(
    fc.property(text, (snippet) => {
      const { directives, problem } = parseDirectives(snippet);
      const lines = snippet.split('\n');
      for (const place of [...walk(directives), ...(problem ? [problem] : [])]) {
        expect(place.line).toBeLessThanOrEqual(lines.length);
        expect(place.column).toBeLessThanOrEqual(lines[place.line - 1]!.length + 1);
      }
      for (const { line, column, text: written } of walk(directives))
        expect(
          lines
            .slice(line - 1)
            .join('\n')
            .slice(column - 1)
            .startsWith(written),
        ).toBe(true);
    }),
  );
});

test('quoted words come back as they were', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 5 }), (words) => {
      const quoted = words.map((word) => `"${word.replace(/["\\]/g, '\\$&')}"`);
      const parsed = parseDirectives(`name ${quoted.join(' ')};`);
      expect(parsed.problem).toBeUndefined();
      expect(parsed.directives[0]?.args.map(({ text }) => text)).toEqual(words);
    }),
  );
});
