import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { jsonReport, reportSchema } from '../../src/report/json.ts';
import { markdownReport } from '../../src/report/markdown.ts';
import { overviewOf } from '../../src/report/overview.ts';
import schema from '../../src/report/report.schema.json' with { type: 'json' };
import { verdictOf } from '../../src/report/summary.ts';
import { textReport } from '../../src/report/text.ts';
import { fakeConversion, fakeEmitted, fakeFinding, fakeIngress, fakeOutcome, fakeServer } from './fake.ts';

const plain = { width: undefined, colors: false, quiet: false };
const unseen = /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\x00-\x09\x0b-\x1f\x7f-\x9f]/u;

const web = fakeIngress('shop/web', 10);
const api = fakeIngress('shop/api', 40);
const other = fakeIngress('shop/other', 70, { kind: 'not-selected', reason: 'of class traefik' });
const slow = fakeFinding('warning', {
  code: 'timeouts/approximate',
  message: 'Sixty seconds in all.',
  at: web,
});
const open = fakeFinding('error', { code: 'auth/closed', message: 'The path is closed.', at: api });

const conversion = fakeConversion({
  ingresses: [web, api, other],
  servers: [fakeServer('shop.example.com', web, api)],
  objects: [fakeEmitted('shop.example.com', 'Gateway'), fakeEmitted('shop.example.com')],
  outcomes: [
    fakeOutcome(web, 'converted', { fidelity: 'approximate', findings: [slow] }),
    fakeOutcome(api, 'closed', { reason: 'No provider is known.', findings: [open] }),
  ],
  findings: [slow, open],
  steps: [
    {
      kind: 'copy-secret',
      key: 'copy shop/tls',
      title: 'Copy the Secret shop/tls to istio-system',
      commands: ['kubectl get secret tls -n shop -o yaml'],
      origins: [],
    },
  ],
  others: new Map([['Pod', 3]]),
});
const overview = overviewOf(conversion);
const json = (of = overview) => JSON.parse([...jsonReport(of, '1.2.3')].join(''));
const markdown = (of = overview) => [...markdownReport(of)].join('');
const validate = new Ajv({ allErrors: true }).compile(schema);

describe('the verdict', () => {
  it.each([
    [
      { ready: 0, decision: 0, blocked: 0, 'left-alone': 0, total: 0 },
      'Found no Ingress that ingress-nginx serves.',
    ],
    [{ ready: 1, decision: 0, blocked: 0, 'left-alone': 0, total: 1 }, 'The Ingress is ready.'],
    [{ ready: 3, decision: 0, blocked: 0, 'left-alone': 0, total: 3 }, 'All 3 Ingresses are ready.'],
    [
      { ready: 0, decision: 1, blocked: 0, 'left-alone': 0, total: 1 },
      '1 Ingress: 0 ready, 1 needs a decision.',
    ],
    [
      { ready: 14, decision: 2, blocked: 1, 'left-alone': 1, total: 18 },
      "17 Ingresses: 14 ready, 2 need a decision, 1 blocked. Skipped 1 Ingress that ingress-nginx doesn't serve.",
    ],
    [
      { ready: 1, decision: 0, blocked: 9999, 'left-alone': 0, total: 10000 },
      '10,000 Ingresses: 1 ready, 9,999 blocked.',
    ],
  ])('%j', (ingresses, expected) => {
    expect(verdictOf({ ...overview.summary, ingresses })).toBe(expected);
  });
});

describe('the report on stderr', () => {
  it('groups by code, worst last, with place and remedy, and sums up', () => {
    expect(textReport(overview, plain)).toBe(
      [
        'warning timeouts/approximate',
        '  dump.yaml:10:3  Sixty seconds in all.',
        '  → Do something.',
        '',
        'error auth/closed',
        '  dump.yaml:40:3  The path is closed.',
        '  → Do something.',
        '',
        "2 Ingresses: 0 ready, 1 needs a decision, 1 blocked. Skipped 1 Ingress that ingress-nginx doesn't serve.",
        '1 error, 1 warning.',
        '',
      ].join('\n'),
    );
  });

  it('collapses like findings', () => {
    const many = Array.from({ length: 217 }, (_, index) =>
      fakeFinding('note', { at: fakeIngress(`shop/i${String(index).padStart(3, '0')}`, index + 1) }),
    );
    const text = textReport(overviewOf(fakeConversion({ findings: many.reverse() })), plain);
    expect(text).toContain('note test/note (217)\n  dump.yaml:1:3  This is a note.\n');
    expect(text).toContain('\n  and 212 more\n  → Do something.\n');
    expect(text).not.toContain('dump.yaml:6:3');
    expect(text).toContain('--report');
  });

  it('gives each finding its own remedy where they differ', () => {
    const findings = [
      fakeFinding('note', { at: web, remedy: 'Turn left.' }),
      fakeFinding('note', { at: api, remedy: 'Turn right.' }),
    ];
    const text = textReport(overviewOf(fakeConversion({ findings })), plain);
    expect(text).toContain(
      'dump.yaml:40:3  This is a note.\n    → Turn right.\n  dump.yaml:10:3  This is a note.\n    → Turn left.',
    );
  });

  it('keeps to the width of the terminal', () => {
    const findings = [
      fakeFinding('error', { at: web, message: 'word '.repeat(100).trim(), remedy: 'do '.repeat(100) }),
    ];
    const text = textReport(overviewOf(fakeConversion({ findings })), { ...plain, width: 60 });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(text.match(/word/g)).toHaveLength(100);
  });

  it('has colours only when asked', () => {
    expect(textReport(overview, plain)).not.toContain('\x1b');
    expect(textReport(overview, { ...plain, colors: true })).toContain('\x1b[31merror\x1b[39m');
  });

  it('tells errors alone when quiet', () => {
    const text = textReport(overview, { ...plain, quiet: true });
    expect(text).toBe('error auth/closed\n  dump.yaml:40:3  The path is closed.\n  → Do something.\n');
  });
});

describe('the Markdown report', () => {
  it('opens with the verdict and what is left, then the steps; details are folded', () => {
    const text = markdown();
    const parts = [
      '**2 Ingresses: 0 ready, 1 needs a decision, 1 blocked.',
      '| 0 | 1 | 1 | 1 | 1 | 2 | 1 |',
      '## What is left',
      '1. **Blocked, 1 Ingress.** A error for tests. `auth/closed` Recommended: Do something. Decide with `ingress2istio review`.',
      '2. **Decision, 1 Ingress.**',
      '## Steps',
      'kubectl get secret tls -n shop -o yaml',
      '## By namespace',
      '- `shop/api` (`dump.yaml:40:3`) is blocked: `auth/closed`, `closed`',
      '- `auth/closed`: The path is closed.',
      '<summary>All findings, with what can differ</summary>',
      '- **Error** [`auth/closed`](https://ingress2istio.example/reference/findings/auth/closed.html) (1)',
      '  - `dump.yaml:40:3`: The path is closed. *Do something.*',
      '<summary>What became of each Ingress</summary>',
      '#### `shop/api` is blocked',
      '| annotation `nginx.ingress.kubernetes.io/rewrite-target` | `/` | closed | No provider is known. |',
      '#### `shop/web` needs a decision',
      '| converted (approximate) |',
      '#### `shop/other` was skipped',
      'Other objects of the input were skipped: 3 Pod.',
    ];
    const places = parts.map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });

  const platform = fakeFinding('warning', {
    code: 'platform/spelling',
    gateway: { question: 'Which spellings?', applied: 'None.', recommended: 'Merge.', flags: '--merge' },
  });
  const input = fakeFinding('warning', { code: 'input/empty', message: 'The file is empty.' });

  it('asks once what holds for the whole gateway, and leaves Ingresses ready', () => {
    const at = { ...platform, scope: { kind: 'host' as const, host: 'shop.example.com' } };
    const whole = overviewOf(
      fakeConversion({
        ingresses: [web],
        servers: [fakeServer('shop.example.com', web)],
        findings: [at, { ...at }, input],
      }),
    );
    expect(whole.summary.ingresses).toMatchObject({ ready: 1, decision: 0 });
    expect(whole.effort.gateway.map(({ name }) => name)).toEqual(['platform/spelling']);
    const text = markdown(whole);
    expect(text).not.toContain('## What is left');
    expect(text).toContain(
      '- **Which spellings?** (1 host) `platform/spelling`: None. Recommended: Merge. Apply it with `--merge`.',
    );
    expect(text).toContain('## Input\n\n- **Warning** The file is empty. *Do something.* `input/empty`');
  });
});

describe('the JSON report', () => {
  it('fits its schema, which has its name', () => {
    expect(schema.$id).toBe(reportSchema);
    validate(json());
    expect(validate.errors).toBeNull();
  });

  it('holds every outcome and finding with its place', () => {
    const report = json();
    expect(report.tool).toEqual({ name: 'ingress2istio', version: '1.2.3' });
    expect(report.findings).toHaveLength(2);
    expect(report.outcomes).toHaveLength(2);
    const closed = report.outcomes.find((outcome: { status: string }) => outcome.status === 'closed');
    expect(closed).toMatchObject({ object: 'Ingress shop/api', file: 'dump.yaml', line: 43, column: 3 });
    expect(report.findings[closed.findings[0]]).toMatchObject({ code: 'auth/closed', line: 40 });
  });

  it('is the same whatever the order of findings and outcomes', () => {
    const shuffled = fakeConversion({
      ...conversion,
      ingresses: conversion.model.ingresses,
      servers: conversion.model.servers,
      outcomes: conversion.outcomes.toReversed(),
      findings: conversion.findings.toReversed(),
      others: conversion.cluster.others,
    });
    expect([...jsonReport(overviewOf(shuffled), '1')].join('')).toBe([...jsonReport(overview, '1')].join(''));
    expect(markdown(overviewOf(shuffled)).split('What became')[0]).toBe(markdown().split('What became')[0]);
  });

  it('has no line for nothing', () => {
    const report = json(overviewOf(fakeConversion({})));
    validate(report);
    expect(validate.errors).toBeNull();
    expect(report.outcomes).toEqual([]);
  });
});

describe('hostile values', () => {
  const evil = 'a|b `c` <script>\x1b[31m\u202e\nnew "line" \u009b \ud800';
  const finding = fakeFinding('error', { at: web, message: `It says ${evil}.`, remedy: evil });
  const hostile = overviewOf(
    fakeConversion({
      ingresses: [web],
      findings: [finding],
      outcomes: [
        fakeOutcome(web, 'invalid', { name: evil, value: evil, reason: evil, findings: [finding] }),
        fakeOutcome(web, 'unknown', { name: 'big', value: 'x'.repeat(1_000_000) }),
      ],
      steps: [
        { kind: 'manual', key: evil, title: evil, commands: [`echo ${evil}\`\`\`\`\nnext`], origins: [] },
      ],
      others: new Map([[evil, 1]]),
    }),
  );

  it.each([
    ['text', textReport(hostile, plain)],
    ['markdown', [...markdownReport(hostile)].join('')],
    ['json', [...jsonReport(hostile, '1')].join('')],
  ])('are shown as text in %s', (_format, text) => {
    expect(text).not.toMatch(unseen);
    expect(text.length).toBeLessThan(10_000);
  });

  it('cannot add a line, a cell or a tag to Markdown', () => {
    const text = [...markdownReport(hostile)].join('');
    const rows = text.split('\n').filter((line) => line.startsWith('| annotation'));
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(6);
    const outsideCode = text.replace(/(`+)[\s\S]*?[^`]\1(?!`)/g, '');
    expect(outsideCode).not.toContain('<script>');
  });

  it('fit the schema of the JSON report and read back', () => {
    const report = json(hostile);
    validate(report);
    expect(validate.errors).toBeNull();
    expect(report.outcomes.find((outcome: { status: string }) => outcome.status === 'invalid').name).toBe(
      evil,
    );
  });
});
