import fc from 'fast-check';
import { expect, test } from 'vitest';
import { luaString } from '../../../src/plan/lua.ts';
import { codesOf, convertYaml, filters, patchesOf, statusOf } from '../convert.ts';
import { clusterYaml } from '../upstreams.ts';

const web = (annotations: Record<string, string>, config: Record<string, string> = {}) =>
  clusterYaml({ ingresses: [{ name: 'web', to: [{ service: 'web' }], annotations }], config });

test.each<[string, Record<string, string>, string, string]>([
  [
    'proxy-cookie-domain',
    { 'proxy-cookie-domain': 'in.local out.example.com' },
    'cookies/opt-in',
    'cookie-attributes',
  ],
  ['proxy-cookie-path', { 'proxy-cookie-path': '/in /out' }, 'cookies/opt-in', 'cookie-attributes'],
  [
    'proxy-redirect-from',
    { 'proxy-redirect-from': 'http://in.local/', 'proxy-redirect-to': 'https://out.example.com/' },
    'proxy-redirect/opt-in',
    'redirect-location',
  ],
])('%s needs an EnvoyFilter', (name, annotations, code, purpose) => {
  const stable = convertYaml(web(annotations));
  expect(codesOf(stable)).toContain(code);
  expect(statusOf(stable, name)).toBe('opt-in');
  expect(patchesOf(stable, purpose)).toEqual([]);
  const allowed = convertYaml(web(annotations), filters);
  expect(statusOf(allowed, name)).toBe('converted');
  expect(codesOf(allowed)).not.toContain(code);
  expect(patchesOf(allowed, `a-example-com-${purpose}`)).toHaveLength(1);
});

test('the ConfigMap changes cookies of everybody', () => {
  const allowed = convertYaml(web({}, { 'proxy-cookie-path': '/in /out' }), filters);
  expect(patchesOf(allowed, 'a-example-com-cookie-attributes')).toHaveLength(1);
});

test.each<[string, Record<string, string>]>([
  ['proxy-cookie-path', { 'proxy-cookie-path': 'off' }],
  ['proxy-redirect-from', { 'proxy-redirect-from': 'off', 'proxy-redirect-to': 'x' }],
  ['proxy-redirect-from', { 'proxy-redirect-from': 'default', 'proxy-redirect-to': 'x' }],
  ['proxy-redirect-from', { 'proxy-redirect-from': 'http://in.local/' }],
])('%s of %j does nothing', (name, annotations) => {
  const conversion = convertYaml(web(annotations), filters);
  expect(statusOf(conversion, name)).toBe('no-effect-today');
  expect(patchesOf(conversion, 'a-example-com-redirect-location')).toEqual([]);
});

test.each<[string, string, Record<string, string>]>([
  ['cookies/pattern', 'proxy-cookie-path', { 'proxy-cookie-path': '~/in /out' }],
  [
    'proxy-redirect/pattern',
    'proxy-redirect-from',
    { 'proxy-redirect-from': '~http', 'proxy-redirect-to': 'x' },
  ],
])('%s', (code, name, annotations) => {
  const conversion = convertYaml(web(annotations), filters);
  expect(codesOf(conversion)).toContain(code);
  expect(statusOf(conversion, name)).toBe('manual');
});

test('no text ends its Lua string', () => {
  const bytes = (literal: string): number[] =>
    [...literal.slice(1, -1).matchAll(/\\(\d{3})|[^\\]/g)].map(([text, code]) =>
      code === undefined ? text.charCodeAt(0) : Number(code),
    );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const literal = luaString(text);
      expect(literal).toMatch(/^"[ !#-[\]-~\\]*"$/);
      expect(literal.slice(1, -1)).not.toMatch(/["\n]|\\(?!\d{3})/);
      expect(bytes(literal)).toEqual([...Buffer.from(text, 'utf8')]);
    }),
  );
});
