import { describe, expect, test } from 'vitest';
import { codesOf, convertYaml, filters, input, patchesOf, routesOf, statusOf } from '../convert.ts';

const unsent = 'connect-failure,refused-stream';

describe('proxy-next-upstream', () => {
  test.each<[Record<string, string>, Record<string, string>, [string, object][]]>([
    [{}, {}, [['root', { retries: undefined }]]],
    [
      { 'proxy-next-upstream': 'error timeout http_503', 'proxy-next-upstream-tries': '2' },
      {},
      [
        ['root.non-idempotent', { attempts: 1, retryOn: unsent }],
        ['root', { attempts: 1, retryOn: `${unsent},reset,503` }],
      ],
    ],
    [
      { 'proxy-next-upstream': 'http_503 http_429' },
      {},
      [
        ['root.non-idempotent', { attempts: 0 }],
        ['root', { attempts: 2, retryOn: '503,429' }],
      ],
    ],
    [
      { 'proxy-next-upstream': 'error non_idempotent' },
      {},
      [['root', { attempts: 2, retryOn: `${unsent},reset` }]],
    ],
    [{ 'proxy-next-upstream': 'off' }, {}, [['root', { attempts: 0 }]]],
    [{ 'proxy-next-upstream-tries': '1' }, {}, [['root', { attempts: 0 }]]],
    [
      { 'proxy-next-upstream-tries': '0' },
      { 'proxy-next-upstream': 'error http_502' },
      [
        ['root.non-idempotent', { attempts: 9, retryOn: unsent }],
        ['root', { attempts: 9, retryOn: `${unsent},reset,502` }],
      ],
    ],
    [{}, { 'retry-non-idempotent': 'true' }, [['root', { attempts: 2, retryOn: `${unsent},reset` }]]],
  ])('%j %j', (annotations, config, expected) => {
    const routes = routesOf(convertYaml(input([{ annotations }], config)));
    expect(routes.map(({ name, retries }) => [name, retries ?? { retries: undefined }])).toEqual(expected);
  });

  test('requests that may be sent once alone have the methods of nginx', () => {
    const [route] = routesOf(
      convertYaml(input([{ annotations: { 'proxy-next-upstream': 'error http_503' } }])),
    );
    expect(route?.match).toEqual([{ method: { regex: 'POST|LOCK|PATCH' } }]);
  });
});

describe('the default of nginx', () => {
  test('is kept by a filter where nobody says otherwise', () => {
    const conversion = convertYaml(input([{ paths: ['/a', '/b'] }]), filters);
    expect(patchesOf(conversion, 'ingress-retries')).toHaveLength(1);
    expect(patchesOf(conversion, '-com-retries')).toHaveLength(1);
    expect(routesOf(conversion).every(({ retries }) => retries === undefined)).toBe(true);
  });

  test('leaves routes with a policy of their own alone', () => {
    const annotations = { 'proxy-next-upstream': 'off' };
    const conversion = convertYaml(
      input([{ paths: ['/a'] }, { name: 'own', paths: ['/b'], annotations }]),
      filters,
    );
    const text = JSON.stringify(patchesOf(conversion, '-com-retries'));
    expect(text).toContain('"name":"a"');
    expect(text).not.toContain('"name":"b"');
  });

  test('tells 502 and 504 apart as nginx does', () => {
    expect(codesOf(convertYaml(input([{}])))).toContain('platform/upstream-failures');
    const conversion = convertYaml(input([{}]), filters);
    expect(codesOf(conversion)).not.toContain('platform/upstream-failures');
    expect(patchesOf(conversion, 'ingress-upstream-errors')).toMatchObject([
      {
        patch: {
          value: {
            typed_config: { local_reply_config: { mappers: [{ status_code: 504 }, { status_code: 502 }] } },
          },
        },
      },
    ]);
  });
});

describe('proxy-next-upstream-timeout', () => {
  test.each([
    ['5', 'not-needed', true],
    ['0', 'no-effect-today', false],
  ])('%s is %s', (seconds, status, told) => {
    const conversion = convertYaml(input([{ annotations: { 'proxy-next-upstream-timeout': seconds } }]));
    expect(statusOf(conversion, 'proxy-next-upstream-timeout')).toBe(status);
    expect(codesOf(conversion).includes('retries/time-limit')).toBe(told);
  });
});
