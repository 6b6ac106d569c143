import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { numberOver } from '../../../src/features/traffic/body-size.ts';
import { codesOf, convertYaml, filters, input, patchesOf, routesOf, statusOf } from '../convert.ts';

const withSize = (size: string) => input([{ annotations: { 'proxy-body-size': size }, paths: ['/a', '/b'] }]);

describe('numbers over a limit', () => {
  test('match, and no others', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 40 }),
        fc.oneof(fc.nat(2 ** 41), fc.integer({ min: -3, max: 3 })),
        fc.nat(3),
        (limit, other, zeros) => {
          const length = Math.max(0, Math.abs(other) <= 3 ? limit + other : other);
          const pattern = new RegExp(`^(?:${numberOver(limit)})$`);
          expect(pattern.test(`${'0'.repeat(zeros)}${length}`)).toBe(length > limit);
        },
      ),
    );
  });

  test('are short', () => {
    expect(numberOver(1024 ** 2).length).toBeLessThan(200);
  });
});

describe('proxy-body-size', () => {
  test('is one route where all locations of the host have one limit', () => {
    const routes = routesOf(convertYaml(withSize('1k')));
    expect(routes.filter(({ directResponse }) => directResponse?.status === 413)).toEqual([
      {
        name: 'root.body-size',
        match: [{ headers: { 'content-length': { regex: numberOver(1024) } } }],
        directResponse: { status: 413 },
      },
    ]);
    expect(routes[0]?.name).toBe('root.body-size');
  });

  test('is a route of each location where they differ', () => {
    const conversion = convertYaml(
      input([
        { annotations: { 'proxy-body-size': '8m' }, paths: ['/upload'] },
        { name: 'other', paths: ['/'] },
      ]),
    );
    const [first] = routesOf(conversion);
    expect(first?.name).toBe('upload.body-size');
    expect(first?.match?.map(({ uri }) => uri)).toEqual([{ prefix: '/upload/' }, { exact: '/upload' }]);
    expect(routesOf(conversion).filter(({ directResponse }) => directResponse)).toHaveLength(1);
  });

  test.each([
    ['0', 'converted'],
    ['8m', 'converted'],
    ['abc', 'invalid'],
  ])('%s is %s', (size, status) => {
    const conversion = convertYaml(withSize(size));
    expect(statusOf(conversion, 'proxy-body-size')).toBe(status);
    expect(routesOf(conversion).some(({ directResponse }) => directResponse !== undefined)).toBe(
      size === '8m',
    );
  });

  test('the ConfigMap sets it for all', () => {
    const conversion = convertYaml(input([{}], { 'proxy-body-size': '5' }));
    expect(routesOf(conversion)[0]?.directResponse).toEqual({ status: 413 });
  });

  test('the default of nginx is written where EnvoyFilters are allowed', () => {
    expect(codesOf(convertYaml(input([{}])))).toContain('platform/body-size');
    const conversion = convertYaml(input([{}]), filters);
    expect(codesOf(conversion)).not.toContain('platform/body-size');
    expect(routesOf(conversion)[0]?.match?.[0]?.headers).toEqual({
      'content-length': { regex: numberOver(1024 ** 2) },
    });
  });
});

describe('bodies without a length', () => {
  test('are measured by the gateway up to 10 MiB', () => {
    const conversion = convertYaml(withSize('10m'), filters);
    expect(codesOf(conversion)).not.toContain('body-size/without-length');
    expect(JSON.stringify(patchesOf(conversion, '-com-body-size'))).toContain(
      '"buffer":{"max_request_bytes":10485760}',
    );
  });

  test.each([
    [withSize('11m'), filters],
    [withSize('1m'), undefined],
  ])('are told otherwise (%#)', (yaml, options) => {
    const conversion = convertYaml(yaml, options);
    expect(codesOf(conversion)).toContain('body-size/without-length');
    expect(patchesOf(conversion, '-com-body-size')).toEqual([]);
  });
});
