import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toUriMatch } from '../../src/istio/uri-match.ts';
import { partLookaheads } from '../../src/istio-api/lookahead.ts';

describe('partLookaheads', () => {
  test.each([
    ['/(?!api).*', '/.*', ['/(?:api)']],
    ['/(?!api|docs)(.*)', '/(.*)', ['/(?:api|docs)']],
    ['/app/(?!admin/)(?!login$)(.*)', '/app/(.*)', ['/app/(?:admin/)', '/app/(?:login$)']],
    ['/v[0-9]/(?!beta)x', '/v[0-9]/x', ['/v[0-9]/(?:beta)']],
    ['/(?!a(b|c)d).*', '/.*', ['/(?:a(b|c)d)']],
  ])('parts %s', (written, pattern, not) => {
    expect(partLookaheads(written)).toEqual({ pattern, not });
  });

  test.each([
    ['/api', 'no look-around'],
    ['/((?!api).)*', 'the look-ahead is tried at many places'],
    ['/.*(?!api)', 'what stands before has no fixed length'],
    ['/(?=api).*', 'a positive look-ahead'],
    ['/(?<!x)api', 'a look-behind'],
    ['/(?!api', 'never closed'],
    ['/(?!api)*x', 'repeated'],
  ])('leaves %s alone: %s', (written) => {
    expect(partLookaheads(written)).toBeUndefined();
  });

  test('takes the same paths as the pattern with its look-aheads', () => {
    const word = fc.constantFrom('api', 'docs', 'a', 'x/y', 'login$', 'v[0-9]');
    const path = fc
      .array(fc.constantFrom('/', 'api', 'docs', 'a', 'x', 'y', 'login', 'v1', '?q=api'), { maxLength: 5 })
      .map((parts) => `/${parts.join('')}`);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 2 }), path, (words, sent) => {
        const written = `/${words.map((one) => `(?!${one})`).join('')}(.*)`;
        const match = toUriMatch({ kind: 'regex', path: written });
        if (!match.ok || !('regex' in match.uri) || match.without === undefined)
          throw new Error('not parted');
        const bare = sent.split('?', 1)[0]!;
        const whole = (regex: string) => new RegExp(`^(?:${regex.replace(/^\(\?i\)/, '')})$`, 'i');
        const taken = whole(match.uri.regex).test(bare) && !whole(match.without).test(sent);
        expect(taken).toBe(new RegExp(`^${written}`, 'i').test(bare));
      }),
    );
  });
});
