import { UsageError } from '../domain/errors.ts';
import { stageDirectory } from '../output/directory.ts';
import { stageFile } from '../output/report-file.ts';
import { convert } from '../pipeline.ts';
import { type Format, formatOfFile } from '../report/formats.ts';
import { overviewOf } from '../report/overview.ts';
import { type ReportOptions, renderReport } from '../report/render.ts';
import type { SectionKind } from '../report/sections.ts';
import { ticketFiles } from '../report/tickets.ts';
import { count } from '../text/count.ts';
import { version } from '../version.ts';
import { exitCodeOf, verdictLines } from './deliver.ts';
import { chooseSource, type InputArguments, readSource, runSettings } from './input.ts';
import { interruptible } from './interrupt.ts';
import { mappingsWith } from './mappings-directory.ts';
import { progressOn } from './progress.ts';
import { type SelectArguments, selectionOf } from './select.ts';
import { type Terminal, tell, usesColors, writeStdout } from './terminal.ts';
import { checkStdin, type LogArguments, trafficOf } from './traffic.ts';

/** The command line of `report`, as yargs reads it. */
export interface ReportArguments extends InputArguments, SelectArguments {
  /** Undefined: by the extension of `output`, else Markdown. */
  readonly format: Format | undefined;
  /** A file, or with `split` a directory; undefined: stdout. */
  readonly output: string | undefined;
  readonly maxLength: number | undefined;
  readonly split: SectionKind | undefined;
  readonly ownerLabel: string | undefined;
  readonly logs: LogArguments;
  /** Whether hosts, names and values are placeholders. */
  readonly redact: boolean;
  readonly force: boolean;
  readonly quiet: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

/** Writes a report on what a conversion would do, and nothing else. Gives the exit code. */
export async function reportCommand(args: ReportArguments, terminal: Terminal): Promise<number> {
  const format = formatFor(args);
  const settings = await runSettings(args, terminal.directory);
  const mappings = await mappingsWith(args.mappings, terminal.directory);
  checkStdin(args.logs, args);
  if (args.redact && args.logs.log.length > 0)
    throw new UsageError('--redact has no names that a log could have.', 'Leave out --log or --redact.');
  const source = chooseSource(args, 'report', terminal);
  const progress = progressOn(terminal, args.quiet);
  try {
    const read = await readSource(source, settings, terminal, progress);
    const { cluster, options, exitCode } = args.redact
      ? await (await import('./redacted.ts')).redactedInput(read, mappings, terminal)
      : { ...read, exitCode: 0 };
    progress.show(0.5, `Converting ${count(cluster.ingresses.length, 'Ingress', 'Ingresses')}`);
    const whole = convert(cluster, options, mappings);
    const selection = await selectionOf(whole, args, args.inputs, terminal.directory);
    const conversion = selection?.conversion ?? whole;
    const { logs } = args;
    const traffic =
      logs.log.length === 0 ? undefined : await trafficOf(logs, whole, terminal.stdin, progress, selection);
    const overview = overviewOf(conversion, traffic);
    progress.show(0.8, 'Writing the report');
    const { maxLength, ownerLabel } = args;
    const { stdout } = terminal;
    const reportOptions: ReportOptions = {
      version,
      failOn: settings.failOn,
      maxLength,
      ownerLabel,
      width: args.output === undefined && stdout.isTTY === true ? stdout.columns : undefined,
      colors: args.output === undefined && usesColors(args.color, { ...terminal, stderr: stdout }),
    };
    if (args.output === undefined) {
      const pieces = renderReport(format, overview, reportOptions);
      progress.end();
      for (const piece of together(pieces)) await writeStdout(terminal, piece);
    } else {
      const talk = await writeOutput(args.output, format, overview, reportOptions, args);
      progress.end();
      if (!args.quiet) await tell(terminal, `${verdictLines(overview)}${talk}`);
    }
    return Math.max(exitCode, exitCodeOf(overview, settings.failOn));
  } finally {
    progress.end();
  }
}

async function writeOutput(
  output: string,
  format: Format,
  overview: ReturnType<typeof overviewOf>,
  options: ReportOptions,
  { split, force }: ReportArguments,
): Promise<string> {
  return interruptible(async (check) => {
    if (split === undefined) {
      const file = stageFile(output, renderReport(format, overview, options));
      await check().catch((error: unknown) => {
        file.discard();
        throw error;
      });
      file.commit();
      return `${output}: report written\n`;
    }
    const directory = stageDirectory(output, ticketFiles(overview, split, options), { force });
    await check().catch((error: unknown) => {
      directory.discard();
      throw error;
    });
    const { written, unchanged, removed } = directory.commit();
    return `${output}: ${count(written, 'file')} written, ${unchanged} unchanged, ${removed} removed\n`;
  });
}

/** @throws {UsageError} flags that do not go together */
function formatFor({ format, output, split, maxLength, ownerLabel }: ReportArguments): Format {
  if (split !== undefined) {
    if (output === undefined)
      throw new UsageError('--split writes several files.', 'Name a directory for them with --output DIR.');
    if (format !== undefined && format !== 'md')
      throw new UsageError(`--split cannot write ${format}.`, 'It writes Markdown; leave --format out.');
    return 'md';
  }
  const ofFile = output === undefined ? undefined : formatOfFile(output);
  if (output !== undefined && format === undefined && ofFile === undefined) {
    throw new UsageError(
      `--output ${output} has no extension that we know.`,
      'Name the format with --format, or use .md, .html, .json, .sarif, .xml (JUnit) or .txt.',
    );
  }
  const chosen = format ?? ofFile ?? 'md';
  if (chosen !== 'md' && maxLength !== undefined)
    throw new UsageError(`--max-length cannot cut ${chosen}.`, 'It is for Markdown; leave it out.');
  if (chosen !== 'md' && ownerLabel !== undefined)
    throw new UsageError(`--owner-label means nothing for ${chosen}.`, 'It is for Markdown; leave it out.');
  return chosen;
}

const pieceSize = 1 << 20;

/** Small pieces as few large ones. */
function* together(pieces: Iterable<string>): Generator<string> {
  let held = '';
  for (const piece of pieces) {
    held += piece;
    if (held.length < pieceSize) continue;
    yield held;
    held = '';
  }
  if (held !== '') yield held;
}
