import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { judgeRe2 } from '../../src/istio-api/re2.ts';

/** What the compiler itself says. */
function compiled(pattern: string): { ok: boolean; groups?: number } {
  try {
    return { ok: true, groups: RE2JS.compile(pattern).groupCount() };
  } catch {
    return { ok: false };
  }
}

function judged(pattern: string): { ok: boolean; groups?: number } {
  const verdict = judgeRe2(pattern);
  return verdict.ok ? { ok: true, groups: verdict.groups } : { ok: false };
}

describe('judgeRe2', () => {
  const parts = [
    ...['a', '/', '.', '-', '%2F', ' ', '$', '^', '|', '(', ')', '(?:', '(?i)', '(?=', '(?<n>', '\\1', '\\('],
    ...[
      '[0-9]',
      '[a-z]',
      '[^/]',
      '[\\w-]',
      '[z-a]',
      '[]',
      '[%2-]',
      '\\d',
      '\\.',
      '\\k',
      '*',
      '+',
      '?',
      '{2}',
    ],
    ...['(.*)', '(/|$)', '(?:/|%2[fF])+', '((?:a)+|$)'],
  ];

  it('says what the compiler says, whether it needs it or not', () => {
    const pattern = fc.array(fc.constantFrom(...parts), { maxLength: 9 }).map((chosen) => chosen.join(''));
    fc.assert(
      fc.property(pattern, (text) => {
        expect(judged(text)).toEqual(compiled(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('judges a long hostile text', () => {
    expect(judgeRe2(`${'(?:(a|b$)+'.repeat(90)}`).ok).toBe(false);
    expect(judgeRe2(`${'(?:(a|b$)+)'.repeat(90)}{`).ok).toBe(true);
  });
});
