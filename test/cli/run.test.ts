import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { choices } from '../../src/config/choices.ts';
import schema from '../../src/report/report.schema.json' with { type: 'json' };
import { versionText } from '../../src/version.ts';
import { temporaryDirectory } from '../output/temporary.ts';
import { hostileDump, plainDump } from './dump.ts';
import { runHere } from './fake-terminal.ts';

const unseen = /[\p{Cf}\p{Cs}\x00-\x09\x0b-\x1f\x7f-\x9f]/u;

describe('the command line', () => {
  it('prints its version and its help to stdout', async () => {
    expect(await runHere(['--version'])).toEqual({ code: 0, stdout: `${versionText}\n`, stderr: '' });
    const [first, ...measured] = versionText.split('\n');
    expect(first).toMatch(/^\d+\.\d+\.\d+$/);
    expect(measured.join(' ')).toMatch(/ingress-nginx .*1\.15\.1 and Istio .*1\.32-alpha/);
    for (const args of [[], ['--help'], ['-h']]) {
      const { code, stdout, stderr } = await runHere(args);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/ingress2istio (<command>|convert) \[inputs..\]/);
      expect(stdout).toContain('Exit code: 0');
    }
  });

  it('explains every flag', async () => {
    const { stdout } = await runHere(['convert', '--help']);
    for (const { flag } of choices) expect(stdout).toContain(`--${flag} `);
  });

  it('goes by the name it was called by', async () => {
    const { stdout } = await runHere(['--help'], { program: 'kubectl ingress2istio' });
    expect(stdout).toContain('kubectl ingress2istio convert ');
  });

  it.each([
    [['convert', '--namspace', 'x'], 'There is no option --namspace.', 'Did you mean --namespace?'],
    [['convert', '-x'], 'There is no option -x.', 'convert --help'],
    [['--nonsense'], 'There is no option --nonsense.', '--help'],
    [['dump.yaml'], 'There is no command "dump.yaml".', 'ingress2istio convert FILE…'],
    [['\x1b[2J'], 'There is no command "\\x1b[2J".', 'convert FILE…'],
    [['convrt'], 'There is no command "convrt".', 'Did you mean convert?'],
    [['convert'], 'There is nothing to convert.', 'kubectl get'],
    [['convert', 'x', '--output'], 'A value is missing after --output.', '--help'],
    [['convert', 'x', '--output', 'a', '--output', 'b'], '--output is given twice.', 'once'],
    [['convert', 'x', '--report', 'a.doc'], '--report a.doc has no extension that we know.', '.md'],
    [['convert', 'x', '--report', 'a.md', '--report', 'a.md'], '--report a.md is given twice.', 'once'],
    [['convert', 'x', '--color', 'blue'], 'color', '--help'],
    [['convert', 'x', '--tls', 'move'], '--tls cannot be "move".', 'copy, certificate'],
    [['convert', 'x', '--fail-on', 'doom'], '--fail-on cannot be "doom".', 'error, warning, note, never'],
    [
      ['convert', 'x', '--config', 'none.yaml'],
      'The config file none.yaml cannot be read: no such file',
      '--config',
    ],
    [
      ['convert', '-', '--controller-config', 'none.yaml'],
      "The controller's ConfigMap none.yaml cannot be read",
      'another',
    ],
  ])('%j is refused with a way out', async (args, message, wayOut) => {
    const { code, stdout, stderr } = await runHere(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(message);
    expect(stderr.split('→')[1]).toContain(wayOut);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stderr).not.toMatch(unseen);
  });
});

describe('convert', () => {
  it('writes objects to stdout and talk to stderr', async () => {
    const { code, stdout, stderr } = await runHere(['convert', '-'], { stdin: plainDump });
    expect(code).toBe(0);
    const kinds = parseAllDocuments(stdout).map((document) => document.get('kind'));
    expect(kinds).toEqual(['Gateway', 'VirtualService']);
    expect(stderr).toMatch(/Ingress/);
  });

  it('takes flags of the controller in either form', async () => {
    const words = '--ingress-class=inner --watch-ingress-without-class';
    const apart = await runHere(['convert', '-', '--controller-flags', words], { stdin: plainDump });
    const joined = await runHere(['convert', '-', `--controller-flags=${words}`], { stdin: plainDump });
    expect(apart).toEqual(joined);
    expect(apart).not.toEqual(await runHere(['convert', '-'], { stdin: plainDump }));
  });

  it('reads stdin where it is no terminal and nothing is named', async () => {
    const named = await runHere(['convert', '-'], { stdin: plainDump });
    expect(await runHere(['convert'], { stdin: plainDump })).toEqual(named);
  });

  it('reads files and stdin together, in one run', async () => {
    const root = temporaryDirectory();
    const [services, rest] = plainDump.split(/---\n(?=[\s\S]*kind: Secret)/) as [string, string];
    const more = rest
      .replaceAll('shop.example.com', 'more.example.com')
      .replace('name: web\n  namespace', 'name: more\n  namespace');
    writeFileSync(join(root, '1'), services);
    writeFileSync(join(root, '2.yaml'), more);
    const { stdout } = await runHere(['convert', join(root, '1'), '-', '--', join(root, '2.yaml')], {
      stdin: rest,
    });
    expect(stdout).toContain('- shop.example.com');
    expect(stdout).toContain('- more.example.com');
    expect(stdout).toContain('host: web.shop.svc.cluster.local');
  });

  it.each([
    [['--fail-on', 'note'], 1],
    [['--fail-on', 'warning'], 1],
    [['--fail-on', 'error'], 0],
    [['--fail-on', 'never'], 0],
    [[], 0],
  ])('%j on a dump with a warning exits with %i', async (flags, expected) => {
    const stdin = plainDump.replace(/ {2}tls:\n.*\n.*\n/, '');
    const { code, stderr } = await runHere(['convert', '-', ...flags], { stdin });
    expect(stderr).toMatch(/^ {2}warning /m);
    expect(stderr).not.toMatch(/^ {2}error /m);
    expect(code).toBe(expected);
  });

  it('exits with 1 for an error, and still converts the rest', async () => {
    const { code, stdout, stderr } = await runHere(['convert', '-'], { stdin: `a: [\n---\n${plainDump}` });
    expect(code).toBe(1);
    expect(stdout).toContain('kind: VirtualService');
    expect(stderr).toMatch(/^ {2}error stdin:2:1 /m);
  });

  it('shows hostile values as text', async () => {
    const { stdout, stderr } = await runHere(['convert', '-'], { stdin: hostileDump });
    expect(stderr).toContain('\\x1b]0;owned');
    expect(stderr).not.toMatch(unseen);
    expect(stdout).not.toMatch(unseen);
  });

  it('tells errors alone when quiet', async () => {
    expect((await runHere(['convert', '-', '--quiet'], { stdin: plainDump })).stderr).toBe('');
    const { stderr } = await runHere(['convert', '-', '-q'], { stdin: `a: [\n---\n${hostileDump}` });
    expect(stderr).toMatch(/^error /m);
    expect(stderr).not.toMatch(/^(warning|note) /m);
  });

  it('shows a bar and colours on a terminal only, and colours not under NO_COLOR', async () => {
    const { stderr } = await runHere(['convert', '-'], { stdin: plainDump, terminal: true });
    expect(stderr).toContain('\r\x1b[2K');
    expect(stderr).toContain('\x1b[1m');
    const plain = await runHere(['convert', '-', '--quiet'], {
      stdin: 'a: [',
      terminal: true,
      env: { NO_COLOR: '1' },
    });
    expect(plain.stderr).not.toContain('\x1b');
    const forced = await runHere(['convert', '-', '--color', 'always'], { stdin: plainDump });
    expect(forced.stderr).toContain('\x1b[1m');
  });
});

describe('convert with files', () => {
  it('writes a directory and reports, and prints nothing to stdout', async () => {
    const root = temporaryDirectory();
    const [out, json, markdown] = ['out', 'r.json', 'r.md'].map((name) => join(root, name)) as [
      string,
      string,
      string,
    ];
    const args = ['convert', '-', '--output', out, '--report', json, '--report', markdown];
    const { code, stdout, stderr } = await runHere(args, { stdin: plainDump });
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain(`${out}: 2 files written\n`);
    expect(readdirSync(out).sort()).toEqual([
      '.ingress2istio.json',
      'kustomization.yaml',
      'shop.example.com.yaml',
    ]);
    const report = JSON.parse(readFileSync(json, 'utf8'));
    expect(report.summary.ingresses.total).toBe(1);
    const validate = new Ajv().compile(schema);
    validate(report);
    expect(validate.errors).toBeNull();
    expect(readFileSync(markdown, 'utf8')).toMatch(/^# /);
    const again = await runHere(args, { stdin: plainDump });
    expect(again.stderr).toContain(`${out}: 0 files written, 2 unchanged\n`);
  });

  it('writes nothing at all where one of the places cannot be written', async () => {
    const root = temporaryDirectory();
    const args = ['convert', '-', '--output', join(root, 'out'), '--report', join(root, 'none', 'r.json')];
    const { code, stderr } = await runHere(args, { stdin: plainDump });
    expect(code).toBe(2);
    expect(stderr).toContain('no such file or directory');
    expect(readdirSync(root)).toEqual([]);
  });

  it('does not overwrite what it did not write, unless forced', async () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, 'kustomization.yaml'), 'mine');
    const refused = await runHere(['convert', '-', '-o', root], { stdin: plainDump });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--force');
    expect(readdirSync(root)).toEqual(['kustomization.yaml']);
    expect((await runHere(['convert', '-', '-o', root, '--force'], { stdin: plainDump })).code).toBe(0);
  });

  it('takes the config file of the directory, which flags beat', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'conf'));
    writeFileSync(join(directory, 'ingress2istio.yaml'), 'apiVersion: v1beta1\nnamespace: edge\n');
    const fromFile = await runHere(['convert', '-'], { stdin: plainDump, directory });
    expect(fromFile.stdout).toContain('apiVersion: networking.istio.io/v1beta1');
    expect(fromFile.stdout).toContain('namespace: edge');
    const fromFlags = await runHere(['convert', '-', '--api-version', 'v1'], { stdin: plainDump, directory });
    expect(fromFlags.stdout).toContain('apiVersion: networking.istio.io/v1\n');
    expect(fromFlags.stdout).toContain('namespace: edge');
    writeFileSync(join(directory, 'conf', 'c.yaml'), 'controllerConfig: cm.yaml\n');
    writeFileSync(join(directory, 'conf', 'cm.yaml'), '- no\n');
    const broken = await runHere(['convert', '-', '--config', 'conf/c.yaml'], {
      stdin: plainDump,
      directory,
    });
    expect(broken.stderr).toContain('conf/cm.yaml contains no key: value lines.');
  });

  it("takes the controller's ConfigMap for what nginx does by default", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'cm.yaml'), 'ssl-redirect: "false"\n');
    const stdin = plainDump.replace(/ {2}annotations:\n.*\n/, '');
    const before = await runHere(['convert', '-'], { stdin, directory });
    const after = await runHere(['convert', '-', '--controller-config', 'cm.yaml'], { stdin, directory });
    expect(before.stdout).toContain('redirect:');
    expect(after.stdout).not.toContain('redirect:');
  });
});
