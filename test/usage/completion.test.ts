import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandLines } from '../../src/commands/command-lines.ts';
import { completionScript } from '../../src/commands/completion.ts';
import { runHere } from '../cli/fake-terminal.ts';
import { temporaryDirectory } from '../output/temporary.ts';
import { cli, hasTmux, openTerminal, type TmuxTerminal } from '../tmux/terminal.ts';
import { has, output } from './programs.ts';

/** A line as far as it is typed, and what may come: some of it, and something that may not. */
const lines: readonly (readonly [line: string, some: readonly string[], not: string])[] = [
  ['', ['convert', 'explain', 'completion'], '--output'],
  ['rep', ['report'], 'convert'],
  ['report --fo', ['--format', '--force'], '--output'],
  ['report --no-', ['--no-decisions', '--no-parity'], '--no-format'],
  ['report --format ', ['sarif', 'junit'], 'table'],
  ['annotations --format ', ['table', 'json'], 'sarif'],
  ['report --tls c', ['copy', 'certificate'], 'auto'],
  ['report --select ', ['host=', 'wave='], 'host'],
  ['plan --together si', ['sign-in'], 'cookie'],
  ['annotations --status ma', ['manual'], 'exact'],
  ['diff --against clu', ['cluster'], 'manifests'],
  ['explain --color never rewrite-t', ['rewrite-target'], 'rewrite/manual'],
  ['explain platform/p', ['platform/path-normalization'], 'rewrite-target'],
  ['explain hst', ['hsts', 'hsts-max-age'], 'rewrite-target'],
  ['decisions ', ['merge', 'list', 'check'], 'convert'],
  ['decisions --output x me', ['merge'], 'list'],
  ['completion ', ['bash', 'zsh', 'fish', 'kubectl'], 'convert'],
];

function script(shell: 'bash' | 'zsh' | 'fish' | 'kubectl'): string {
  return completionScript(shell, commandLines);
}

/** In a file of its own, in a directory with something to complete. */
function directoryWith(shell: 'bash' | 'zsh' | 'fish' | 'kubectl', name: string): string {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, name), script(shell));
  chmodSync(join(directory, name), 0o755);
  writeFileSync(join(directory, 'unusual name.yaml'), '');
  return directory;
}

function check(found: readonly string[], some: readonly string[], not: string): void {
  expect(found).toEqual(expect.arrayContaining([...some]));
  expect(found).not.toContain(not);
}

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish', 'kubectl'] as const)('prints the script for %s', async (shell) => {
    expect(await runHere(['completion', shell])).toEqual({ code: 0, stdout: script(shell), stderr: '' });
  });

  it.each([
    [['completion'], 'One shell is needed.'],
    [['completion', 'bash', 'zsh'], 'One shell is needed.'],
    [['completion', '\x1b[31m'], 'There is no completion for'],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await runHere(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).toContain('It takes one of: bash, zsh, fish, kubectl.');
    expect(stderr).not.toContain('\x1b');
  });
});

describe('in bash', () => {
  let directory: string;
  beforeEach(() => {
    directory = directoryWith('bash', 'completion.bash');
  });
  const ask = (...words: readonly string[]): string[] =>
    output(
      'bash',
      [
        '-c',
        `source completion.bash
COMP_WORDS=(ingress2istio "$@") COMP_CWORD=$#
_ingress2istio
printf '%s\\n' "\${COMPREPLY[@]}"`,
        'bash',
        ...words,
      ],
      { cwd: directory },
    )
      .trimEnd()
      .split('\n');

  it.each(lines)('%s', (line, some, not) => check(ask(...line.split(' ')), some, not));

  it.each([
    [
      ['report', '--format', '='],
      ['md', 'sarif'],
    ],
    [['report', '--format', '=', 'sa'], ['sarif']],
    [['report', '--select', 'host', '=', 'a'], ['']],
    [['convert', 'dump', ':', 'x'], ['']],
  ])('takes the words that readline divides as one: %j', (words, some) => {
    expect(ask(...words)).toEqual(expect.arrayContaining(some));
  });
});

describe('for kubectl', () => {
  const program = 'kubectl_complete-ingress2istio';
  let directory: string;
  beforeEach(() => {
    directory = directoryWith('kubectl', program);
  });
  const ask = (...words: readonly string[]): string[] =>
    output(join(directory, program), words).trimEnd().split('\n');

  it.each(lines)('%s', (line, some, not) => check(ask(...line.split(' ')), some, not));

  it.each([
    ['explain rewrite-t', ':4'],
    ['report --select h', ':6'],
    ['report ', ':0'],
    ['convert --namespace ', ':4'],
    ['report --format=sa', ':4'],
  ])('ends with a directive of Cobra: %s', (line, directive) => {
    expect(ask(...line.split(' ')).at(-1)).toBe(directive);
  });

  /** kubectl asks plugins since 1.26. */
  const version = has('kubectl')
    ? (/v1\.(\d+)/.exec(output('kubectl', ['version', '--client']))?.[1] ?? '0')
    : '0';

  it.skipIf(Number(version) < 26)('completes kubectl ingress2istio', () => {
    symlinkSync(cli, join(directory, 'kubectl-ingress2istio'));
    const env = { PATH: `${directory}:${process.env['PATH']}`, HOME: directory };
    const asked = output('kubectl', ['__complete', 'ingress2istio', 'explain', 'rewrite-t'], { env });
    expect(asked.split('\n').slice(0, 2)).toEqual(['rewrite-target', ':4']);
  });
});

describe.skipIf(!has('fish'))('in fish', () => {
  let directory: string;
  beforeEach(() => {
    directory = directoryWith('fish', 'completion.fish');
  });
  const ask = (line: string, program = 'ingress2istio'): string[] =>
    output(
      'fish',
      ['--no-config', '-c', 'source completion.fish; complete -C "$argv[1]"', `${program} ${line}`],
      {
        cwd: directory,
        env: { HOME: directory },
      },
    )
      .trimEnd()
      .split('\n')
      .map((found) => found.split('\t')[0]!);

  // fish also offers what has the letters somewhere.
  it.each(lines)('%s', (line, some) => expect(ask(line)).toEqual(expect.arrayContaining([...some])));

  it('offers files where files are read, and nowhere else', () => {
    expect(ask('report unu')).toEqual(['unusual name.yaml']);
    expect(ask('convert --config unu')).toEqual(['unusual name.yaml']);
    expect(ask('decisions merge unu')).toEqual(['unusual name.yaml']);
    for (const line of ['explain unu', 'convert --namespace unu', 'completion unu'])
      expect(ask(line)).not.toContain('unusual name.yaml');
    expect(ask('anno', 'kubectl-ingress2istio')).toEqual(['annotations']);
  });
});

describe.skipIf(!hasTmux)('at the prompt', () => {
  let terminal: TmuxTerminal | undefined;
  afterEach(() => terminal?.close());

  const shells = {
    bash: ['bash --norc --noprofile', 'PS1="> "; source ./completion.bash'],
    zsh: ['zsh -f', 'PROMPT="> "; autoload -U compinit; compinit -D -u; source ./completion.zsh'],
  } as const;

  describe.each(['bash', 'zsh'] as const)('of %s', (shell) => {
    it.skipIf(!has(shell))(
      'Tab completes commands, values, names, and files',
      { timeout: 60_000 },
      async () => {
        const [start, setup] = shells[shell];
        const open = openTerminal(directoryWith(shell, `completion.${shell}`), 150, 40);
        terminal = open;
        open.run(start);
        open.run(`${setup}; clear; echo read''y`);
        await open.shows('ready');
        const tabs = async (line: string, completed: string): Promise<void> => {
          open.keys(line, 'Tab');
          await open.shows(`> ${completed}`);
          open.keys('C-u');
        };
        await tabs('ingress2istio rep', 'ingress2istio report');
        await tabs('ingress2istio report --form', 'ingress2istio report --format');
        await tabs('ingress2istio report --format=sa', 'ingress2istio report --format=sarif');
        await tabs('ingress2istio convert --tls cop', 'ingress2istio convert --tls copy');
        await tabs('ingress2istio diff --select ho', 'ingress2istio diff --select host=');
        await tabs('ingress2istio diff --against clus', 'ingress2istio diff --against cluster');
        await tabs(
          'ingress2istio explain platform/path-',
          'ingress2istio explain platform/path-normalization',
        );
        await tabs('ingress2istio convert unu', 'ingress2istio convert unusual\\ name.yaml');
        await tabs(
          'ingress2istio convert --config unu',
          'ingress2istio convert --config unusual\\ name.yaml',
        );
        open.keys('ingress2istio decisions ', 'Tab', 'Tab');
        expect(await open.shows('merge')).toMatch(/check +list +merge|merge +list +check/);
        open.keys('C-u');
        await tabs('ingress2istio decisions merge unu', 'ingress2istio decisions merge unusual\\ name.yaml');
      },
    );
  });
});
