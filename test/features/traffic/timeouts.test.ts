import { describe, expect, test } from 'vitest';
import {
  codesOf,
  convertYaml,
  filters,
  input,
  objectsOf,
  patchesOf,
  routesOf,
  statusOf,
} from '../convert.ts';

const withTimes = (annotations: Record<string, string>, config: Record<string, string> = {}) =>
  input([{ annotations }], config);

function idleOf(conversion: ReturnType<typeof convertYaml>): unknown[] {
  return patchesOf(conversion, '-com-idle-timeout').map(
    (patch) => (patch as { patch: { value: { route: unknown } } }).patch.value.route,
  );
}

describe('stable fields', () => {
  test('nobody asks for a time: there is none', () => {
    expect(routesOf(convertYaml(input([{}])))).toMatchObject([{ name: 'root' }]);
    expect(routesOf(convertYaml(input([{}])))[0]).not.toHaveProperty('timeout');
  });

  test.each([[withTimes({ 'proxy-read-timeout': '7' })], [withTimes({}, { 'proxy-read-timeout': '7' })]])(
    'a read timeout is the time until each try responds (%#)',
    (yaml) => {
      const conversion = convertYaml(yaml);
      expect(routesOf(conversion).map(({ name, timeout, retries }) => [name, timeout, retries])).toEqual([
        ['root', undefined, { attempts: 2, perTryTimeout: '7s' }],
      ]);
      expect(codesOf(conversion)).toContain('timeouts/pauses');
    },
  );

  test.each<[string, Record<string, string>, object]>([
    ['no other try', { 'proxy-next-upstream': 'off' }, { timeout: '7s', retries: { attempts: 0 } }],
    ['one try', { 'proxy-next-upstream-tries': '1' }, { timeout: '7s', retries: { attempts: 0 } }],
    [
      'other tries after errors, and none after a timeout',
      { 'proxy-next-upstream': 'error' },
      { timeout: '7s', retries: { attempts: 2, retryOn: 'connect-failure,refused-stream,reset' } },
    ],
    [
      'other tries after statuses, which no timeout leads to',
      { 'proxy-next-upstream': 'http_503' },
      { retries: { attempts: 2, perTryTimeout: '7s', retryOn: '503' } },
    ],
  ])('a read timeout with %s', (_, annotations, expected) => {
    const conversion = convertYaml(withTimes({ 'proxy-read-timeout': '7', ...annotations }));
    expect(routesOf(conversion).at(-1)).toMatchObject(expected);
    expect(codesOf(conversion)).toContain('timeout' in expected ? 'timeouts/total' : 'timeouts/pauses');
  });

  test('a send timeout is reported', () => {
    const conversion = convertYaml(withTimes({ 'proxy-send-timeout': '7' }));
    expect(codesOf(conversion)).toContain('timeouts/send');
    expect(statusOf(conversion, 'proxy-send-timeout')).toBe('not-needed');
  });

  test.each([
    [withTimes({ 'proxy-connect-timeout': '2' })],
    [withTimes({}, { 'proxy-connect-timeout': '2' })],
  ])('a connect timeout is a subset of its own (%#)', (yaml) => {
    const [rule] = objectsOf(convertYaml(yaml), 'DestinationRule');
    expect(rule?.spec).toMatchObject({
      subsets: [
        {
          name: 'connect-timeout',
          trafficPolicy: { connectionPool: { tcp: { connectTimeout: '2s' } } },
        },
      ],
    });
  });

  test('0 seconds are for a person', () => {
    expect(statusOf(convertYaml(withTimes({ 'proxy-read-timeout': '0' })), 'proxy-read-timeout')).toBe(
      'manual',
    );
  });
});

describe('with EnvoyFilters', () => {
  test.each<[Record<string, string>, string, string]>([
    [{}, '60s', '240s'],
    [{ 'proxy-read-timeout': '2', 'proxy-send-timeout': '3' }, '2s', '12s'],
    [{ 'proxy-read-timeout': '100', 'proxy-next-upstream': 'off' }, '100s', '200s'],
    [{ 'proxy-read-timeout': '100', 'proxy-next-upstream-tries': '1' }, '100s', '200s'],
  ])('the pause of each try, and of streams: %j', (annotations, ofTry, ofStream) => {
    const conversion = convertYaml(withTimes(annotations), filters);
    expect(idleOf(conversion)).toEqual([
      { idle_timeout: ofStream, retry_policy: { per_try_idle_timeout: ofTry } },
    ]);
    expect(routesOf(conversion).every(({ timeout }) => timeout === undefined)).toBe(true);
  });

  test('is written once for a host, then for the routes that differ', () => {
    const conversion = convertYaml(
      input([
        { paths: ['/a', '/b', '/c'] },
        { name: 'slow', paths: ['/d'], annotations: { 'proxy-read-timeout': '600' } },
      ]),
      filters,
    );
    const matches = patchesOf(conversion, '-com-idle-timeout').map(
      (patch) =>
        (patch as { match: { routeConfiguration: { vhost: { route: unknown } } } }).match.routeConfiguration
          .vhost.route,
    );
    expect(matches).toEqual([{ action: 'ROUTE' }, { name: 'd' }]);
  });
});
