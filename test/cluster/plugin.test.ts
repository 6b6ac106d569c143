import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../output/temporary.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cli = join(root, 'dist', 'cli.js');

it.skipIf(process.platform === 'win32')('is a command of kubectl where it is installed as one', () => {
  if (!existsSync(cli)) execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { cwd: root });
  chmodSync(cli, 0o755);
  const directory = temporaryDirectory();
  symlinkSync(cli, join(directory, 'kubectl-ingress2istio'));
  const env = { ...process.env, PATH: [directory, process.env['PATH']].join(delimiter) };
  const { status, stdout } = spawnSync('kubectl', ['ingress2istio', '--help'], { env, encoding: 'utf8' });
  expect(status).toBe(0);
  expect(stdout).toContain('kubectl ingress2istio convert ');
});
