import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { getAsset, isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';

/** A sample that is part of the program. */
export interface Sample {
  readonly name: string;
  readonly input: string;
}

/** The samples by name: inside a single executable, next to `dist`, or next to `src` of a checkout. */
export function* shippedSamples(): Generator<Sample> {
  if (isSea()) {
    for (const [name, input] of JSON.parse(getAsset('samples.json', 'utf8')) as [string, string][])
      yield { name, input };
    return;
  }
  const folder = ['../samples/', '../../samples/']
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((place) => existsSync(place));
  if (folder === undefined) return;
  for (const name of readdirSync(folder).sort()) {
    const file = `${folder}${name}/input.yaml`;
    if (existsSync(file)) yield { name, input: readFileSync(file, 'utf8') };
  }
}
