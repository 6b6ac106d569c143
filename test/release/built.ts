import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const cache = join(root, '.cache', 'release');
const output = join(root, 'release');

/** What `npm run release -- linux-x64 --url …` wrote. */
export const built = {
  package: join(output, `ingress2istio-${manifest.version}.tgz`),
  executable: join(output, 'linux-x64', 'ingress2istio'),
  archive: join(output, `ingress2istio-${manifest.version}-linux-x64.tar.gz`),
  krewManifest: join(output, 'ingress2istio.yaml'),
  sbom: join(output, `ingress2istio-${manifest.version}.cdx.json`),
  checksums: join(output, 'SHA256SUMS'),
};

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program with nothing in its environment but what is given. */
export function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Ran {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}

/** A directory for PATH that has only these programs of this machine: no Node. */
export function onlyPrograms(directory: string, ...names: readonly string[]): string {
  const path = join(directory, 'only');
  mkdirSync(path);
  for (const name of names) symlinkSync(placeOf(name), join(path, name));
  return path;
}

/** Where a program is installed. */
export function placeOf(name: string): string {
  const { status, stdout } = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} isn't installed`);
  return stdout.trim();
}
