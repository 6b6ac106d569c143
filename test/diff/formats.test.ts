import { describe, expect, it } from 'vitest';
import type { DiffDocument } from '../../src/diff/document.ts';
import { diffFormats } from '../../src/diff/formats.ts';
import { lineDiff, withContext } from '../../src/diff/lines.ts';

const hostile = '<script>alert(1)</script> | ``` ]]> \u001b[2J \u202e end';

const document: DiffDocument = {
  title: hostile,
  left: 'before',
  right: 'after',
  summary: [hostile],
  sections: [
    {
      title: hostile,
      notes: [hostile],
      lines: [
        { side: 'both', text: 'same' },
        { side: 'left', text: hostile },
        { side: 'right', text: `${hostile}\nnext` },
        { side: 'right', text: 'more' },
      ],
    },
  ],
  different: true,
};

const render = (format: keyof typeof diffFormats, sideBySide = false, from = document): string =>
  [...diffFormats[format](from, { sideBySide, colors: false, width: 60 })].join('');

describe.each(['text', 'md', 'html'] as const)('%s', (format) => {
  it.each([false, true])('shows hostile values as text (side by side: %s)', (sideBySide) => {
    const text = render(format, sideBySide);
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('\u202e');
    expect(text).toContain('\\x1b[2J');
    if (format !== 'text')
      expect(text.replace(/(`{3,})[a-z]*\n[\s\S]*?\n\1\n/g, '')).not.toContain('<script');
    if (format === 'html') expect(text).not.toMatch(/<script|https?:\/\/|\son\w+=/);
  });
});

describe('text', () => {
  const small: DiffDocument = {
    ...document,
    summary: ['One.'],
    sections: [
      {
        title: 'a.example.com',
        notes: ['A note.'],
        lines: [
          { side: 'both', text: 'same' },
          { side: 'left', text: 'old' },
          { side: 'right', text: 'new' },
          { side: 'right', text: 'more' },
        ],
      },
    ],
  };

  it('is unified', () => {
    expect(render('text', false, small)).toBe(
      'One.\n\n--- before\n+++ after\n\n@@ a.example.com @@\n# A note.\n  same\n- old\n+ new\n+ more\n',
    );
  });

  it('has two columns where that is asked for', () => {
    const rows = render('text', true, small).split('\n').slice(7, 10);
    expect(rows.map((row) => row.trim().split(/\s+/))).toEqual([
      ['same', 'same'],
      ['old', '|', 'new'],
      ['>', 'more'],
    ]);
  });
});

it('compares texts line by line', () => {
  const lines = lineDiff('a\nb\nc\n', 'a\nx\nc\n');
  expect(lines.map(({ side, text }) => `${side} ${text}`)).toEqual(['both a', 'left b', 'right x', 'both c']);
  expect(withContext(lines, 0).map(({ text }) => text)).toEqual(['…', 'b', 'x', '…']);
});
