import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnnotationValue } from '../../src/decode/annotation.ts';
import { builtInMappings } from '../../src/decode/mappings.ts';
import { valueDecoder } from '../../src/decode/value.ts';

const mappings = builtInMappings();

function decode(name: string, raw: string) {
  const mapping = mappings.find(name);
  if (mapping === undefined) throw new Error(`no annotation ${name}`);
  return valueDecoder(mapping.value)(raw);
}

describe('values that ingress-nginx takes', () => {
  test.each<[string, string, AnnotationValue]>([
    ['use-regex', 'True', true],
    ['ssl-redirect', '0', false],
    ['canary-weight', '-3', -3],
    ['proxy-read-timeout', '3600', 3600],
    ['session-cookie-max-age', ' 60', 60],
    ['proxy-body-size', '0', 0],
    ['proxy-body-size', '8m', 8 * 1024 * 1024],
    ['proxy-body-size', ' 10 ', 10],
    ['proxy-body-size', '1G', 1024 ** 3],
    ['proxy-buffer-size', '16K', 16 * 1024],
    ['backend-protocol', 'grpcs', 'GRPCS'],
    ['backend-protocol', ' HTTPS ', 'HTTPS'],
    ['session-cookie-samesite', 'NONE', 'None'],
    ['load-balance', ' ewma ', 'ewma'],
    ['auth-tls-verify-client', ' optional_no_ca', 'optional_no_ca'],
    ['auth-type', 'xbasic', 'xbasic'],
    ['auth-secret-type', 'auth-map', 'auth-map'],
    ['auth-secret', 'shop/users', 'shop/users'],
    ['custom-headers', 'shop/headers', 'shop/headers'],
    ['auth-url', 'https://auth.example.com/check?x=$host', 'https://auth.example.com/check?x=$host'],
    ['rewrite-target', '/$1/x', '/$1/x'],
    ['permanent-redirect', 'ftp://x', 'ftp://x'],
    ['upstream-vhost', '  app.internal\n', 'app.internal'],
    [
      'server-alias',
      'b.example.com , ~^a[0-9]+\\.example\\.com$,, *.x',
      ['b.example.com', '~^a[0-9]+\\.example\\.com$', '*.x'],
    ],
    [
      'cors-allow-origin',
      'https://a.example.com:8443, https://*.b.example.com,null',
      ['https://a.example.com:8443', 'https://*.b.example.com', 'null'],
    ],
    ['cors-allow-methods', 'GET, PUT,', ['GET', 'PUT']],
    ['custom-http-errors', '404, 503', ['404', '503']],
    ['proxy-next-upstream', 'error timeout http_503', ['error', 'timeout', 'http_503']],
    ['proxy-ssl-protocols', 'TLSv1.3  TLSv1.2', ['TLSv1.3', 'TLSv1.2']],
    ['auth-cache-duration', '200 202 10m, 401 5m', ['200 202 10m', '401 5m']],
    ['allowlist-source-range', '10.0.0.7/8,1.2.3.4', ['1.2.3.4', '10.0.0.0/8']],
    ['auth-tls-match-cn', 'CN=(a|b)\\.example', 'CN=(a|b)\\.example'],
    ['configuration-snippet', '\n  deny all;  \n  return 403;', '\ndeny all;\nreturn 403;'],
    ['default-backend', 'errors', 'errors'],
    ['ssl-ciphers', 'HIGH:!aNULL @STRENGTH', 'HIGH:!aNULL @STRENGTH'],
  ])('%s: %j', (name, raw, value) => {
    expect(decode(name, raw)).toEqual({ value, problem: undefined });
  });
});

describe('values that ingress-nginx refuses, and what it then does', () => {
  test.each([
    ['proxy-read-timeout', '60s', 'ignored'],
    ['ssl-redirect', 'yes', 'ignored'],
    ['ssl-passthrough', ' ', 'ingress-dropped'],
    ['limit-rps', 'abc', 'ingress-dropped'],
    ['auth-type', 'bogus', 'ingress-dropped'],
    ['auth-url', 'https://a"b', 'ingress-dropped'],
    ['auth-url', 'https://a\nb', 'ingress-dropped'],
    ['auth-method', 'get', 'location-denied'],
    ['auth-response-headers', 'X-User;', 'location-denied'],
    ['auth-secret', 'a b\n', 'location-denied'],
    ['auth-always-set-cookie', 'maybe', 'fail-open'],
    ['auth-cache-duration', '200 5m;', 'fail-open'],
    ['auth-request-redirect', '$request_uri', 'fail-open'],
    ['auth-tls-match-cn', 'O=x', 'ingress-dropped'],
    ['auth-tls-match-cn', 'CN=(', 'ingress-dropped'],
    ['auth-tls-match-cn', 'CN=(?=a)', 'ingress-dropped'],
    ['auth-tls-match-cn', 'CN=*', 'ingress-dropped'],
    ['auth-tls-error-page', 'javascript:x', 'ingress-dropped'],
    ['whitelist-source-range', '10.0.0.0/99', 'location-denied'],
    ['denylist-source-range', 'bad', 'location-denied'],
    ['denylist-source-range', '  ', 'location-denied'],
    ['limit-allowlist', 'bad', 'ingress-dropped'],
    ['permanent-redirect', 'https://x$request_uri', 'ingress-dropped'],
    ['permanent-redirect', ' https://x', 'ingress-dropped'],
    ['permanent-redirect-code', '301.0', 'ingress-dropped'],
    ['rewrite-target', '/x;evil', 'ignored'],
    ['rewrite-target', '/find?q=$1', 'ignored'],
    ['rewrite-target', '/x\n', 'ignored'],
    ['upstream-vhost', 'a;b', 'ingress-dropped'],
    ['server-alias', 'a, b c', 'ingress-dropped'],
    ['custom-http-errors', '302', 'ingress-dropped'],
    ['cors-allow-origin', 'https://*x.example.com', 'ignored'],
    ['cors-allow-origin', '*,https://a', 'ignored'],
    ['load-balance', 'EWMA', 'ingress-dropped'],
    ['affinity', 'ip', 'ignored'],
    ['proxy-body-size', '8mb', 'ignored'],
    ['client-body-buffer-size', '1.5m', 'ingress-dropped'],
    ['ssl-ciphers', 'HIGH;', 'ingress-dropped'],
    ['upstream-hash-by', '$a;', 'ingress-dropped'],
    ['default-backend', 'Errors', 'ingress-dropped'],
    ['disable-proxy-intercept-errors', 'maybe', 'ignored'],
  ])('%s: %j → %s', (name, raw, consequence) => {
    expect(decode(name, raw)).toMatchObject({ value: undefined, problem: { consequence } });
  });

  test.each([
    ['proxy-body-size', '8b'],
    ['proxy-body-size', '8 m'],
    ['auth-tls-verify-client', 'o n'],
    ['session-cookie-max-age', 'abc5'],
    ['load-balance', 'ewma\n'],
  ])('%s: %j passes the check and is of no use to nginx', (name, raw) => {
    expect(decode(name, raw)).toMatchObject({ value: undefined, problem: { consequence: 'ignored' } });
  });
});

describe('blank values', () => {
  test('count as not set', () => {
    for (const mapping of mappings.all) {
      if (mapping.value.onBlank !== undefined) continue;
      expect([mapping.name, valueDecoder(mapping.value)('')]).toEqual([
        mapping.name,
        { value: undefined, problem: undefined },
      ]);
    }
  });

  test('deny the location where a protection reads them', () => {
    const denying = mappings.all.filter(({ value }) => value.onBlank !== undefined);
    expect(denying.map(({ name }) => name)).toEqual([
      'allowlist-source-range',
      'auth-secret',
      'denylist-source-range',
    ]);
    expect(decode('auth-secret', '  ')).toMatchObject({ problem: { consequence: 'location-denied' } });
  });

  test('of blanks alone are first looked at by the validator', () => {
    expect(decode('use-regex', ' ')).toMatchObject({ problem: { consequence: 'ignored' } });
    expect(decode('configuration-snippet', ' \n ')).toMatchObject({ problem: undefined });
    expect(decode('canary-by-header', ' ')).toEqual({ value: undefined, problem: undefined });
  });
});

describe('patterns', () => {
  // As they stand in ingress-nginx 1.15.1; ours are written so that they never go back over a text.
  const originals: [string, RegExp, string[]][] = [
    [
      'cors-allow-origin',
      /^((((([a-z]+:\/\/)?(\*\.)?[A-Za-z0-9\-.]*(:\d+)?,?)|null)+)|\*)?$/,
      ['a', 'Z', '0', '.', '-', '*', '*.', ':', '/', '://', ',', ' ', '_'],
    ],
    ['cors-allow-methods', /^([A-Za-z]+,?[\t\n\f\r ]?)+$/, ['a', 'Z', ',', '\t', '\f', '1', '*']],
    [
      'cors-expose-headers',
      /^(([A-Za-z0-9\-_]+|\*),?[\t\n\f\r ]?)+$/,
      ['a', '9', '-', '_', '*', ',', '\t', '\f', ';'],
    ],
    [
      'ssl-ciphers',
      /^(?:(?:[A-Za-z0-9!:+\-_])*(?:@STRENGTH)*(?:@SECLEVEL=[0-5])*(?:@STRENGTH)*)*$/,
      ['A', ':', '!', '@STRENGTH', '@SECLEVEL=', '0', '9', '@', '=', ';'],
    ],
    ['session-cookie-max-age', /(^0|-?[1-9]\d*$)/, ['0', '1', '9', '-', 'a', ' ']],
    ['custom-http-errors', /^(?:[4,5]\d{2},?)*$/, ['4', '5', '3', '0', ',', 'a']],
    [
      'auth-tls-error-page',
      /^(@[A-Za-z0-9_-]+|((https?:\/\/)?[A-Za-z0-9\-.]+(:\d+)?)?(\/[A-Za-z0-9\-_.]+)*\/?)$/,
      ['@', 'a', '/', ':', '1', 'http://', 'https://', '.', '_', '?'],
    ],
  ];

  test.each(originals)('that of %s takes the same texts as the original', (name, original, pieces) => {
    const pattern = new RegExp(mappings.find(name)?.value.pattern ?? 'missing');
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (value) => pattern.test(value) === original.test(value)),
      { numRuns: 3000 },
    );
  });

  // One that does goes on for minutes here.
  test('go through hostile texts without going back', () => {
    const pieces = ['a', '1', 'a,', ':', '/', '-', ' ', '@', 'a://', ',44', 'error'];
    for (const { name, value } of mappings.all) {
      if (value.pattern === undefined) continue;
      const decode = valueDecoder(value);
      for (const piece of pieces) {
        const text = `${piece.repeat(Math.floor(150_000 / piece.length))}\u0000`;
        expect([name, decode(text).value]).toEqual([name, undefined]);
      }
    }
  });

  test('are not tried on a text that no API server would store', () => {
    expect(decode('rewrite-target', `/${'a'.repeat(300_000)}`)).toMatchObject({
      problem: { reason: 'is longer than Kubernetes allows', consequence: 'ignored' },
    });
  });
});
