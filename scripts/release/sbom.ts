import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { nodeVersion } from './platforms.ts';

interface Bom {
  components: object[];
}

/** Writes what is in the executables, as CycloneDX: the packages that were bundled, and Node. */
export function writeSbom(root: string, metafile: Metafile, work: string, output: string): void {
  const input = join(work, 'metafile.json');
  writeFileSync(input, JSON.stringify(metafile));
  const generator = join(
    root,
    'node_modules',
    '@cyclonedx',
    'cyclonedx-esbuild',
    'bin',
    'cyclonedx-esbuild-cli.js',
  );
  execFileSync(process.execPath, [generator, '--output-reproducible', '-o', output, input], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const bom = JSON.parse(readFileSync(output, 'utf8')) as Bom;
  bom.components.push({
    type: 'platform',
    name: 'node',
    version: nodeVersion,
    'bom-ref': `node@${nodeVersion}`,
    licenses: [{ license: { id: 'MIT', acknowledgement: 'declared' } }],
    cpe: `cpe:2.3:a:nodejs:node.js:${nodeVersion}:*:*:*:*:*:*:*`,
    purl: `pkg:generic/node@${nodeVersion}`,
  });
  writeFileSync(output, `${JSON.stringify(bom, null, 2)}\n`);
}
