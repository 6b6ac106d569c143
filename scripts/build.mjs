// Bundles the command line into dist/: one entry and lazily loaded chunks, so that `--version` starts fast.
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from './bundle.mjs';
import { noticesOf, packagesOf } from './notices.mjs';

rmSync('dist', { recursive: true, force: true });
const { files, metafile } = await bundle({
  entryPoints: { cli: 'src/cli.ts', 'log-worker': 'src/verify/log/worker.ts' },
  outdir: 'dist',
  splitting: true,
  target: 'node20.19',
});
for (const { path, text } of files) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

writeFileSync('dist/THIRD-PARTY-NOTICES.txt', noticesOf(packagesOf(metafile)));

// The manual page and kubectl's completion, from the tables of the command line.
const tables = 'dist/shipped.mjs';
const { files: tableFiles } = await bundle({ entryPoints: ['src/commands/shipped.ts'], outfile: tables });
for (const { path, text } of tableFiles) writeFileSync(path, text);
const { shippedFiles } = await import(pathToFileURL(tables).href);
rmSync(tables);
for (const [name, text] of Object.entries(shippedFiles())) {
  writeFileSync(`dist/${name}`, text);
  if (text.startsWith('#!')) chmodSync(`dist/${name}`, 0o755);
}

// The schemas that others may check their files against.
copyFileSync('src/config/schema.json', 'dist/config.schema.json');
copyFileSync('src/decisions/schema.json', 'dist/decisions.schema.json');
copyFileSync('src/report/report.schema.json', 'dist/report.schema.json');
copyFileSync('src/verify/report/verify-log.schema.json', 'dist/verify-log.schema.json');
copyFileSync('src/verify/report/verify-live.schema.json', 'dist/verify-live.schema.json');
copyFileSync('src/waves/plan-file.schema.json', 'dist/plan-file.schema.json');
copyFileSync('src/waves/plan-report.schema.json', 'dist/plan-report.schema.json');
