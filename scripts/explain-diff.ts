// Shows what a change does to the output before it is committed:
//   npm run explain-diff -- [--base REV] [--only TEXT] [--check] [INPUT...]
// Converts samples, scenarios and (where it is there) the corpus with the base's code and with the working tree's, in both profiles, and shows
// each distinct change once. With --check the exit code is 1 where anything changed.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { structuredPatch } from 'diff';
import { build } from 'esbuild';
import { groupChanges } from './explain-diff/changes.ts';

type Run = (args: readonly string[], terminal: object) => Promise<number>;

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    base: { type: 'string', default: 'HEAD' },
    only: { type: 'string', default: '' },
    check: { type: 'boolean', default: false },
  },
});
const profiles = { default: [], parity: ['--parity'] } as const;
const usual = ['samples', 'test/conformance/scenarios', '../shared/corpus', '../shared/corpus-complete'];

const work = mkdtempSync(join(tmpdir(), 'explain-diff-'));
try {
  process.exitCode = await main();
} finally {
  rmSync(work, { recursive: true });
}

async function main(): Promise<number> {
  const base = join(work, 'base');
  mkdirSync(base);
  execFileSync(
    'sh',
    ['-c', 'git archive "$1" src mappings package.json | tar x -C "$2"', '-', values.base, base],
    {
      cwd: root,
    },
  );
  const [before, after] = [await bundled(base, 'before'), await bundled(root, 'after')];
  const chosen = positionals.length > 0 ? positionals : usual.filter((path) => existsSync(join(root, path)));
  const inputs = chosen
    .flatMap((path) => inputsBelow(join(root, path)))
    .filter((path) => path.includes(values.only));
  const changes: { readonly where: string; readonly patch: string }[] = [];
  for (const [profile, flags] of Object.entries(profiles)) {
    for (const input of inputs) {
      const [old, now] = [await output(before, input, flags), await output(after, input, flags)];
      if (old === now) continue;
      const { hunks } = structuredPatch('before', 'after', old, now, '', '', { context: 1 });
      const where = `${relative(root, input)} (${profile})`;
      changes.push(...hunks.map(({ lines }) => ({ where, patch: lines.join('\n') })));
    }
  }
  const groups = groupChanges(changes);
  for (const { patch, places } of groups) {
    const more = places.length > 3 ? ` and ${places.length - 3} more` : '';
    console.log(`${places.slice(0, 3).join(', ')}${more}\n${patch}\n`);
  }
  const touched = new Set(changes.map(({ where }) => where)).size;
  const all = inputs.length * Object.keys(profiles).length;
  console.log(`${touched} of ${all} conversions change, in ${groups.length} ways.`);
  return values.check && touched > 0 ? 1 : 0;
}

/** The command of a checkout, as one module. */
async function bundled(source: string, name: string): Promise<Run> {
  const outdir = join(work, name);
  const banner =
    "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";
  await build({
    entryPoints: [join(source, 'src/commands/run.ts')],
    bundle: true,
    splitting: true,
    outdir,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    outExtension: { '.js': '.mjs' },
    define: { 'process.env.NODE_ENV': '"production"' },
    external: ['react-devtools-core'],
    nodePaths: [join(root, 'node_modules')],
    banner: { js: banner },
    logLevel: 'error',
  });
  return ((await import(pathToFileURL(join(outdir, 'run.mjs')).href)) as { readonly run: Run }).run;
}

/** Objects, findings and the verdict, as a user sees them. */
async function output(run: Run, input: string, flags: readonly string[]): Promise<string> {
  const texts: string[] = [];
  const sink = () =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        texts.push(chunk.toString());
        done();
      },
    });
  const terminal = { program: 'ingress2istio', directory: root, env: {}, stdin: Readable.from([]) };
  await run(['convert', relative(root, input), ...flags], { ...terminal, stdout: sink(), stderr: sink() });
  return texts.join('');
}

/** A folder with an `input.yaml` is one input; other files are one each. */
function inputsBelow(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  const own = join(path, 'input.yaml');
  if (existsSync(own)) return [own];
  return readdirSync(path)
    .sort()
    .map((name) => join(path, name))
    .filter((one) => statSync(one).isDirectory() || /\.ya?ml$/.test(one))
    .flatMap(inputsBelow);
}
