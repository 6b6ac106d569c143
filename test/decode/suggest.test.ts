import { describe, expect, test } from 'vitest';
import { builtInMappings } from '../../src/decode/mappings.ts';
import { distance, suggest } from '../../src/decode/suggest.ts';

const mappings = builtInMappings();

describe('names that are nearly right', () => {
  test.each([
    ['proxy-read-time-out', ['proxy-read-timeout']],
    ['proxy-read-timeouts', ['proxy-read-timeout']],
    ['porxy-body-size', ['proxy-body-size']],
    ['cors-allowed-origins', ['cors-allow-origin']],
    ['whitelist-source-ranges', ['whitelist-source-range']],
    ['allow-list-source-range', ['allowlist-source-range']],
    ['Rewrite-Target', ['rewrite-target']],
    ['rewrite-targets', ['rewrite-target']],
    ['redirect-permanent', ['permanent-redirect']],
    ['enable-ssl-redirect', ['ssl-redirect']],
    ['configuration-snippets', ['configuration-snippet']],
    ['canary-by-headers', ['canary-by-header']],
    ['limit-rp', ['limit-rpm', 'limit-rps']],
    ['use-regexp', ['use-regex']],
    ['backend-protocal', ['backend-protocol']],
  ])('%s → %j', (name, expected) => {
    const { suggestions } = suggest(name, mappings);
    expect(suggestions.slice(0, expected.length).sort()).toEqual([...expected].sort());
  });

  test.each(['foo-bar-baz', 'proxy-foo', 'x', '', '-', 'team', 'a'.repeat(100_000), `${'a-'.repeat(30)}b`])(
    '%.20s is like nothing',
    (name) => {
      expect(suggest(name, mappings)).toEqual({ suggestions: [], note: '' });
    },
  );
});

describe('names with a history', () => {
  test.each([
    ['secure-backends', ['backend-protocol'], /removed in ingress-nginx 0\.21\.0/],
    ['grpc-backend', ['backend-protocol'], /removed in ingress-nginx 0\.21\.0/],
    ['add-base-url', ['rewrite-target'], /removed in ingress-nginx 0\.22\.0/],
    ['session-cookie-hash', ['session-cookie-name'], /removed in ingress-nginx 0\.24\.0/],
    ['secure-verify-ca-secret', ['proxy-ssl-secret'], /removed in ingress-nginx 0\.27\.0/],
    ['lua-resty-waf-mode', ['enable-modsecurity'], /removed in ingress-nginx 0\.27\.0/],
    ['enable-influxdb', [], /removed in ingress-nginx 1\.7\.1/],
    ['influxdb-host', [], /removed in ingress-nginx 1\.7\.1/],
    ['enable-opentracing', ['enable-opentelemetry'], /removed in ingress-nginx 1\.9\.5/],
    ['global-rate-limit-window', ['limit-rps', 'limit-rpm'], /removed in ingress-nginx 1\.12\.0/],
    ['rate-limit', ['limit-rps', 'limit-rpm'], /never was an annotation/],
    ['rate-limit-window', ['limit-rps', 'limit-rpm'], /never was an annotation/],
    ['client-max-body-size', ['proxy-body-size'], /never was an annotation/],
    ['rate-limit-connections', ['limit-connections'], /never was an annotation/],
    ['mirror-uri', ['mirror-target'], /removed in ingress-nginx 0\.29\.0/],
    ['health-check-path', [], /readiness/],
    ['websocket-services', [], /F5 NGINX Ingress Controller/],
    ['ssl-cipher', ['ssl-ciphers'], /Higress/],
    ['add-headers', ['custom-headers'], /ConfigMap/],
    ['ssl-protocols', [], /key of the controller's ConfigMap/],
    ['hsts', [], /key of the controller's ConfigMap/],
  ])('%s', (name, suggestions, note) => {
    expect(suggest(name, mappings)).toEqual({ suggestions, note: expect.stringMatching(note) });
  });
});

test.each([
  ['abc', 'abc', 2, 0],
  ['abc', 'acb', 2, 1],
  ['abc', 'abcd', 2, 1],
  ['abc', 'xyz', 2, 3],
  ['', 'ab', 2, 2],
  ['abc', 'abcdefgh', 2, 3],
])('the distance from %s to %s, up to %i, is %i', (a, b, limit, expected) => {
  expect(distance(a, b, limit)).toBe(expected);
  expect(distance(b, a, limit)).toBe(expected);
});
