import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { ReadStream, WriteStream } from 'node:tty';
import { loadDecisionsIfThere, saveDecisions } from '../decisions/file.ts';
import type { Decision } from '../domain/decision.ts';
import { KnownError, UsageError } from '../domain/errors.ts';
import { convert } from '../pipeline.ts';
import { count } from '../text/count.ts';
import { chooseSource, type InputArguments, readSource, runSettings, usualDecisionsPath } from './input.ts';
import { mappingsWith } from './mappings-directory.ts';
import { progressOn } from './progress.ts';
import { type Terminal, writeStdout } from './terminal.ts';
import { type LogArguments, trafficOf } from './traffic.ts';

/** The command line of `review`, as yargs reads it. */
export interface ReviewArguments extends InputArguments {
  /** Who decides; undefined: the user of this machine. */
  readonly by: string | undefined;
  readonly logs: LogArguments;
}

/** Goes through the questions of a conversion on the terminal. Gives the exit code. */
export async function reviewCommand(args: ReviewArguments, terminal: Terminal): Promise<number> {
  const { stdin, stdout, program, directory, env } = terminal;
  if (stdin.isTTY !== true || stdout.isTTY !== true || env['TERM'] === 'dumb') {
    throw new UsageError(
      'review needs a terminal.',
      `Without one: ${program} report shows the questions, ${program} decisions list --open prints them as a file to fill in, and ${program} convert --decisions FILE --fail-on error obeys it.`,
    );
  }
  if (args.decisions === false)
    throw new UsageError('review writes decisions, so --no-decisions makes no sense.', 'Leave it out.');
  if (args.logs.log.includes('-'))
    throw new UsageError('review needs its stdin for keys.', 'Give the log as a file.');
  const file = args.decisions ?? usualDecisionsPath(args.inputs);
  // The questions are those of the input itself: what was decided is laid over them.
  const settings = await runSettings({ ...args, decisions: false }, directory);
  const mappings = await mappingsWith(args.mappings, directory);
  const decisions = loadDecisionsIfThere(file, directory);
  const progress = progressOn(terminal, false);
  try {
    const { cluster, options } = await readSource(
      chooseSource(args, 'review', terminal),
      settings,
      terminal,
      progress,
    );
    progress.show(0.5, `Converting ${count(cluster.ingresses.length, 'Ingress', 'Ingresses')}`);
    const conversion = convert(cluster, options, mappings);
    const { logs } = args;
    const traffic =
      logs.log.length === 0 ? undefined : await trafficOf(logs, conversion, terminal.stdin, progress);
    progress.show(0.9, 'Grouping');
    const { openReview } = await import('../review/open.ts');
    const review = openReview({
      conversion,
      options,
      mappings,
      decisions,
      by: args.by ?? userName(env),
      traffic,
      save: savingTo(file, directory),
    });
    progress.end();
    const screen = { stdin: stdin as ReadStream, stdout: stdout as WriteStream, env };
    const summary = await review.run(screen, { program, file, inputs: args.inputs });
    await writeStdout(terminal, summary);
    return 0;
  } finally {
    progress.end();
  }
}

function userName(env: Terminal['env']): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a number without a name.
    return env['USER'] || 'unknown';
  }
}

/** Saves, unless somebody else changed the file meanwhile; says what went wrong. */
function savingTo(file: string, directory: string): (decisions: readonly Decision[]) => string | undefined {
  const path = resolve(directory, file);
  const textOf = (): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
  let known = textOf();
  let target = file;
  return (decisions) => {
    try {
      let reported: string | undefined;
      if (target === file && textOf() !== known) {
        target = `${file.replace(/\.yaml$/, '')}.${process.pid}.yaml`;
        reported = `${file} was changed by another process: yours are in ${target}. Merge them with decisions merge.`;
      }
      saveDecisions(target, directory, decisions);
      if (target === file) known = textOf();
      return reported;
    } catch (error) {
      if (error instanceof KnownError) return `NOT SAVED: ${error.message} ${error.wayOut}`;
      throw error;
    }
  };
}
