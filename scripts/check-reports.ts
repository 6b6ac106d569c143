/**
 * Writes the SARIF, JSON and JUnit reports of each file named, or below each directory named, and holds them against
 * their schemas: `tsx scripts/check-reports.ts DIR…`. For inputs that are not part of this repository.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { Ajv } from 'ajv';
import { defaultOptions, withParity } from '../src/domain/options.ts';
import { convert } from '../src/pipeline.ts';
import { readTexts } from '../src/read/index.ts';
import { overviewOf } from '../src/report/overview.ts';
import { renderReport } from '../src/report/render.ts';
import reportSchema from '../src/report/report.schema.json' with { type: 'json' };

const uri = (text: string): boolean => URL.canParse(text, 'https://example.org/');
const { $schema: _, id: __, ...draft } = sarifSchema as Record<string, unknown>;
const sarif = new Ajv({
  strict: false,
  unicodeRegExp: false,
  formats: { uri, 'uri-reference': uri, 'date-time': true },
}).compile(draft);
const json = new Ajv().compile(reportSchema);
const xsd = fileURLToPath(new URL('../test/report/junit.xsd', import.meta.url));

const files = process.argv.slice(2).flatMap(filesBelow).sort();
const bad = { sarif: 0, json: 0, junit: 0 };
let results = 0;
for (const file of files) {
  const cluster = readTexts([{ file, text: readFileSync(file, 'utf8') }]);
  for (const options of [defaultOptions, withParity(defaultOptions)]) {
    const overview = overviewOf(convert(cluster, options));
    const render = (format: 'sarif' | 'json' | 'junit'): string =>
      [...renderReport(format, overview, { version: '0', failOn: 'error' })].join('');
    results += overview.findings.length;
    tell('sarif', file, sarif(JSON.parse(render('sarif'))) ? undefined : sarif.errors);
    tell('json', file, json(JSON.parse(render('json'))) ? undefined : json.errors);
    const lint = spawnSync('xmllint', ['--noout', '--nonet', '--schema', xsd, '-'], {
      input: render('junit'),
    });
    tell('junit', file, lint.status === 0 ? undefined : String(lint.stderr).slice(0, 500));
  }
}
console.log(`${files.length} files, ${results} findings; not valid: ${JSON.stringify(bad)}`);
process.exitCode = bad.sarif + bad.json + bad.junit === 0 ? 0 : 1;

function tell(format: keyof typeof bad, file: string, problem: unknown): void {
  if (problem === undefined) return;
  bad[format]++;
  console.log(`${file}: ${format}: ${JSON.stringify(problem)}`);
}

function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => {
    const below = join(path, name);
    return statSync(below).isDirectory() ? filesBelow(below) : /\.(ya?ml|json)$/.test(name) ? [below] : [];
  });
}
