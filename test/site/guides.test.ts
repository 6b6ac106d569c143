import { execFile } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { afterEach, describe, expect, it } from 'vitest';
import { environment } from '../cluster/world.ts';
import { temporaryDirectory } from '../output/temporary.ts';
import { type Cluster, type StoredObject, startCluster } from './cluster.ts';
import { type Gateway, startGateway } from './gateway.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Pages of `docs/` that name a sample: their commands are run on it. */
const guides = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .sort()
  .map((file) => ({ file, text: readFileSync(join(root, 'docs', file), 'utf8') }))
  .map((page) => ({ ...page, sample: /^---\n[\s\S]*?^sample: (\S+)$[\s\S]*?^---$/m.exec(page.text)?.[1] }))
  .flatMap(({ sample, ...page }) => (sample === undefined ? [] : [{ ...page, sample }]));

const tutorial = guides.find(({ file }) => file === 'tutorial.md')!;

/** The commands of a page, each with what it shows of their output. */
function commandsOf(text: string): { readonly command: string; readonly shown: readonly string[] }[] {
  const blocks = [...text.matchAll(/^( *)```(sh|text)\n([\s\S]*?)^ *```$/gm)].map(
    ([, indent = '', language, body = '']) => ({
      language,
      body: body.replace(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
  return blocks.flatMap(({ language, body }, index) => {
    if (language !== 'sh') return [];
    const next = blocks[index + 1];
    return [{ command: body, shown: next?.language === 'text' ? next.body.trimEnd().split('\n') : [] }];
  });
}

/** Whether the lines stand in the output, in this order; `…` is for what is left out. */
function shows(output: string, shown: readonly string[]): string {
  const lines = output.split('\n').map((line) => line.trim());
  let from = 0;
  for (const line of shown.filter((one) => one !== '…')) {
    const pattern = new RegExp(`^${line.trim().split('…').map(escaped).join('.*')}`);
    const found = lines.findIndex((one, index) => index >= from && pattern.test(one));
    if (found === -1) return `missing: ${line}`;
    from = found + 1;
  }
  return '';
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

const open: { close(): unknown }[] = [];
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));

/** A working directory as a reader has it: the program and kubectl on the PATH, a cluster, two gateways, and the dump. */
async function desk(sample: string): Promise<{
  readonly cluster: Cluster;
  readonly gateways: readonly Gateway[];
  run(command: string): Promise<string>;
}> {
  const directory = temporaryDirectory();
  const dump = readFileSync(join(root, 'samples', sample, 'input.yaml'), 'utf8');
  writeFileSync(join(directory, 'dump.yaml'), dump);
  const { items } = load(dump) as { items: readonly StoredObject[] };
  const cluster = await startCluster(items);
  const gateways = [await startGateway(), await startGateway()];
  open.push(cluster, ...gateways);
  const bin = temporaryDirectory();
  writeFileSync(
    join(bin, 'ingress2istio'),
    `#!/bin/sh\nexec "${process.execPath}" "${root}dist/cli.js" "$@"\n`,
  );
  chmodSync(join(bin, 'ingress2istio'), 0o755);
  const env = environment(cluster.url);
  const [OLD = '', NEW = ''] = gateways.map(({ address }) => address);
  return {
    cluster,
    gateways,
    run: (command) =>
      new Promise((resolve) => {
        const options = { cwd: directory, env: { ...env, PATH: `${bin}:${env['PATH']}`, OLD, NEW } };
        execFile('bash', ['-c', `exec 2>&1\n${command}`], options, (error, stdout) => {
          resolve(`${stdout}${error === null ? '' : `\nfailed: ${error.code}`}`);
        });
      }),
  };
}

describe('every command of a guide does what the guide says', () => {
  it('of the tutorial and of others', () => {
    expect(tutorial.sample).toBe('whole-cluster');
    expect(guides.length).toBeGreaterThan(4);
  });

  it.each(guides.filter((guide) => guide !== tutorial))('$file', { timeout: 120_000 }, async (guide) => {
    await follow(guide, await desk(guide.sample));
  });

  it('the tutorial: it fills the cluster, compares both gateways, and takes everything away again', {
    timeout: 120_000,
  }, async () => {
    const { run, cluster, gateways } = await desk(tutorial.sample);
    const before = cluster.objects.length;
    let most = 0;
    await follow(tutorial, {
      run: async (command) => {
        const output = await run(command);
        most = Math.max(most, cluster.objects.length);
        return output;
      },
    });
    expect(most).toBeGreaterThan(before + 10);
    expect(cluster.objects).toHaveLength(before);
    expect([...gateways[0]!.hosts].sort()).toEqual([...gateways[1]!.hosts].sort());
    expect(gateways[0]!.hosts.size).toBeGreaterThan(3);
  });
});

/** Runs the commands in order; each has to succeed, and to say what the page shows. */
async function follow(
  { text }: { readonly text: string },
  { run }: { run(command: string): Promise<string> },
): Promise<void> {
  const commands = commandsOf(text);
  expect(commands.length).toBeGreaterThan(0);
  for (const { command, shown } of commands) {
    const output = await run(command);
    expect(shows(output, shown), `${command}\n${output}`).toBe('');
    expect(output).not.toContain('\nfailed: ');
  }
}
