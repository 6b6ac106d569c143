import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const script = pathToFileURL(join(import.meta.dirname, '..', '..', 'scripts', 'shared-shapes.mjs')).href;
const { withSharedShapes }: { withSharedShapes: (code: string) => string } = await import(script);

test.each([
  ['x = {...a, b: 1};', 'x = {...null,...a, b: 1};'],
  ['x = {...a, ...b};', 'x = {...null,...a, ...b};'],
  ['x = {...a, b: {...c, d}};', 'x = {...null,...a, b: {...null,...c, d}};'],
  ['x = `${{...a, b}}`;', 'x = `${{...null,...a, b}}`;'],
])('begins %s with a spread of nothing', (code, shared) => {
  expect(withSharedShapes(code)).toBe(shared);
});

test.each([
  'x = {...a};',
  'x = {b: 1, ...a};',
  'x = [...a, b];',
  'f(...a, b);',
  'const { b, ...rest } = a;',
  'x = "{...a, b}"; // {...a, b}',
])('leaves %s as it is', (code) => {
  expect(withSharedShapes(code)).toBe(code);
});

test('changes no value, neither keys nor their order', () => {
  const code = '({...a, b: 1, "__proto__": null, ...c, ...{...d, e: 2}})';
  const value = (text: string): unknown =>
    new Function('a', 'c', 'd', `return Object.entries(${text})`)({ b: 0, z: 9 }, undefined, ['first']);
  expect(value(withSharedShapes(code))).toEqual(value(code));
});
