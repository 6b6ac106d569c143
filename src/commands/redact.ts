import { stageFile } from '../output/report-file.ts';
import { redact } from '../redact/index.ts';
import { count } from '../text/count.ts';
import { chooseSource, type InputArguments, readSource, runSettings } from './input.ts';
import { interruptible } from './interrupt.ts';
import { mappingsWith } from './mappings-directory.ts';
import { progressOn } from './progress.ts';
import { tellLeftOut } from './redacted.ts';
import { type Terminal, tell, writeStdout } from './terminal.ts';

/** The command line of `redact`, as yargs reads it. */
export interface RedactArguments extends InputArguments {
  /** A file; undefined: stdout. */
  readonly output: string | undefined;
  /** A file for the words behind the placeholders. */
  readonly key: string | undefined;
  readonly quiet: boolean;
}

/** Writes the input with placeholders for hosts, names and values. Gives the exit code: 1 where something could not be read. */
export async function redactCommand(args: RedactArguments, terminal: Terminal): Promise<number> {
  const settings = await runSettings({ ...args, decisions: false }, terminal.directory);
  const mappings = await mappingsWith(args.mappings, terminal.directory);
  const source = chooseSource(args, 'redact', terminal);
  const progress = progressOn(terminal, args.quiet);
  try {
    const { cluster, options } = await readSource(source, settings, terminal, progress);
    progress.show(0.5, 'Redacting');
    const { texts, key } = redact(cluster, options, mappings);
    const documents = [...texts];
    const files = [
      ...(args.output === undefined ? [] : [{ path: args.output, pieces: documents }]),
      ...(args.key === undefined ? [] : [{ path: args.key, pieces: [keyText(key)] }]),
    ];
    await writeFiles(files);
    progress.end();
    if (args.output === undefined) for (const text of documents) await writeStdout(terminal, text);
    const exitCode = await tellLeftOut(cluster, terminal);
    const others = [...cluster.others.values()].reduce((sum, number) => sum + number, 0);
    const summary = [
      `${args.output ?? 'stdout'}: ${count(documents.length, 'object')}, ${count(key.size, 'word')} replaced.`,
      ...(others === 0 ? [] : [`Skipped ${count(others, 'object')} of kinds that aren't read.`]),
      'Lengths, the order of names, numbers, and times stay. Read it before you share it.',
    ];
    if (!args.quiet) await tell(terminal, `${summary.join('\n')}\n`);
    return exitCode;
  } finally {
    progress.end();
  }
}

function keyText(key: ReadonlyMap<string, string>): string {
  const lines = [...key].map(
    ([placeholder, word]) => `  ${JSON.stringify(placeholder)}: ${JSON.stringify(word)}`,
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}

/** All of them, or none. */
async function writeFiles(
  files: readonly { readonly path: string; readonly pieces: readonly string[] }[],
): Promise<void> {
  await interruptible(async (check) => {
    const staged: ReturnType<typeof stageFile>[] = [];
    try {
      for (const { path, pieces } of files) staged.push(stageFile(path, pieces));
      await check();
    } catch (error) {
      for (const file of staged) file.discard();
      throw error;
    }
    for (const file of staged) file.commit();
  });
}
