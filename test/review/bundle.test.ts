import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
/** Stands in every copy of React. */
const react = 'react.transitional.element';

/** The files of the bundle that are loaded with this one, by static imports. */
function loadedWith(file: string, known = new Set<string>()): Set<string> {
  if (known.has(file)) return known;
  known.add(file);
  const text = readFileSync(join(dist, file), 'utf8');
  for (const [, other] of text.matchAll(/(?:from|import)"\.\/([\w.-]+\.js)"/g)) loadedWith(other!, known);
  return known;
}

function entry(name: string): string {
  return readdirSync(dist).find((file) => file.startsWith(`${name}-`) && file.endsWith('.js')) ?? '';
}

function hasReact(file: string): boolean {
  return [...loadedWith(file)].some((loaded) => readFileSync(join(dist, loaded), 'utf8').includes(react));
}

describe('the bundle', () => {
  it('loads React for a review and for nothing else', () => {
    expect(hasReact(entry('open'))).toBe(true);
    for (const file of [
      'cli.js',
      ...['run', 'convert', 'report', 'diff', 'decisions', 'review'].map(entry),
    ]) {
      expect({ file, react: hasReact(file) }).toEqual({ file, react: false });
    }
  });
});
