import { describe, expect, it } from 'vitest';
import { isNoise, meaningOf, noise, withLoopback } from '../../../src/verify/judge/noise.ts';

describe('isNoise', () => {
  it.each<['request' | 'response', string, boolean, boolean]>([
    ['response', 'date', false, true],
    ['request', 'date', false, false],
    ['request', 'x-envoy-original-path', false, true],
    ['request', 'x-envo', false, false],
    ['request', 'x-forwarded-for', false, false],
    ['response', 'content-type', true, true],
    ['response', 'content-type', false, false],
    ['response', 'set-cookie', false, false],
  ])('%s %s, local %s: %s', (where, header, local, expected) => {
    expect(isNoise(where, header, local)).toBe(expected);
  });

  it('has a reason for every entry, and no entry twice', () => {
    for (const { reason } of noise) expect(reason).not.toBe('');
    const keys = noise.map(({ in: where, header }) => `${where} ${header}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('meaningOf', () => {
  it.each<[string, string, string, boolean]>([
    ['set-cookie', 's=1; Path=/; HttpOnly', 's=2; httponly; Path=/', true],
    ['set-cookie', 's=1; Path=/a', 's=1; Path=/b', false],
    ['set-cookie', 's=1; Max-Age=5; Expires=Sat, 21-Nov-26 01:11:12 GMT', 's=1; Max-Age=5', true],
    ['set-cookie', 's=1', 't=1', false],
    ['access-control-allow-methods', 'GET, PUT', 'PUT,GET', true],
    ['access-control-allow-methods', 'GET, PUT', 'GET', false],
    ['access-control-allow-origin', 'https://a', 'https://A', false],
    ['x-id', '1fe38f7f38514da32ada835c372997c9', '9cffb1b8-7c55-4d5e-9a4e-0d5c4d9b4b3f', true],
    ['x-id', '1fe38f7f38514da32ada835c372997c9', 'none', false],
  ])('%s: %s and %s', (header, one, other, same) => {
    expect(meaningOf('response', header, one) === meaningOf('response', header, other)).toBe(same);
  });
});

describe('withLoopback', () => {
  it('names the client by the loopback address, and nothing else', () => {
    const machine = new Set(['10.0.0.7']);
    expect(withLoopback('1.2.3.4, 10.0.0.7', machine)).toBe('1.2.3.4, 127.0.0.1');
    expect(withLoopback('1.2.3.4,10.0.0.7', machine)).toBe('1.2.3.4, 127.0.0.1');
    expect(withLoopback('10.0.0.70', machine)).toBe('10.0.0.70');
  });
});
