import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../src/verify/log/fingerprint.ts';
import { parseFormat, usualFormat } from '../../../src/verify/log/format.ts';
import { lineParser } from '../../../src/verify/log/parser.ts';
import { literalsOf, shapeOf } from '../../../src/verify/log/shape.ts';

const literals = literalsOf(['/v1/2024', '/api/(\\d+)/x']);
const usual = parseFormat(usualFormat, 'default');

const line = (request: string, rest = '[shop-web-80] [] 10.0.0.7:8080 5 0.1 200', status = 200): string =>
  `203.0.113.9 - bob [27/Nov/2026:03:37:08 +0000] "${request}" ${status} 402 "-" "ua \\x22x\\x22" 59 0.004 ${rest} 695d2e71`;

function read(text: string, format = usual) {
  const parser = lineParser(format, literals);
  const shape = parser.shapeOf(text);
  return shape === undefined ? undefined : parser.recordOf(shape, parser.lastPath());
}

describe('the default format', () => {
  it('has no host and no scheme', () => {
    expect(read(line('GET /x?token=secret HTTP/1.1'))).toEqual({
      method: 'GET',
      path: '/x',
      hasQuery: true,
      status: 200,
      host: undefined,
      tls: undefined,
      upstream: 'shop-web-80',
      alternative: '',
      tries: 1,
      redirected: false,
    });
  });

  it.each([
    ['two tries', '[a-80] [] 10.0.0.1:80, 10.0.0.2:80 0, 5 0.1, 0.2 502, 200', 2, false],
    ['an error page', '[a-80] [] 10.0.0.1:80 : 10.0.0.2:80 0 : 5 0.1 : 0.2 404 : 404', 2, true],
    ['no upstream', '[-] [] - - - -', 0, false],
  ])('%s', (_name, rest, tries, redirected) => {
    expect(read(line('GET / HTTP/1.1', rest))).toMatchObject({ tries, redirected });
  });

  it.each([
    ['GET / HTTP/2.0', 'GET', '/', true],
    ['\\x16\\x03\\x01', '', '', undefined],
    ['', '', '', undefined],
    ['GET http://a.example.com/x HTTP/1.1', 'GET', '/x', undefined],
    ['GET /caf\\xC3\\xA9 HTTP/1.1', 'GET', '/café', undefined],
  ])('the request %s', (request, method, path, tls) => {
    expect(read(line(request, undefined, 400))).toMatchObject({ method, path, tls });
  });

  it.each([
    '',
    'garbage',
    line('GET / HTTP/1.1').replace(' 200 402', ' 20x 402'),
    'I1127 03:37:08.1 7 main.go:1] x',
  ])('is not %j', (text) => {
    expect(read(text)).toBeUndefined();
  });
});

describe('a JSON format', () => {
  const format = parseFormat(
    '{"h":"$host","s":"${scheme}","r":"$request","c":$status,"u":"$proxy_upstream_name"}',
    'json',
  );
  it('is read with its escapes', () => {
    const text = '{"h":"A.example.com","s":"https","r":"GET /a\\"b\\u0041 HTTP/1.1","c":301,"u":"-"}';
    expect(read(text, format)).toMatchObject({
      host: 'a.example.com',
      tls: true,
      path: '/a"bA',
      status: 301,
      upstream: '-',
      tries: undefined,
    });
  });
});

it.each([
  ['$remote_addr $request', 'no status'],
  ['$status $remote_addr', 'no path'],
  ['$request\n$status', 'several lines'],
])('refuses the format %j: %s', (source) => {
  expect(() => parseFormat(source, 'default')).toThrow();
});

describe('shapeOf', () => {
  it.each([
    ['/users/4711/orders', '/users/{n}/orders'],
    ['/v1/2024/77', '/v1/2024/{n}'],
    ['/f/0af3c2d19e8b7a66', '/f/{hex}'],
    ['/f/6f1c5ac8-731b-4c8c-9b1d-b7f960d97311', '/f/{uuid}'],
    ['/static/app.8f3a21.js', '/static/app.8f3a{n}.js'],
    ['/reset/eyJhbGciOiJIUzI1NiIsInR5cCI6Ik', '/reset/{id}'],
    [`/reset/${'x'.repeat(41)}`, '/reset/{word}'],
    ['/a%2Fb', '/a%2Fb'],
    ['/1/2/3/4/5/6/7/8/9/10/11/12/13', `/${'{n}/'.repeat(11)}{rest}`],
  ])('%s is %s', (path, shape) => {
    expect(shapeOf(path, literals)).toBe(shape);
  });

  it('is never longer than a little', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3000 }), (path) => shapeOf(`/${path}`, literals).length < 300),
    );
  });
});

it('lines with one fingerprint have one shape', () => {
  const fingerprint = fingerprintOf(usual, literals);
  const parser = lineParser(usual, literals);
  const numberOf = (text: string): number | undefined => {
    const bytes = Buffer.from(text, 'latin1');
    return fingerprint(bytes, 0, bytes.length);
  };
  const segment = fc.oneof(
    fc.stringMatching(/^[0-9]{1,6}$/),
    fc.stringMatching(/^[0-9a-f]{6,18}$/),
    fc.stringMatching(/^[a-z]{1,3}[0-9]{1,12}[a-z]{0,12}$/),
    fc.constantFrom('v1', '2024', 'api', '', '..', '%2F', 'a%20b', '\\x41', 'x'.repeat(41)),
    fc.uuid(),
  );
  const logged = fc
    .record({
      segments: fc.array(segment, { maxLength: 4 }),
      query: fc.constantFrom('', '?a=1', '?'),
      version: fc.constantFrom('1.1', '2.0'),
      rest: fc.constantFrom('[a-80] [] 10.0.0.1:80 1 1 1', '[a-80] [] 10.0.0.2:81 5 2 3', '[-] [] - - - -'),
      status: fc.constantFrom(200, 404),
    })
    .map(({ segments, query, version, rest, status }) =>
      line(`GET /${segments.join('/')}${query} HTTP/${version}`, rest, status),
    );
  fc.assert(
    fc.property(fc.array(logged, { minLength: 2, maxLength: 40 }), (lines) => {
      const shapes = new Map<number, string>();
      for (const text of lines) {
        const number = numberOf(text);
        const shape = parser.shapeOf(text) ?? '';
        expect(number).toBeDefined();
        expect(shapes.get(number!) ?? shape).toBe(shape);
        shapes.set(number!, shape);
      }
    }),
  );
  expect(numberOf(line('GET /users/1 HTTP/1.1'))).toBe(numberOf(line('GET /users/4711 HTTP/1.1')));
  expect(numberOf(line('GET /v1 HTTP/1.1'))).not.toBe(numberOf(line('GET /v2 HTTP/1.1')));
});
