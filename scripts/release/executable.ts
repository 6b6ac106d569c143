import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundle, lateBuiltins } from '../bundle.mjs';

/** What goes into every executable besides Node. */
export interface Program {
  readonly main: string;
  readonly assets: Readonly<Record<string, string>>;
  readonly metafile: Metafile;
}

/** One file for the program, one for the threads of `verify --log`, and the samples that `explain` shows. */
export async function bundleProgram(root: string, work: string): Promise<Program> {
  mkdirSync(work, { recursive: true });
  const common = { absWorkingDir: root, target: 'node26' };
  const main = join(work, 'ingress2istio.mjs');
  const worker = join(work, 'log-worker.cjs');
  const program = await bundle({
    ...common,
    entryPoints: ['src/cli.ts'],
    outfile: main,
    plugins: [lateBuiltins],
  });
  const thread = await bundle({
    ...common,
    entryPoints: ['src/verify/log/worker.ts'],
    outfile: worker,
    format: 'cjs',
  });
  for (const { path, text } of [...program.files, ...thread.files]) writeFileSync(path, text);
  const samples = join(work, 'samples.json');
  writeFileSync(samples, JSON.stringify(samplesIn(join(root, 'samples'))));
  return { main, assets: { 'log-worker.cjs': worker, 'samples.json': samples }, metafile: program.metafile };
}

function samplesIn(folder: string): [name: string, input: string][] {
  return readdirSync(folder)
    .sort()
    .map((name) => [name, readFileSync(join(folder, name, 'input.yaml'), 'utf8')]);
}

/**
 * Puts the program into a copy of Node, as a single executable application.
 *
 * @param builder the Node that does it, of the same release
 * @param runtime the Node that is copied, of any platform
 */
export function writeExecutable(program: Program, builder: string, runtime: string, output: string): void {
  const settings = `${output}.json`;
  writeFileSync(
    settings,
    JSON.stringify({
      main: basename(program.main),
      mainFormat: 'module',
      executable: runtime,
      output,
      assets: program.assets,
      disableExperimentalSEAWarning: true,
      // Compiled code makes the start 50 ms shorter, and fits only the platform that it was compiled on.
      useCodeCache: runtime === builder,
    }),
  );
  // Compiled code has hashes of names in it, which are random otherwise.
  execFileSync(builder, ['--random-seed=1', '--build-sea', settings], {
    // The name of the file goes into the executable as it stands.
    cwd: dirname(program.main),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
