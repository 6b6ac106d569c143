// How the command line becomes JavaScript without imports of packages: for dist/, and as one file for the executables.
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

/** Ink loads React's developer tools where DEV is set; nobody has them here, and an executable could not even name them. */
const withoutDevtools = {
  name: 'without-devtools',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/devtools\.js$/ }, ({ importer }) =>
      /[\\/]ink[\\/]/.test(importer) ? { path: 'devtools', namespace: 'nothing' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: '' }));
  },
};

/**
 * Imports of Node's own modules are hoisted, so one file would load them all at its start: here each is loaded by who needs it.
 */
export const lateBuiltins = {
  name: 'late-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'require-call' ? undefined : { path, namespace: 'builtin' },
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

const requireForPackages =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/**
 * @param {import('esbuild').BuildOptions} options what differs: entries, format, target, splitting, plugins
 * @returns the files as text, and which files went into them
 */
export async function bundle({ plugins = [], ...options }) {
  const module = options.format !== 'cjs';
  const { outputFiles, metafile } = await build({
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'bundle',
    define: { 'process.env.NODE_ENV': '"production"' },
    minify: true,
    legalComments: 'none',
    plugins: [lateTables, withoutDevtools, ...plugins],
    ...(module && { banner: { js: requireForPackages } }),
    ...options,
  });
  const files = outputFiles.map(({ path, text }) => ({ path, text: module ? withSharedShapes(text) : text }));
  return { files, metafile: withoutVirtual(metafile) };
}

/** Without what the plugins above made up. */
function withoutVirtual({ inputs, outputs }) {
  const real = (files) =>
    Object.fromEntries(Object.entries(files).filter(([path]) => !/^(?:late|nothing|builtin):/.test(path)));
  return {
    inputs: real(inputs),
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([path, output]) => [path, { ...output, inputs: real(output.inputs) }]),
    ),
  };
}
