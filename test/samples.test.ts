import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { layerOfText } from '../src/config/file.ts';
import { resolveSettings } from '../src/config/settings.ts';
import { builtInMappings } from '../src/decode/mappings.ts';
import { outputStream } from '../src/output/files.ts';
import { convert } from '../src/pipeline.ts';
import { readTexts } from '../src/read/index.ts';
import { redact } from '../src/redact/index.ts';
import { markdownReport } from '../src/report/markdown.ts';
import { overviewOf } from '../src/report/overview.ts';

/** A folder is a test: `input.yaml`, with a config file where it needs one, beside what comes of it. `UPDATE=1` writes anew; look at the diff before you commit. */
const samples = fileURLToPath(new URL('../samples/', import.meta.url));

describe.each(readdirSync(samples).sort())('sample %s', (name) => {
  const file = `${samples}${name}/input.yaml`;
  const cluster = readTexts([{ file: 'input.yaml', text: readFileSync(file, 'utf8') }]);
  const config = `${samples}${name}/ingress2istio.yaml`;
  const layers = existsSync(config) ? [layerOfText(readFileSync(config, 'utf8'), 'ingress2istio.yaml')] : [];
  const { options } = resolveSettings(...layers);
  const conversion = convert(cluster, options);

  const { objects, extras } = conversion;
  test.each<readonly [result: string, make: () => string]>([
    ['expected.yaml', () => outputStream(objects)],
    ...(extras === undefined ? [] : [['extras.yaml', () => outputStream(extras)] as const]),
    ['report.md', () => [...markdownReport(overviewOf(conversion))].join('')],
    ...(existsSync(`${samples}${name}/redacted.yaml`)
      ? [['redacted.yaml', () => [...redact(cluster, options, builtInMappings()).texts].join('')] as const]
      : []),
  ])('%s', (result, make) => {
    const path = `${samples}${name}/${result}`;
    if (process.env['UPDATE'] === '1') writeFileSync(path, make());
    expect(make()).toBe(readFileSync(path, 'utf8'));
  });
});
