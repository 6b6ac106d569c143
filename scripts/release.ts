/**
 * Builds what is published into release/: the npm package, an archive with one executable for each platform, a krew manifest,
 * an SBOM and checksums.
 *
 *     npm run release [-- PLATFORM…] [-- --url URL]
 *
 * All platforms, unless some are named. The krew manifest is written where --url says where the archives will be, or the package has
 * a homepage.
 */
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import { noticesOf, packagesOf } from './notices.mjs';
import { archive } from './release/archive.ts';
import { bundleProgram, writeExecutable } from './release/executable.ts';
import { type Archive, krewManifest } from './release/krew.ts';
import { packPackage } from './release/package.ts';
import { hostPlatform, nodeVersion, type Platform, platforms, programName } from './release/platforms.ts';
import { type Runtime, runtimeOf } from './release/runtime.ts';
import { writeSbom } from './release/sbom.ts';
import { signAdHoc } from './release/signature.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const output = join(root, 'release');
const cache = join(root, '.cache', 'release');
const { version, homepage }: { version: string; homepage?: string } = manifest;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { url: { type: 'string' } } });
const url = values.url ?? (homepage === undefined ? undefined : `${homepage}/releases/download/v${version}`);
const unknown = positionals.find((name) => !platforms.some((platform) => platform.name === name));
if (unknown !== undefined)
  throw new Error(`There is no platform ${unknown}, only ${platforms.map(({ name }) => name).join(', ')}.`);
const chosen = platforms.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

rmSync(output, { recursive: true, force: true });
mkdirSync(output);
const published = [await packPackage(root, join(cache, 'package'), output)];

const builder = await runtimeOf(hostPlatform().runtime, cache);
const program = await bundleProgram(root, join(cache, 'program'));
const notices = `${noticesOf(packagesOf(program.metafile))}\n${'-'.repeat(80)}\nNode.js ${nodeVersion}\n\n${readFileSync(builder.licence, 'utf8')}`;
const archives: Archive[] = [];
for (const platform of chosen) {
  const name = await packPlatform(platform, await runtimeOf(platform.runtime, cache));
  archives.push({ platform, name, sha256: sha256(name) });
  published.push(name);
}

const sbom = `ingress2istio-${version}.cdx.json`;
writeSbom(root, program.metafile, cache, join(output, sbom));
published.push(sbom);
if (url !== undefined) {
  writeFileSync(join(output, 'ingress2istio.yaml'), krewManifest(version, homepage, url, archives));
  published.push('ingress2istio.yaml');
}
writeFileSync(
  join(output, 'SHA256SUMS'),
  published
    .sort()
    .map((name) => `${sha256(name)}  ${name}\n`)
    .join(''),
);
for (const name of published)
  console.log(`${(statSync(join(output, name)).size / 1e6).toFixed(2).padStart(8)} MB  release/${name}`);
if (url === undefined) console.log('No krew manifest: say with --url where the archives will be.');

/** The program in release/PLATFORM/, and the archive of it. */
async function packPlatform(platform: Platform, runtime: Runtime): Promise<string> {
  const folder = join(output, platform.name);
  mkdirSync(folder);
  const executable = join(folder, programName(platform));
  writeExecutable(program, builder.program, runtime.program, join(cache, programName(platform)));
  copyFileSync(join(cache, programName(platform)), executable);
  chmodSync(executable, 0o755);
  if (platform.system === 'darwin') signAdHoc(executable);
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  const more = platform.system === 'windows' ? [] : ['ingress2istio.1', 'kubectl_complete-ingress2istio'];
  // The package that was packed before has built them.
  for (const name of more) copyFileSync(join(root, 'dist', name), join(folder, name));
  writeFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), notices);
  const name = `ingress2istio-${version}-${platform.name}${platform.system === 'windows' ? '.zip' : '.tar.gz'}`;
  await archive(join(output, name), folder, [
    programName(platform),
    'LICENSE',
    'THIRD-PARTY-NOTICES.txt',
    ...more,
  ]);
  return name;
}

function sha256(name: string): string {
  return createHash('sha256')
    .update(readFileSync(join(output, name)))
    .digest('hex');
}
