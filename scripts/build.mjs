// Bundles the command line into dist/: one entry and lazily loaded chunks, so that `--version` starts fast.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { build } from 'esbuild';
import { withSharedShapes } from './shared-shapes.mjs';

/**
 * yargs draws help texts alone with these, and the tables of characters behind them take 40 ms to load: it gets them when it
 * asks for the first time.
 */
const lateTables = {
  name: 'late-tables',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:cliui|string-width)$/ }, ({ path, importer, resolveDir }) =>
      /[\\/]yargs[\\/]/.test(importer) ? { path, namespace: 'late', pluginData: resolveDir } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'late' }, ({ path, pluginData }) => ({
      contents: `module.exports = (...given) => require(${JSON.stringify(path)}).default(...given);`,
      resolveDir: pluginData,
    }));
  },
};

rmSync('dist', { recursive: true, force: true });
const { outputFiles } = await build({
  entryPoints: { cli: 'src/cli.ts', 'log-worker': 'src/verify/log/worker.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'bundle',
  // Ink asks for it in a debugging mode that nobody has here.
  external: ['react-devtools-core'],
  define: { 'process.env.NODE_ENV': '"production"' },
  minify: true,
  legalComments: 'none',
  plugins: [lateTables],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
for (const { path, text } of outputFiles) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, withSharedShapes(text));
}

// The schemas that others may check their files against.
copyFileSync('src/config/schema.json', 'dist/config.schema.json');
copyFileSync('src/decisions/schema.json', 'dist/decisions.schema.json');
copyFileSync('src/report/report.schema.json', 'dist/report.schema.json');
copyFileSync('src/verify/report/verify-log.schema.json', 'dist/verify-log.schema.json');
copyFileSync('src/verify/report/verify-live.schema.json', 'dist/verify-live.schema.json');
copyFileSync('src/waves/plan-file.schema.json', 'dist/plan-file.schema.json');
copyFileSync('src/waves/plan-report.schema.json', 'dist/plan-report.schema.json');
