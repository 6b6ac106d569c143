import yargs, { type Argv } from 'yargs';
import { didYouMean } from '../config/nearest.ts';
import { Interrupted, UsageError } from '../domain/errors.ts';
import { visible } from '../text/escape.ts';
import { versionText } from '../version.ts';
import type { CommandLine, Parsed } from './command-line.ts';
import { commandLines } from './command-lines.ts';
import { errorText } from './error-text.ts';
import { exitCodes, globalFlags, programExamples, summary } from './program.ts';
import { type Terminal, tell, writeStdout } from './terminal.ts';

/**
 * Runs a command line and gives its exit code: 0 fine, 1 findings at or above `--fail-on`, 2 usage or internal error,
 * 128 and the signal's number when stopped.
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(args, terminal);
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode;
    await tell(terminal, errorText(error, args, terminal));
    return 2;
  }
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<number> {
  const line = commandLines.find(({ name }) => name === args[0]);
  // Where the command comes first, yargs need not know that there are others.
  return line === undefined ? dispatchAny(args, terminal) : dispatchTo(line, args, terminal);
}

async function dispatchTo(line: CommandLine, args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = await parse(line.declare(parserFor(line.name, terminal), terminal), args, terminal);
  if (parsed === undefined) return 0;
  checkLine(line, parsed, terminal);
  return line.run(parsed, terminal);
}

async function dispatchAny(args: readonly string[], terminal: Terminal): Promise<number> {
  const requested = commandLines.find(({ name }) => args.includes(name))?.name ?? 'convert';
  let command: (() => Promise<number>) | undefined;
  let parser = parserFor(requested, terminal)
    .usage(`$0 <command> [inputs..]\n\n${summary}`)
    .example(programExamples.map(([line, text]): [string, string] => [`$0 ${line}`, text]))
    .epilogue(`Exit code: ${exitCodes.map(([code, meaning]) => `${code} ${meaning}`).join(', ')}.`);
  for (const line of commandLines) {
    parser = parser.command(
      line.name,
      line.describe,
      (own) => line.declare(own, terminal),
      (parsed) => {
        checkLine(line, parsed, terminal);
        command = () => line.run(parsed as unknown as Parsed, terminal);
      },
    );
  }
  const parsed = await parse(parser, args, terminal);
  if (parsed === undefined) return 0;
  if (command !== undefined) return command();
  const [first] = parsed._;
  if (first !== undefined) {
    const names = commandLines.map(({ name }) => name);
    throw new UsageError(
      `There is no command "${visible(String(first), 80)}".`,
      `${didYouMean(String(first), names)}To convert files: ${terminal.program} convert FILE…`,
    );
  }
  checkKnown(parsed, Object.keys(globalFlags), `${terminal.program} convert`);
  await writeStdout(terminal, `${await parser.getHelp()}\n`);
  return 0;
}

/** What was read; undefined where the answer is a text of yargs, such as the help, which is printed. */
async function parse(parser: Argv, args: readonly string[], terminal: Terminal): Promise<Parsed | undefined> {
  let printed = '';
  const parsed = await parser.parseAsync(withDashes(args), {}, (_error, _parsed, output) => {
    printed = output;
  });
  if (printed === '') return parsed as unknown as Parsed;
  await writeStdout(terminal, `${printed}\n`);
  return undefined;
}

/** yargs takes what begins with a dash for no value; `--log=-` and `--controller-flags=--a` it understands. */
function withDashes(args: readonly string[]): string[] {
  const belongs = (flag: string | undefined, value = ''): boolean =>
    (flag === '--log' && value === '-') || (flag === '--controller-flags' && value.startsWith('--'));
  return args.flatMap((arg, index) => {
    if (belongs(arg, args[index + 1])) return [`${arg}=${args[index + 1]}`];
    return belongs(args[index - 1], arg) ? [] : [arg];
  });
}

/** @param asked the command whose help an error names */
function parserFor(requested: string, { program, stdout }: Terminal): Argv {
  return yargs()
    .scriptName(program)
    .locale('en')
    .exitProcess(false)
    .fail((message, error) => {
      if (error !== undefined && error.name !== 'YError') throw error;
      const text = (error?.message ?? message).replace(
        /^Not enough arguments following: /,
        'A value is missing after --',
      );
      throw new UsageError(`${text.replace(/\s*\n\s*/g, ' ')}.`, `See ${program} ${requested} --help.`);
    })
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-positional-numbers': false,
      'greedy-arrays': false,
    })
    .wrap(Math.min(110, stdout.columns ?? 110))
    .option('debug', globalFlags.debug)
    .version(versionText)
    .help()
    .alias('help', 'h');
}

function checkLine(
  line: CommandLine,
  parsed: Readonly<Record<string, unknown>>,
  { program }: Terminal,
): void {
  checkKnown(parsed, [...Object.keys(globalFlags), ...line.flags], `${program} ${line.name}`);
}

function checkKnown(
  parsed: Readonly<Record<string, unknown>>,
  known: readonly string[],
  command: string,
): void {
  const all = new Set([...known, '_', '$0', 'h', 'o', 'q', 'n', 'A']);
  for (const flag of Object.keys(parsed)) {
    if (all.has(flag)) continue;
    const dashes = flag.length === 1 ? '-' : '--';
    const names = known.map((name) => `--${name}`);
    const guess = didYouMean(`--${flag}`, names);
    throw new UsageError(
      `There is no option ${dashes}${visible(flag, 80)}.`,
      `${guess}See ${command} --help.`,
    );
  }
}
