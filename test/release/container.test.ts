import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../output/temporary.ts';
import { has } from '../usage/programs.ts';
import { built, cache, type Ran, root, run } from './built.ts';

/** Debian as debootstrap makes it: what `debian:12-slim` is made of, without a registry of images. */
const base = join(cache, 'debian-12');

function makeBase(): void {
  if (existsSync(base)) return;
  const unfinished = `${base}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(dirname(unfinished), { recursive: true });
  execFileSync('debootstrap', ['--variant=minbase', 'bookworm', unfinished, 'http://deb.debian.org/debian'], {
    stdio: 'pipe',
  });
  renameSync(unfinished, base);
}

const possible = has('buildah') && has('debootstrap') && process.getuid?.() === 0;

describe.skipIf(!possible)('the Containerfile (needs buildah, debootstrap, and root)', () => {
  const store = join(cache, 'images');
  const buildah = (...args: readonly string[]): Ran =>
    run(
      'buildah',
      ['--root', join(store, 'root'), '--runroot', join(store, 'run'), '--storage-driver', 'vfs', ...args],
      root,
      { ...process.env, PATH: process.env['PATH']! } as Record<string, string>,
    );
  const done = (...args: readonly string[]): string => {
    const { status, stdout, stderr } = buildah(...args);
    if (status !== 0) throw new Error(`buildah ${args[0]}: ${stderr}`);
    return stdout.trim();
  };

  beforeAll(() => {
    rmSync(store, { recursive: true, force: true });
    makeBase();
    const debian = done('from', 'scratch');
    done('add', '--quiet', debian, base, '/');
    done('commit', '--quiet', debian, 'docker.io/library/debian:12-slim');
    done(
      'build',
      '--isolation=chroot',
      '--pull-never',
      '--tag=ingress2istio',
      `--file=${join(root, 'Containerfile')}`,
      dirname(built.executable),
    );
    return () => rmSync(store, { recursive: true, force: true });
  }, 900_000);

  it('makes an image that converts as a user without rights, and writes nothing', () => {
    const directory = temporaryDirectory();
    // Mounted as it is, and the user isn't its owner.
    chmodSync(directory, 0o755);
    copyFileSync(join(root, 'samples/api-and-websocket/input.yaml'), join(directory, 'dump.yaml'));
    const container = done('from', 'ingress2istio');
    const inside = (...command: readonly string[]): string =>
      done('run', '--isolation=chroot', `--volume=${directory}:/work:ro`, container, '--', ...command);
    expect(inside('id', '-u')).toBe('65532');
    expect(inside('sh', '-c', 'command -v node || echo none')).toBe('none');
    expect(inside('ingress2istio', 'convert', 'dump.yaml')).toContain('kind: VirtualService');
    const config = JSON.parse(done('inspect', '--type=image', 'ingress2istio')).OCIv1.config;
    expect(config).toMatchObject({ User: '65532:65532', Entrypoint: ['ingress2istio'], WorkingDir: '/work' });
  });
});
