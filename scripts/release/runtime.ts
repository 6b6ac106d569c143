import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extract } from 'tar';

/** Node's own build for a system, as the package registry has it. */
export interface RuntimePackage {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

/** What is taken from such a package; those for Windows have no licence in them. */
export interface Runtime {
  readonly program: string;
  readonly licence: string;
}

/** Fetches Node with npm, unless the cache has it, and checks every time that it is the one that was chosen. */
export async function runtimeOf(
  { name, version, integrity }: RuntimePackage,
  cache: string,
): Promise<Runtime> {
  const folder = join(cache, `${name}-${version}`);
  const archive = `${folder}.tgz`;
  mkdirSync(folder, { recursive: true });
  if (!existsSync(archive))
    execFileSync('npm', ['pack', '--silent', '--pack-destination', cache, `${name}@${version}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    });
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (found !== integrity)
    throw new Error(`${archive} isn't the file that was chosen, but ${found}. Remove it, or choose it.`);
  const program = name.startsWith('node-win') ? 'bin/node.exe' : 'bin/node';
  const wanted = new Set([`package/${program}`, 'package/LICENSE']);
  await extract({ file: archive, cwd: folder, strip: 1, filter: (path) => wanted.has(path) });
  return { program: join(folder, program), licence: join(folder, 'LICENSE') };
}
