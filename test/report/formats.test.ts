import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { pageAssets } from '../../scripts/report-page.ts';
import { defaultOptions } from '../../src/domain/options.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';
import { formatOfFile, formats } from '../../src/report/formats.ts';
import { type Overview, overviewOf } from '../../src/report/overview.ts';
import { renderReport } from '../../src/report/render.ts';
import reportSchema from '../../src/report/report.schema.json' with { type: 'json' };
import { fakeConversion, fakeFinding, fakeIngress, fakeOutcome } from './fake.ts';
import { hostileOverview } from './hostile.ts';

const samples = fileURLToPath(new URL('../../samples/', import.meta.url));
const inputs = readdirSync(samples).sort();

function sample(name: string): Overview {
  const text = readFileSync(`${samples}${name}/input.yaml`, 'utf8');
  return overviewOf(convert(readTexts([{ file: 'input.yaml', text }]), defaultOptions));
}

function render(format: (typeof formats)[number], overview: Overview): string {
  return [...renderReport(format, overview, { version: '1.2.3', failOn: 'error' })].join('');
}

/** The official schema is written in draft 4 and uses nothing that draft 7 reads otherwise. */
function inDraft7({ $schema, id, ...schema }: Record<string, unknown>): object {
  expect([$schema, id]).toEqual(['http://json-schema.org/draft-04/schema#', expect.any(String)]);
  return schema;
}

const uri = (text: string): boolean => URL.canParse(text, 'https://example.org/');
const sarif = new Ajv({
  strict: false,
  unicodeRegExp: false,
  allErrors: true,
  formats: { uri, 'uri-reference': uri, 'date-time': true },
}).compile(inDraft7(sarifSchema));
const json = new Ajv({ allErrors: true }).compile(reportSchema);
/** What GitLab documents of its code quality reports (docs.gitlab.com/ci/testing/code_quality). */
const codeClimate = new Ajv({ allErrors: true }).compile({
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string', minLength: 1 },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          path: { type: 'string', minLength: 1, not: { pattern: '^\\./' } },
          lines: {
            type: 'object',
            required: ['begin'],
            properties: { begin: { type: 'integer', minimum: 1 } },
          },
        },
      },
    },
  },
});

const whole: readonly [string, () => Overview][] = [
  ...inputs.map((name): [string, () => Overview] => [name, () => sample(name)]),
  ['nothing', () => overviewOf(fakeConversion({}))],
  ['hostile values', hostileOverview],
];

describe.each(whole)('%s', (_name, make) => {
  let overview: Overview;
  beforeAll(() => {
    overview = make();
  });

  it('fits the schema of SARIF 2.1.0', () => {
    const log = JSON.parse(render('sarif', overview));
    sarif(log);
    expect(sarif.errors).toBeNull();
    expect(log.runs[0].results).toHaveLength(overview.findings.length);
  });

  it('fits what GitLab reads as code quality', () => {
    const issues = JSON.parse(render('codeclimate', overview));
    codeClimate(issues);
    expect(codeClimate.errors).toBeNull();
    expect(issues).toHaveLength(overview.ingresses.length === 0 ? 0 : overview.findings.length);
  });

  it('fits the schema of the JSON report', () => {
    json(JSON.parse(render('json', overview)));
    expect(json.errors).toBeNull();
  });
});

const xmllint = spawnSync('xmllint', ['--version']).status === 0;

describe.skipIf(!xmllint && process.env['CI'] === undefined)('JUnit (needs xmllint: libxml2-utils)', () => {
  it.each(whole)('of %s fits the XSD', (_name, make) => {
    const xsd = fileURLToPath(new URL('./junit.xsd', import.meta.url));
    const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', xsd, '-'], {
      input: render('junit', make()),
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '- validates\n']);
  });
});

describe('SARIF', () => {
  it('names rule, line, object and a fingerprint that does not move with lines', () => {
    const log = (line: number) => {
      const web = fakeIngress('shop/web', line, { kind: 'served' }, 'a b/dump.yaml');
      const findings = [fakeFinding('warning', { code: 'x/y', at: web }), fakeFinding('note')];
      return JSON.parse(render('sarif', overviewOf(fakeConversion({ ingresses: [web], findings })))).runs[0];
    };
    const [run, moved] = [log(10), log(70)];
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(['x/y', 'test/note']);
    expect(run.results[0]).toMatchObject({
      ruleId: 'x/y',
      ruleIndex: 0,
      level: 'warning',
      message: { text: 'This is a warning.\nDo something.' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'a%20b/dump.yaml' },
            region: { startLine: 10, startColumn: 3 },
          },
          logicalLocations: [{ fullyQualifiedName: 'Ingress shop/web' }],
        },
      ],
    });
    expect(run.results[1].locations).toHaveLength(1);
    expect(moved.results[0].locations).not.toEqual(run.results[0].locations);
    expect(moved.results[0].partialFingerprints).toEqual(run.results[0].partialFingerprints);
  });
});

describe('Code Climate', () => {
  it('names check, severity, and place, with the fingerprints of SARIF', () => {
    const web = fakeIngress('shop/web', 10, { kind: 'served' }, './k8s/dump.yaml');
    const findings = [fakeFinding('warning', { code: 'x/y', at: web }), fakeFinding('note')];
    const overview = overviewOf(fakeConversion({ ingresses: [web], findings }));
    const issues = JSON.parse(render('codeclimate', overview));
    expect(issues[0]).toMatchObject({
      check_name: 'x/y',
      severity: 'major',
      description: 'This is a warning. Do something.',
      location: { path: 'k8s/dump.yaml', lines: { begin: 10 } },
    });
    expect(issues[1]).toMatchObject({ severity: 'info', location: { path: 'k8s/dump.yaml' } });
    const { results } = JSON.parse(render('sarif', overview)).runs[0];
    expect(issues.map(({ fingerprint }: { fingerprint: string }) => fingerprint)).toEqual(
      results.map((result: { partialFingerprints: object }) => Object.values(result.partialFingerprints)[0]),
    );
  });
});

describe('JUnit', () => {
  const web = fakeIngress('shop/web');
  const other = fakeIngress('shop/other', 9, { kind: 'not-selected', reason: 'of class traefik' });
  const findings = [fakeFinding('warning', { at: web }), fakeFinding('error')];
  const overview = overviewOf(fakeConversion({ ingresses: [web, other], findings }));
  const junit = (failOn: 'error' | 'warning' | 'never') =>
    [...renderReport('junit', overview, { version: '1', failOn })].join('');

  it.each([
    ['error', 1],
    ['warning', 2],
    ['never', 0],
  ] as const)('fails where --fail-on %s does', (failOn, failures) => {
    const text = junit(failOn);
    expect(text).toContain(`<testsuites name="ingress2istio" tests="3" failures="${failures}"`);
    expect(text.match(/<failure /g) ?? []).toHaveLength(failures);
    expect(text).toContain('<skipped message="ingress-nginx does not select it: of class traefik"/>');
  });
});

describe('hostile values', () => {
  let overview: Overview;
  beforeAll(() => {
    overview = hostileOverview();
  });

  it.each(formats)('drive no terminal and stay small in %s', (format) => {
    const text = render(format, overview);
    expect(text).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\x00-\x09\x0b-\x1f\x7f-\x9f]/u);
    if (format === 'html' || format === 'junit') expect(text).not.toContain('<script>window');
    expect(text.length).toBeLessThan(100_000);
  });

  it('cannot add an element to HTML', () => {
    const text = render('html', overview);
    const tags = new Set([...text.matchAll(/<\/?([a-z!][a-z0-9-]*)/gi)].map(([, tag]) => tag!.toLowerCase()));
    expect(
      [...tags].filter((tag) => ['img', 'svg', 'iframe', 'object', 'embed', 'base'].includes(tag)),
    ).toEqual(['svg']);
    expect(text.match(/<svg/g)).toHaveLength(2);
    const scripts = [...text.matchAll(/<script([^>]*)>/g)].map(([, rest]) => rest);
    expect(scripts.filter((rest) => rest === '')).toHaveLength(1);
    expect(text).not.toMatch(/\son[a-z]+="/);
  });

  it('keep the lines of a Markdown table whole', () => {
    const text = render('md', overview);
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    for (const row of rows) expect(row).toMatch(/ \|$/);
    const outside = text.replace(/(`+)[\s\S]*?[^`]\1(?!`)/g, '');
    expect(outside).not.toMatch(/<(?!https:|\/?(?:details|summary)>)/);
  });
});

it.each([
  ['a.md', 'md'],
  ['a.MARKDOWN', 'md'],
  ['a.html', 'html'],
  ['a.json', 'json'],
  ['a.sarif', 'sarif'],
  ['a.xml', 'junit'],
  ['a.txt', 'text'],
  ['a', undefined],
  ['a.constructor', undefined],
])('%s is written as %s', (file, format) => expect(formatOfFile(file)).toBe(format));

it('ships the script and style that client/ says', async () => {
  const committed = readFileSync(
    new URL('../../src/report/html/assets.generated.ts', import.meta.url),
    'utf8',
  );
  expect(await pageAssets()).toBe(committed);
});

it('shows no users of an EnvoyFilter', async () => {
  const { objectManifest } = await import('../../src/report/html/manifest.ts');
  const text = objectManifest({
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'a', namespace: 'b' },
    spec: {
      configPatches: [{ value: { users: { inline_string: 'ann:{SHA}abc' } } }, { users: { ann: 'hash' } }],
    },
  });
  expect(text).not.toMatch(/SHA|hash/);
  expect(text).toContain('(not shown in reports)');
});

it('finds the line of each outcome in the shown Ingress', async () => {
  const { pageDetails } = await import('../../src/report/html/model.ts');
  const overview = sample('whole-cluster');
  const details = [...pageDetails(overview)].flat();
  let found = 0;
  for (const { text, outcomes } of details) {
    const lines = text.split('\n');
    for (const [kind, name, , , , , line] of outcomes) {
      if (kind === 'directive') continue;
      found++;
      const expected = { annotation: name, rule: '- ', path: '- ', tls: '- ' }[kind] ?? kind;
      expect([kind, name, lines[line]?.trim()]).toEqual([kind, name, expect.stringContaining(expected)]);
    }
  }
  expect(found).toBeGreaterThan(15);
});

it('keeps a fake outcome without a line out of the picture', () => {
  const web = fakeIngress('shop/web');
  const overview = overviewOf(fakeConversion({ ingresses: [web], outcomes: [fakeOutcome(web, 'manual')] }));
  expect(render('html', overview)).toContain('id="details-0"');
});
