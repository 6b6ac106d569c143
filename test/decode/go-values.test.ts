import { describe, expect, test } from 'vitest';
import {
  normalizeLines,
  parseBool,
  parseCidrs,
  parseInteger,
  trimSpace,
} from '../../src/decode/go-values.ts';

describe('parseBool', () => {
  test.each([
    ['1', true],
    ['t', true],
    ['T', true],
    ['TRUE', true],
    ['true', true],
    ['True', true],
    ['0', false],
    ['f', false],
    ['F', false],
    ['FALSE', false],
    ['false', false],
    ['False', false],
    ['yes', undefined],
    ['on', undefined],
    ['tRUE', undefined],
    [' true', undefined],
    ['true\n', undefined],
    ['', undefined],
    ['__proto__', undefined],
  ])('%j is %s', (text, expected) => {
    expect(parseBool(text)).toBe(expected);
  });
});

describe('parseInteger', () => {
  test.each([
    ['0', 0],
    ['60', 60],
    ['-5', -5],
    ['+5', 5],
    ['007', 7],
    ['0000000000000000000000000000042', 42],
    ['9223372036854775807', 2 ** 63],
    ['9223372036854775808', undefined],
    ['-9223372036854775809', undefined],
    ['99999999999999999999999999999999', undefined],
    ['60s', undefined],
    ['1_000', undefined],
    ['0x10', undefined],
    ['1e3', undefined],
    ['1.0', undefined],
    [' 5', undefined],
    ['5\n', undefined],
    ['٣', undefined],
    ['-', undefined],
    ['', undefined],
  ])('%j is %s', (text, expected) => {
    expect(parseInteger(text)).toBe(expected);
  });
});

describe('white space', () => {
  test.each([
    ['  a b\t\r\n', 'a b'],
    ['\u0085a\u00a0', 'a'],
    ['\u3000a\u2029', 'a'],
    ['\ufeffa', '\ufeffa'],
    ['   ', ''],
    ['', ''],
  ])('trimSpace(%j) is %j', (text, expected) => {
    expect(trimSpace(text)).toBe(expected);
  });

  test('each line is trimmed, and lines stay', () => {
    expect(normalizeLines('  a;\n\n\tb; \r\n')).toBe('a;\n\nb;\n');
  });
});

describe('parseCidrs', () => {
  test.each([
    ['10.0.0.0/8', ['10.0.0.0/8']],
    ['10.1.2.3/8', ['10.0.0.0/8']],
    ['1.2.3.4', ['1.2.3.4']],
    [' 10.0.0.0/8 ,\n1.2.3.4, 10.9.9.9/8', ['1.2.3.4', '10.0.0.0/8']],
    ['0.0.0.0/0', ['0.0.0.0/0']],
    ['10.0.0.0/08', ['10.0.0.0/8']],
    ['2001:DB8::1/32', ['2001:db8::/32']],
    ['::1', ['::1']],
    ['::/0', ['::/0']],
  ])('%j holds %j', (text, expected) => {
    expect(parseCidrs(text)).toEqual(expected);
  });

  test.each([
    '',
    ' ',
    'bad',
    '10.0.0.0/99',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '10.0.0',
    '010.0.0.1',
    '0x0a.0.0.1',
    '10.0.0.0/8,',
    ',10.0.0.0/8',
    '10.0.0.0/8;11.0.0.0/8',
    '10.0.0.0/8 11.0.0.0/8',
    'fe80::1%eth0',
    '::/129',
    ':::',
    'example.com',
    `10.0.0.1/${'0'.repeat(100)}8`,
  ])('%j is refused whole', (text) => {
    expect(parseCidrs(text)).toBeUndefined();
  });
});
