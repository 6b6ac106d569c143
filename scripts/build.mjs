// Bundles the command line into dist/: one entry and lazily loaded chunks, so that `--version` starts fast.
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: ['src/cli.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'bundle',
  minify: true,
  keepNames: true,
  legalComments: 'none',
  // V8 of Node 20 gives every object that is built by spread a hidden class of its own: js-yaml's parser is 3 times slower then.
  supported: { 'object-rest-spread': false },
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
