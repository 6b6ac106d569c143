/**
 * Measures whole processes against the limits that the project has set itself, on dumps made here.
 * `npm run bench` builds first; `npm run bench -- 3` takes the best of three runs. `BESIDE` is a command that is measured in the same
 * minutes, such as `ingress2gateway print --providers ingress-nginx -A --input-file dump.yaml`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { defaultOptions } from '../src/domain/options.ts';
import { convert as convertTexts } from '../src/pipeline.ts';
import { readTexts } from '../src/read/index.ts';
import { clusterDump } from './bench/dump.ts';
import { writeAccessLog } from './bench/log.ts';

interface Measured {
  readonly seconds: number;
  /** Of the processor, on all threads. */
  readonly cpu: number;
  readonly mebibytes: number;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = join(root, 'dist', 'cli.js');
const rounds = Math.max(1, Number(process.argv[2] ?? 3));
const work = mkdtempSync(join(tmpdir(), 'ingress2istio-bench-'));

/** Tells the peak of its own memory and its time on the processor when it ends, on file descriptor 3. */
const probe = join(work, 'probe.mjs');

function main(): void {
  writeFileSync(
    probe,
    `import { writeSync } from 'node:fs';
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeSync(3, JSON.stringify({ mebibytes: maxRSS / 1024, cpu: (userCPUTime + systemCPUTime) / 1e6 }));
});
`,
  );
  const dumps = {
    small: dump('small', 1, 1),
    thousand: dump('1k', 1_000, 550),
    tenThousand: dump('10k', 10_000, 5_500),
    oneHost: dump('one-host', 10_000, 1),
  };
  const loader = join(work, 'load.mjs');
  const jsYaml = pathToFileURL(join(root, 'node_modules', 'js-yaml', 'dist', 'js-yaml.mjs')).href;
  writeFileSync(
    loader,
    `import { readFileSync } from 'node:fs';\nimport { load } from ${JSON.stringify(jsYaml)};\nload(readFileSync(process.argv[2], 'utf8'));\n`,
  );

  const bare = best('node -e 0', () => run(['-e', '0'], false));
  const version = best('--version', () => run([cli, '--version'], false));
  const small = best('convert, one small file', () => run([cli, 'convert', dumps.small]));
  const load = best('js-yaml alone, 10,000', () => run([loader, dumps.tenThousand]));
  const thousand = best('convert, 1,000', () => convert(dumps.thousand));
  const tenThousand = best('convert, 10,000', () => convert(dumps.tenThousand));
  const oneHost = best('convert, 10,000 on one host', () => convert(dumps.oneHost));

  const report = best('report as text, 10,000', () =>
    run([cli, 'report', dumps.tenThousand, '--format', 'text']),
  );
  const plan = best('plan, 10,000', () => planOf(dumps.tenThousand));

  const besides = (process.env['BESIDE'] ?? '') === '' ? [] : [beside(process.env['BESIDE']!)];
  const logs = verifyLogs(dumps.thousand);

  console.log(`\n${'What'.padEnd(44)}${'measured'.padStart(12)}${'limit'.padStart(12)}`);
  const checks = [
    check('--version against bare node', version.seconds / bare.seconds, 1.6, 'x'),
    check('one small file, above bare node', small.seconds - bare.seconds, 0.15, 's'),
    check('10,000 Ingresses, peak memory', tenThousand.mebibytes, 350, 'MiB'),
    check('10,000 Ingresses against js-yaml alone', tenThousand.seconds / load.seconds, 3.5, 'x'),
    ...besides.map(({ seconds }) =>
      check('10,000 Ingresses against the program beside', tenThousand.seconds / seconds, 0.5, 'x'),
    ),
    check('10,000 against 1,000 Ingresses', tenThousand.seconds / thousand.seconds, 11, 'x'),
    check('10,000 on one host against js-yaml alone', oneHost.seconds / load.seconds, 4, 'x'),
    check('plan, 10,000, above the report', plan.seconds - report.seconds, 2, 's'),
    check('verify, 10 million lines', logs.ten.seconds, 60, 's'),
    check('verify, 10 million lines, peak memory', logs.ten.mebibytes, 300, 'MiB'),
    check('verify, 10 million against 1 million lines', logs.ten.seconds / logs.one.seconds, 11, 'x'),
  ];
  process.exitCode = checks.every(Boolean) ? 0 : 1;
}

function dump(name: string, ingresses: number, hosts: number): string {
  const path = join(work, `${name}.yaml`);
  writeFileSync(path, clusterDump({ ingresses, hosts }));
  console.log(`${name}.yaml: ${(statSync(path).size / 1e6).toFixed(1)} MB`);
  return path;
}

function beside(command: string): Measured {
  return best(command.split(' ')[0]!, () => {
    const begun = process.hrtime.bigint();
    const { status } = spawnSync('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'ignore'] });
    if (status !== 0) throw new Error(`${command} gave ${status}.`);
    return { seconds: Number(process.hrtime.bigint() - begun) / 1e9, cpu: 0, mebibytes: 0 };
  });
}

/** `verify --log` on a generated log, and what other tools take for the same file. */
function verifyLogs(input: string): { readonly one: Measured; readonly ten: Measured } {
  const text = readFileSync(input, 'utf8');
  const { model } = convertTexts(readTexts([{ file: input, text }]), defaultOptions);
  const [one, ten] = [1, 10].map((millions) => {
    const path = join(work, `access-${millions}m.log`);
    writeAccessLog(path, model, millions * 1_000_000);
    console.log(`access-${millions}m.log: ${(statSync(path).size / 1e6).toFixed(0)} MB`);
    return path;
  });
  const also = (name: string, command: string, ...args: string[]): void => {
    const begun = process.hrtime.bigint();
    const done = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'ignore'] });
    const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
    console.log(
      `${name.padEnd(44)}${done.error === undefined ? `${seconds.toFixed(3).padStart(10)} s` : '   not installed'}`,
    );
  };
  also('grep -c, 10 million lines', 'grep', '-c', ' 200 ', ten!);
  also(
    'awk, 10 million lines',
    'awk',
    '{ count[$9]++ } END { for (status in count) print status, count[status] }',
    ten!,
  );
  const format = '%h - %^ [%d:%t %^] "%r" %s %b "%R" "%u" %^ %T [%^] [%^] %^ %^ %^ %^ %^';
  const dates = ['--date-format=%d/%b/%Y', '--time-format=%H:%M:%S'];
  also(
    'goaccess, 10 million lines',
    'goaccess',
    ten!,
    `--log-format=${format}`,
    ...dates,
    '-o',
    join(work, 'goaccess.json'),
  );
  const verify = (path: string) => run([cli, 'verify', input, '--log', path, '--format', 'json']);
  return {
    one: best('verify, 1 million lines', () => verify(one!)),
    ten: best('verify, 10 million lines', () => verify(ten!)),
  };
}

/** What was written stays until the end: ext4 looks long for room in directories where files were removed a moment ago. */
function convert(input: string): Measured {
  const out = mkdtempSync(join(work, 'out-'));
  return run([cli, 'convert', input, '--output', join(out, 'istio'), '--report', join(out, 'report.json')]);
}

/** Beside the conversion, all that `plan` does: the waves, and a ticket for each. */
function planOf(input: string): Measured {
  const out = mkdtempSync(join(work, 'plan-'));
  return run([cli, 'plan', input, '--output', join(out, 'tickets'), '--plan', join(out, 'plan.yaml')]);
}

/**
 * @param memory false where the probe itself would weigh too much
 * @throws a run that failed: its figures would mean nothing
 */
function run(args: readonly string[], memory = true): Measured {
  const probing = memory ? ['--import', pathToFileURL(probe).href] : [];
  const begun = process.hrtime.bigint();
  const done = spawnSync(process.execPath, [...probing, ...args], {
    cwd: work,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
    encoding: 'utf8',
  });
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  if (done.status !== 0 && done.status !== 1)
    throw new Error(`${args.join(' ')}: ${done.stderr.slice(0, 2000)}`);
  return { seconds, ...(memory ? JSON.parse(done.output[3]!) : { cpu: 0, mebibytes: 0 }) };
}

function best(name: string, measure: () => Measured): Measured {
  const all = Array.from({ length: rounds }, measure).sort((a, b) => a.seconds - b.seconds);
  const [first] = all;
  const figure = { ...first!, mebibytes: Math.max(...all.map(({ mebibytes }) => mebibytes)) };
  const cpu = figure.cpu === 0 ? '' : `${figure.cpu.toFixed(2).padStart(8)} s of CPU`;
  console.log(
    `${name.padEnd(44)}${figure.seconds.toFixed(3).padStart(10)} s${figure.mebibytes.toFixed(0).padStart(8)} MiB${cpu}`,
  );
  return figure;
}

function check(name: string, value: number, limit: number, unit: string): boolean {
  const shown = (figure: number): string => `${Number(figure.toFixed(2))} ${unit}`.padStart(12);
  const kept = value <= limit;
  console.log(`${name.padEnd(44)}${shown(value)}${shown(limit)}  ${kept ? 'ok' : 'TOO MUCH'}`);
  return kept;
}

try {
  main();
} finally {
  rmSync(work, { recursive: true, force: true });
}
