import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { clusterDump } from '../../scripts/bench/dump.ts';
import { writeAccessLog } from '../../scripts/bench/log.ts';
import { loadDecisions } from '../../src/decisions/file.ts';
import { defaultOptions } from '../../src/domain/options.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';
import { temporaryDirectory } from '../output/temporary.ts';
import { openTerminal, type TmuxTerminal } from '../tmux/terminal.ts';
import { built, onlyPrograms, type Ran, root, run } from './built.ts';

const cli = join(root, 'dist', 'cli.js');
let terminal: TmuxTerminal | undefined;
afterEach(() => {
  terminal?.close();
  terminal = undefined;
});

/** The same command line, by the executable in an empty environment and by Node. */
function both(args: readonly string[], cwd: string): { readonly executable: Ran; readonly node: Ran } {
  return { executable: run(built.executable, args, cwd), node: run(process.execPath, [cli, ...args], cwd) };
}

describe('the executable without Node', () => {
  it.each([
    [['--version']],
    [['--help']],
    [['annotations']],
    [['explain', 'rewrite-target']],
    [['report', 'samples/whole-cluster/input.yaml', '--format', 'html']],
    [['report', 'samples/whole-cluster/input.yaml', '--format', 'sarif']],
    [['diff', 'samples/whole-cluster/input.yaml', '--view', 'routes']],
    [['convert', '--nonsense']],
  ])('prints what Node prints: %j', (args) => {
    const { executable, node } = both(args, root);
    expect(executable).toEqual(node);
  });

  it('converts 1,000 Ingresses to the same bytes', () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'dump.yaml'), clusterDump({ ingresses: 1000, hosts: 550 }));
    const { executable, node } = both(['convert', 'dump.yaml', '--parity'], directory);
    expect(executable.stdout).toContain('kind: VirtualService');
    expect(executable).toEqual(node);
  });

  it('reads logs with its own threads', () => {
    const directory = temporaryDirectory();
    const text = clusterDump({ ingresses: 50, hosts: 30 });
    writeFileSync(join(directory, 'dump.yaml'), text);
    const { model } = convert(readTexts([{ file: 'dump.yaml', text }]), defaultOptions);
    writeAccessLog(join(directory, 'access.log'), model, 400_000);
    const args = ['verify', 'dump.yaml', '--log', 'access.log', '--format', 'json'];
    const { executable, node } = both(args, directory);
    expect(executable.stdout).toContain('400000');
    expect(executable).toEqual(node);
  });

  it('reviews in a terminal', async () => {
    const directory = temporaryDirectory();
    copyFileSync(join(root, 'test', 'tmux', 'dump.yaml'), join(directory, 'dump.yaml'));
    const shell = openTerminal(directory, 100, 30);
    terminal = shell;
    const path = onlyPrograms(directory);
    shell.run(
      `/usr/bin/env -i TERM=$TERM PATH=${path} ${built.executable} review dump.yaml --by anna --controller-version 1.15.1`,
    );
    await shell.shows('[1/9]');
    shell.keys('n', 't');
    await shell.shows('1 later');
    shell.keys('q');
    await shell.shows('1 decision made');
    expect(loadDecisions('ingress2istio.decisions.yaml', directory)).toHaveLength(1);
  });
});

it('lists the bundled packages and Node in the SBOM, and nothing made up', () => {
  const { components, specVersion } = JSON.parse(readFileSync(built.sbom, 'utf8')) as {
    specVersion: string;
    components: { name: string; version?: string; purl?: string }[];
  };
  expect(specVersion).toBe('1.6');
  expect(components.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['js-yaml', 'yargs', 'ink', 'node']),
  );
  for (const { name, version, purl } of components)
    expect({ name, known: version !== undefined && purl !== undefined }).toEqual({ name, known: true });
});
