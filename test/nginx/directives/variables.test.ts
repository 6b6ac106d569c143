import { describe, expect, test } from 'vitest';
import { toConstant, toEnvoyFormat } from '../../../src/nginx/variables.ts';

const known = {
  host: undefined,
  constants: new Map([
    ['namespace', 'shop'],
    ['rate', '50%'],
  ]),
  istioVersion: '1.30',
  use: 'response' as const,
};

describe('nginx’s words become header values of Envoy', () => {
  test.each([
    ['plain', 'plain'],
    ['100% sure', '100%% sure'],
    ['a $ b', 'a $ b'],
    ['up-$http_host', 'up-%REQ(:AUTHORITY)%'],
    ['$http_x_request_start', '%REQ(x-request-start)%'],
    ['${scheme}://x$request_uri', '%REQ(X-FORWARDED-PROTO)%://x%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%'],
    ['$arg_page', '%QUERY_PARAM(page)%'],
    ['$namespace-$rate', 'shop-50%%'],
    ['$status', '%RESPONSE_CODE%'],
    ['$upstream_http_etag', '%RESP(etag)%'],
  ])('%s', (words, value) => {
    expect(toEnvoyFormat(words, known)).toMatchObject({ ok: true, value });
  });

  test('a host with one name has that name', () => {
    expect(toEnvoyFormat('$host', { ...known, host: 'a.example.com' })).toMatchObject({
      value: 'a.example.com',
    });
    expect(toEnvoyFormat('$host', known)).toMatchObject({
      value: '%REQ(:AUTHORITY)%',
      differences: [expect.stringMatching(/port/)],
    });
  });

  test.each([
    ['a $cookie_session b', 'cookie_session'],
    ['$1', '1'],
    ['$server_port', 'server_port'],
    ['$geoip_city', 'geoip_city'],
  ])('%s has no counterpart', (words, variable) => {
    expect(toEnvoyFormat(words, known)).toEqual({ ok: false, variable });
  });

  test('what the response says is not known while the request is on its way', () => {
    expect(toEnvoyFormat('$status', { ...known, use: 'request' })).toEqual({ ok: false, variable: 'status' });
  });

  test.each(['$arg_page', '$uri', '$args'])(
    '%s needs an Envoy that knows the operator, as others refuse all routes',
    (words) => {
      expect(toEnvoyFormat(words, { ...known, istioVersion: '1.28' })).toMatchObject({
        ok: false,
        needs: '1.30',
      });
      expect(toEnvoyFormat(words, { ...known, istioVersion: '1.30' })).toMatchObject({ ok: true });
    },
  );
});

test('constants are put in, or nothing is said', () => {
  expect(toConstant('x-$namespace', known)).toBe('x-shop');
  expect(toConstant('x-$request_uri', known)).toBeUndefined();
});
