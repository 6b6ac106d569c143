// Bundles the command line into dist/: one entry and lazily loaded chunks, so that `--version` starts fast.
import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { build, transform } from 'esbuild';

/** V8 of Node 20 gives every object that is built by spread a hidden class of its own, which makes js-yaml's parser 3 times slower. */
function withoutSpread(filter) {
  return {
    name: 'without-spread',
    setup(builder) {
      builder.onLoad({ filter }, async ({ path }) => {
        const supported = { 'object-rest-spread': false };
        const { code } = await transform(readFileSync(path, 'utf8'), { format: 'esm', supported });
        return { contents: code, loader: 'js' };
      });
    },
  };
}

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
  // Ink asks for it in a debugging mode that nobody has here.
  external: ['react-devtools-core'],
  define: { 'process.env.NODE_ENV': '"production"' },
  minify: true,
  legalComments: 'none',
  plugins: [withoutSpread(/[\\/]js-yaml[\\/]dist[\\/].*\.mjs$/)],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});

// The schemas that others may check their files against.
copyFileSync('src/config/schema.json', 'dist/config.schema.json');
copyFileSync('src/decisions/schema.json', 'dist/decisions.schema.json');
copyFileSync('src/report/report.schema.json', 'dist/report.schema.json');
