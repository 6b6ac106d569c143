import { describe, expect, test } from 'vitest';
import { codesOf, convertYaml, input, routesOf } from '../convert.ts';

function patternOf(config: Readonly<Record<string, string>>, header: string): RegExp | undefined {
  const [first] = routesOf(convertYaml(input([{}], config)));
  const match = first?.match?.[0]?.headers?.[header] as { regex: string } | undefined;
  expect(first?.directResponse?.status).toBe(403);
  // RE2's flags within a pattern, in JavaScript's words.
  const alternatives = match?.regex.replaceAll('(?s:', '(?s-i:').replaceAll('(?is:', '(?is:') ?? '';
  const blind = /^\(\?i/.test(alternatives) ? 'is' : 's';
  return new RegExp(`^(?:${alternatives.replace(/\(\?[a-z-]+:/g, '(?:')})$`, blind);
}

describe('an entry', () => {
  test.each([
    ['evilbot', 'EvilBot', 'evilbot 2'],
    ['~*bad', 'xxBADxx', 'good'],
    ['~^Bad', 'Bad one', 'bad one'],
    ['"a.b"', 'a.b', 'axb'],
  ])('%s', (entry, refused, admitted) => {
    const pattern = patternOf({ 'block-user-agents': entry }, 'user-agent');
    expect(pattern?.test(refused)).toBe(true);
    expect(pattern?.test(admitted)).toBe(false);
  });
});

test('referers are blocked on every host', () => {
  const conversion = convertYaml(
    input([{}, { name: 'b', host: 'b.example.com' }], { 'block-referers': '~*spam' }),
  );
  for (const host of ['a.example.com', 'b.example.com'])
    expect(routesOf(conversion, host)[0]?.match?.[0]?.headers).toEqual({
      referer: { regex: '(?is:.*(?:spam).*)' },
    });
});

test('a pattern that RE2 does not know is told', () => {
  const conversion = convertYaml(input([{}], { 'block-referers': '~*(?!good),~bad' }));
  expect(codesOf(conversion)).toContain('block/pattern-lost');
  expect(routesOf(conversion)[0]?.match?.[0]?.headers).toEqual({ referer: { regex: '(?s:.*(?:bad).*)' } });
});
