import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  jsonLine,
  markdownBlock,
  markdownCode,
  markdownText,
  shorten,
  visible,
} from '../../src/text/escape.ts';

const hostile = [
  'a|b',
  '`code` ``more``',
  '<script>alert(1)</script>',
  '\x1b[31mred\x1b]0;title\x07',
  '\u009b31m',
  'abc\u202Egnp.exe',
  'line\nbreak\r\n\ttab',
  '\u0000\u007f',
  '\ud800 lone',
  '[link](javascript:alert(1)) ![x](http://x)',
  '# heading\n---\n* item',
  '&lt;b&gt;',
];

/** What no terminal, editor or browser may get to see. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe('visible', () => {
  it.each([
    ['\x1b[2J', '\\x1b[2J'],
    ['a\nb\tc\rd', 'a\\nb\\tc\\rd'],
    ['\u202e', '\\u202e'],
    ['\u{e0001}', '\\u{e0001}'],
    ['é ☃ 漢字 😀', 'é ☃ 漢字 😀'],
    ['\ud800', '\\ud800'],
  ])('%j', (text, expected) => expect(visible(text)).toBe(expected));

  it('shortens a megabyte without looking at all of it', () => {
    const text = visible('\x1b'.repeat(1_000_000), 200);
    expect(text).toBe(`${'\\x1b'.repeat(200)}…`);
  });
});

describe('shorten', () => {
  it('never cuts a character in two', () => {
    expect(shorten('😀😀', 3)).toBe('😀…');
    expect(shorten('😀😀', 4)).toBe('😀😀');
  });
});

describe('hostile values', () => {
  const any = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary' }), fc.string());

  it('are one visible line in every format', () => {
    fc.assert(
      fc.property(any, (text) => {
        for (const shown of [visible(text), markdownText(text), markdownCode(text), jsonLine(text)]) {
          expect(shown).not.toMatch(unseen);
        }
      }),
    );
  });

  it('read back from JSON as they were', () => {
    fc.assert(
      fc.property(any, (text) => {
        expect(JSON.parse(jsonLine({ text }))).toEqual({ text });
      }),
    );
  });

  it('make no markup of Markdown', () => {
    fc.assert(
      fc.property(any, (text) => {
        const shown = markdownText(text);
        expect(shown).not.toMatch(/[<>]/);
        expect(shown.replace(/\\[\\`*_[\]|~$#+=.)-]/g, '·')).not.toMatch(
          /[\\`*[\]|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|^\s*(?:[#+=-]|\d+[.)])/,
        );
      }),
    );
  });

  it('do not end a code span, a table cell or a block', () => {
    fc.assert(
      fc.property(any, (text) => {
        const span = markdownCode(text);
        const [fence = ''] = /^`+/.exec(span) ?? [''];
        const runs = span.slice(fence.length, span.length - fence.length).match(/`+/g) ?? [];
        expect(runs).not.toContain(fence);
        expect(span.replaceAll('\\|', '')).not.toContain('|');
        const block = markdownBlock(text, 'sh');
        const [open = ''] = /^`+/.exec(block) ?? [''];
        expect(block.split(open)).toHaveLength(3);
      }),
    );
  });
});
