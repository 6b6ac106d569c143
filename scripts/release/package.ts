import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extract } from 'tar';

/**
 * Packs the npm package without what is only for a clone: npm warns about its build script, which an installation doesn't run.
 *
 * @returns the name of the file
 */
export async function packPackage(root: string, work: string, output: string): Promise<string> {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  await extract({ file: join(work, pack(root, work)), cwd: work });
  const folder = join(work, 'package');
  const file = join(folder, 'package.json');
  const manifest: Record<string, unknown> = JSON.parse(readFileSync(file, 'utf8'));
  for (const key of ['scripts', 'devDependencies', 'overrides']) delete manifest[key];
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  return pack(folder, output);
}

function pack(folder: string, destination: string): string {
  const printed = execFileSync('npm', ['pack', '--json', '--pack-destination', destination], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  });
  const [packed] = JSON.parse(printed) as { filename: string }[];
  return packed!.filename;
}
