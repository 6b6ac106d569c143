import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { ownScenarios } from '../conformance/flags.ts';
import { temporaryDirectory } from '../output/temporary.ts';
import { ownLogs, recordedLogs } from '../verify/log/logs.ts';
import { runHere } from './fake-terminal.ts';

const scenario = 'canary-header';
const input = join(ownScenarios, scenario, 'input.yaml');
const logged = recordedLogs(join(ownLogs, 'default')).find(([name]) => name === scenario)![1];
const log = `${logged.map(({ line }) => line).join('\n')}\n`;
const unseen = /[\p{Cf}\p{Cs}\x00-\x09\x0b-\x1f\x7f-\x9f]/u;

function fileOf(content: string | Buffer, name = 'access.log'): string {
  const path = join(temporaryDirectory(), name);
  writeFileSync(path, content);
  return path;
}

async function json(path: string, ...more: string[]) {
  const { code, stdout } = await runHere(['verify', input, '--log', path, '--format', 'json', ...more]);
  return { code, report: JSON.parse(stdout) };
}

describe('verify --log', () => {
  it('fits its schema, and its counts add up', async () => {
    const { code, report } = await json(fileOf(log));
    const schema = JSON.parse(
      readFileSync(new URL('../../src/verify/report/verify-log.schema.json', import.meta.url), 'utf8'),
    );
    const validate = new Ajv({ strict: false }).compile(schema);
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    expect(code).toBe(0);
    expect(report.log).toMatchObject({ lines: logged.length, requests: logged.length, unparsed: 0 });
    expect(report.model).toEqual({ explained: logged.length, unexplained: 0 });
    const sum = (counts: Record<string, number>) =>
      Object.values(counts).reduce((all, count) => all + count, 0);
    expect(sum(report.verdicts)).toBe(logged.length);
    expect(
      report.classes.reduce((all: number, { requests }: { requests: number }) => all + requests, 0),
    ).toBe(logged.length);
  });

  it.each(['text', 'md', 'html', 'json'])('--format %s', async (format) => {
    const { stdout } = await runHere(['verify', input, '--log', fileOf(log), '--format', format]);
    expect(stdout.length).toBeGreaterThan(200);
    expect(stdout).not.toMatch(unseen);
  });

  it('reads .gz and stdin, and several at once', async () => {
    const packed = fileOf(gzipSync(log), 'access.log.1');
    const { stdout } = await runHere(
      ['verify', input, '--log', packed, '--log', fileOf(log), '--log', '-', '--format', 'json'],
      { stdin: log },
    );
    expect(JSON.parse(stdout).log).toMatchObject({ requests: 3 * logged.length, unparsed: 0 });
  });

  it('writes nothing secret of a log', async () => {
    const secret = log
      .replace('GET /x ', 'GET /x?token=SECRETQUERY ')
      .replaceAll('127.0.0.1 - -', '203.0.113.77 - SECRETUSER')
      .replaceAll('"-" "-"', '"https://ref.example.com/?SECRETREFERER" "SECRETAGENT"')
      .concat(logged[0]!.line.replace('GET /x', 'GET /reset/SECRETe29abc8d7f6a5b4c3d2e1f0a9b8c7d'), '\n');
    for (const format of ['text', 'md', 'html', 'json']) {
      const { stdout, stderr } = await runHere([
        'verify',
        input,
        '--log',
        fileOf(secret),
        '--format',
        format,
      ]);
      expect(stdout + stderr).not.toMatch(/SECRET|203\.0\.113\.77|e29abc/);
    }
  });

  it.each([
    ['binary garbage', Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 89) % 256)), 'binary'],
    ['an endless line', `${'x'.repeat(1 << 20)}\n`, 'too-long'],
    ['terminal escapes', '\x1b]0;owned\x07\x1b[2J\n', 'binary'],
    ['a line that a rotation cut', '203.0.113.9 - - [27/Nov/2026:03:37', 'cut-off'],
    [
      'messages of the controller',
      'I1127 03:37:08.123456       7 main.go:101] "successfully validated"\n',
      'controller',
    ],
    ['blank lines', '\n\n', 'blank'],
  ])('counts %s, and goes on', async (_name, garbage, reason) => {
    const { code, report } = await json(fileOf(Buffer.concat([Buffer.from(log), Buffer.from(garbage)])));
    expect(code).toBe(0);
    expect(report.log.requests).toBe(logged.length);
    expect(report.log.unparsedBy[reason]).toBeGreaterThan(0);
    expect(report.log.lines).toBe(report.log.requests + report.log.unparsed);
  });

  it('tells of a broken .gz, and counts what came before', async () => {
    const many = log.repeat(4000);
    const packed = gzipSync(many);
    const { code, report } = await json(fileOf(packed.subarray(0, packed.length - 200), 'a.gz'));
    expect(code).toBe(0);
    expect(report.log.files[0].problem).toMatch(/unexpected end/);
    expect(report.log.requests).toBeGreaterThan(0);
  });

  it('reads the lines of kubectl logs and of container runtimes', async () => {
    const [first, second, third] = logged.map(({ line }) => line);
    const wrapped = [
      `2026-11-27T03:37:08.123456789Z stdout F ${first}`,
      `[pod/ingress-nginx-controller-x/controller] ${second}`,
      JSON.stringify({ log: `${third}\n`, stream: 'stdout', time: '2026-11-27T03:37:08Z' }),
    ];
    const { report } = await json(fileOf(`${wrapped.join('\n')}\n`));
    expect(report.log).toMatchObject({ requests: 3, unparsed: 0 });
  });

  it('lists what the model does not explain', async () => {
    const odd = logged[0]!.line.replace('[demo-a-80]', '[demo-other-80]');
    const { report } = await json(fileOf(`${odd}\n`.repeat(3)));
    expect(report.model).toEqual({ explained: 0, unexplained: 3 });
    expect(report.unexplained[0]).toMatchObject({ requests: 3, upstream: 'demo-other-80', path: '/x' });
    expect(report.unexplained[0].examples[0]).toMatch(/access\.log:1$/);
  });

  it('has bounded classes, whatever paths there are', async () => {
    const lines = Array.from({ length: 12_000 }, (_, index) =>
      logged[0]!.line.replace(
        'GET /x',
        `GET /x/name-${index.toString(36).replace(/\d/g, (digit) => 'ABCDEFGHIJ'[Number(digit)]!)}z`,
      ),
    );
    const { report } = await json(fileOf(`${lines.join('\n')}\n`));
    expect(report.log).toMatchObject({ requests: 12_000, coarse: true });
    expect(report.classes.length).toBeLessThan(20_000);
  });

  it.each([
    [['verify', input], /no traffic/],
    [['verify', input, '--log', '/nowhere/access.log'], /cannot be read/],
    [['verify', '-', '--log', '-'], /come from stdin/],
    [['verify', input, '--log', input, '--log-format', '$remote_addr'], /no status/],
    [['verify', input, '--log', input, '--format', 'junit'], /no JUnit/],
    [['verify', input, '--from', 'a'], /Only one gateway/],
    [['verify', input, '--rate', '5'], /needs two gateways/],
    [['verify', input, '--from', 'a', '--to', 'b', '--rate', '0'], /--rate cannot be/],
    [['verify', input, '--from', 'a:x', '--to', 'b'], /--from cannot be/],
    [['verify', input, '--from', 'a', '--to', 'b', '--ignore', '('], /no regular expression/],
  ])('%j is refused', async (args, message) => {
    const { code, stderr } = await runHere(args, { stdin: '' });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('--log of others', () => {
  it('sorts the questions of a report by requests', async () => {
    const { stdout } = await runHere(['report', input, '--log', fileOf(log)]);
    expect(stdout).toMatch(/\(\d+ hosts?, \d+ requests?\) `tls\/https-lost`/);
  });
});

it('--dry-run lists what would be sent, and sends nothing', async () => {
  const { code, stdout, stderr } = await runHere([
    'verify',
    input,
    '--from',
    '192.0.2.1',
    '--to',
    '192.0.2.2',
    '--dry-run',
    '--max',
    '5',
  ]);
  expect(code).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(5);
  expect(stderr).toMatch(
    /^Sends 5 requests \(GET, HEAD; no bodies, no credentials\) to 192\.0\.2\.1:80:443 and to 192\.0\.2\.2:80:443, 10 a second to each/,
  );
});
