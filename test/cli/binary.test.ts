import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { clusterDump } from '../../scripts/bench/dump.ts';
import { versionText } from '../../src/version.ts';
import { temporaryDirectory } from '../output/temporary.ts';
import { hostileDump, plainDump } from './dump.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cli = join(root, 'dist', 'cli.js');

function ran(args: readonly string[], input = ''): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { input, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

describe('the built program', () => {
  beforeAll(() => {
    if (!existsSync(cli)) execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { cwd: root });
  });

  it('prints the version of the package', () => {
    expect(ran(['--version'])).toEqual({ code: 0, stdout: `${versionText}\n`, stderr: '' });
  });

  it('keeps objects, talk and exit code apart', () => {
    const fine = ran(['convert', '-'], plainDump);
    expect(fine.code).toBe(0);
    expect(fine.stdout).toMatch(/^---\napiVersion: networking\.istio\.io\/v1\n/);
    const broken = ran(['convert', '-'], `a: [\n---\n${hostileDump}`);
    expect(broken.code).toBe(1);
    expect(broken.stdout).toContain('kind: VirtualService');
    expect(broken.stderr).toMatch(/^ {2}error /m);
    expect(ran(['convert', '--nonsense'])).toMatchObject({ code: 2, stdout: '' });
  });

  it('works as a plugin of kubectl', () => {
    const link = join(temporaryDirectory(), 'kubectl-ingress2istio');
    symlinkSync(cli, link);
    const { stdout } = spawnSync(process.execPath, [link, '--help'], { encoding: 'utf8' });
    expect(stdout).toContain('kubectl ingress2istio convert');
  });

  it.skipIf(process.platform === 'win32')('does not fall when its reader goes away', () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'dump.yaml'), clusterDump({ ingresses: 300, hosts: 300 }));
    const script = `"$0" "$1" convert "$2" --fail-on never | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync(
      'bash',
      ['-c', script, process.execPath, cli, join(directory, 'dump.yaml')],
      { encoding: 'utf8' },
    );
    expect(stdout).toBe('---\n0\n');
    expect(stderr).not.toMatch(/EPIPE|\n\s+at /);
  });

  it.skipIf(process.platform === 'win32')(
    'leaves nothing behind when it is stopped while it reads or writes',
    async () => {
      const directory = temporaryDirectory();
      mkdirSync(join(directory, 'place'));
      const out = join(directory, 'place', 'out');
      const child = spawn(process.execPath, [cli, 'convert', '-', '--output', out], {
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
        child.on('exit', (code, signal) => resolve({ code, signal }));
      });
      child.stdin.on('error', () => undefined);
      await new Promise((resolve) => child.stdin.write(plainDump, resolve));
      child.kill('SIGINT');
      const { code, signal } = await ended;
      expect(signal === 'SIGINT' || code === 130).toBe(true);
      expect(readdirSync(join(directory, 'place'))).toEqual([]);
    },
  );
});
