import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extract } from 'tar';
import { nodeVersion, type Platform } from './platforms.ts';

/** Node's executable for a platform, and its licence where the package has it. */
export interface Runtime {
  readonly program: string;
  readonly licence: string;
}

/**
 * Fetches Node for a platform with npm, unless the cache has it, and checks every time that it is the one that was chosen here.
 */
export async function runtimeOf({ name, system, runtime }: Platform, cache: string): Promise<Runtime> {
  const folder = join(cache, `node-${nodeVersion}-${name}`);
  const archive = join(cache, `${runtime.package}-${nodeVersion}.tgz`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(archive))
    execFileSync(
      'npm',
      ['pack', '--silent', '--pack-destination', cache, `${runtime.package}@${nodeVersion}`],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
        shell: process.platform === 'win32',
      },
    );
  const integrity = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (integrity !== runtime.integrity)
    throw new Error(
      `${archive} is not the file that was chosen: ${integrity}. Remove it, or update platforms.ts.`,
    );
  const program = system === 'windows' ? 'bin/node.exe' : 'bin/node';
  await extract({ file: archive, cwd: folder, strip: 1 }, [`package/${program}`, 'package/LICENSE']).catch(
    (error: Error) => {
      if (!existsSync(join(folder, program))) throw error;
    },
  );
  return { program: join(folder, program), licence: join(folder, 'LICENSE') };
}
