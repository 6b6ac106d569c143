import yargs, { type Argv } from 'yargs';
import { type Choice, choices } from '../config/choices.ts';
import { didYouMean } from '../config/nearest.ts';
import { Interrupted, UsageError } from '../errors.ts';
import { visible } from '../report/escape.ts';
import { version } from '../version.ts';
import type { ConvertArguments } from './convert.ts';
import { errorText } from './error-text.ts';
import { type Terminal, tell, write } from './terminal.ts';

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
  let command: (() => Promise<number>) | undefined;
  const parser = commandLine(terminal, (convertArguments) => {
    command = async () => {
      const { convertCommand } = await import('./convert.ts');
      return convertCommand(convertArguments, terminal);
    };
  });
  let printed = '';
  const parsed = await parser.parseAsync([...args], {}, (_error, _parsed, output) => {
    printed = output;
  });
  if (printed !== '') {
    await write(terminal, `${printed}\n`);
    return 0;
  }
  if (command !== undefined) return command();
  const [first] = parsed._;
  if (first !== undefined) {
    throw new UsageError(
      `There is no command "${visible(String(first), 80)}".`,
      `${didYouMean(String(first), ['convert'])}To convert files: ${terminal.program} convert FILE…`,
    );
  }
  checkKnown(parsed, globalFlags, terminal);
  await write(terminal, `${await parser.getHelp()}\n`);
  return 0;
}

const groups = { output: 'Output:', choices: 'Choices (also keys of ingress2istio.yaml):' } as const;

const globalFlags = ['help', 'version', 'debug'];

const commandFlags = ['output', 'report', 'config', 'force', 'quiet', 'color'];

function commandLine(terminal: Terminal, chosen: (args: ConvertArguments) => void): Argv {
  return yargs()
    .scriptName(terminal.program)
    .locale('en')
    .exitProcess(false)
    .fail((message, error) => {
      if (error !== undefined && error.name !== 'YError') throw error;
      const text = (error?.message ?? message).replace(
        /^Not enough arguments following: /,
        'A value is missing after --',
      );
      throw new UsageError(`${text.replace(/\s*\n\s*/g, ' ')}.`, `See ${terminal.program} convert --help.`);
    })
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-positional-numbers': false,
      'greedy-arrays': false,
    })
    .wrap(Math.min(110, terminal.stdout.columns ?? 110))
    .usage(
      '$0 convert [inputs..]\n\nConverts Ingresses with ingress-nginx annotations to Istio, and says what it could not carry over.',
    )
    .command(
      'convert',
      'Convert files, directories or stdin (-)',
      (command) => convertFlags(command, terminal),
      (parsed) => {
        checkKnown(parsed, [...globalFlags, ...commandFlags, ...choices.map(({ flag }) => flag)], terminal);
        const color = once(parsed.color, 'color');
        const output = once(parsed.output, 'output');
        chosen({
          ...parsed,
          // As positionals, yargs would lose a lone dash.
          inputs: parsed._.slice(1).map(String),
          output: output === undefined ? undefined : nonEmpty(output, 'output'),
          report: (parsed.report ?? []).map((path) => nonEmpty(String(path), 'report')),
          config: once(parsed.config, 'config'),
          force: parsed.force === true,
          quiet: parsed.quiet === true,
          color: color === 'always' || color === 'never' ? color : 'auto',
        });
      },
    )
    .option('debug', { type: 'boolean', describe: 'Show where an internal error comes from' })
    .version(version)
    .help()
    .alias('help', 'h')
    .epilogue('Exit code: 0 fine, 1 findings at or above --fail-on, 2 usage or internal error.');
}

function convertFlags(command: Argv, { program }: Terminal) {
  let flags = command
    .usage(`${program} convert [inputs..]

Converts files, directories (.yaml, .yml and .json in them) and stdin, which is - or nothing.`)
    .option('output', {
      alias: 'o',
      type: 'string',
      requiresArg: true,
      group: groups.output,
      describe: 'Write a file a host and a kustomization into this directory, not to stdout',
    })
    .option('report', {
      type: 'string',
      array: true,
      requiresArg: true,
      group: groups.output,
      describe: 'Write a report; .md or .json; may be repeated',
    })
    .option('force', {
      type: 'boolean',
      group: groups.output,
      describe: 'Replace files in --output that were not written by this tool, or changed since',
    })
    .option('quiet', { alias: 'q', type: 'boolean', group: groups.output, describe: 'Tell errors only' })
    .option('color', {
      choices: ['auto', 'always', 'never'] as const,
      group: groups.output,
      describe: 'Colours on stderr',
    })
    .option('config', {
      type: 'string',
      requiresArg: true,
      group: groups.choices,
      describe: 'Config file, if it is not ./ingress2istio.yaml',
    })
    .example(
      `kubectl get ingress,ingressclass,service -A -o yaml | ${program} convert`,
      'Everything to stdout',
    )
    .example(`${program} convert dump.yaml -o istio --report report.md`, 'A directory and a report');
  for (const choice of choices) {
    flags = flags.option(choice.flag, { ...optionOf(choice), group: groups.choices }) as typeof flags;
  }
  return flags;
}

function optionOf(choice: Choice) {
  const value = choice.value === undefined ? '' : ` (${choice.value})`;
  const describe = `${choice.describe}${value}`;
  if (choice.type === 'boolean') return { type: 'boolean', describe } as const;
  const text = { type: 'string', requiresArg: true, describe } as const;
  return choice.values === undefined
    ? text
    : { ...text, describe: `${describe}: ${choice.values.join(', ')}` };
}

function checkKnown(
  parsed: Readonly<Record<string, unknown>>,
  known: readonly string[],
  { program }: Terminal,
): void {
  const all = new Set([...known, '_', '$0', 'h', 'o', 'q']);
  for (const flag of Object.keys(parsed)) {
    if (all.has(flag)) continue;
    const dashes = flag.length === 1 ? '-' : '--';
    const names = known.map((name) => `--${name}`);
    const guess = didYouMean(`--${flag}`, names);
    throw new UsageError(
      `There is no option ${dashes}${visible(flag, 80)}.`,
      `${guess}See ${program} convert --help.`,
    );
  }
}

function once(value: unknown, flag: string): string | undefined {
  if (Array.isArray(value)) throw new UsageError(`--${flag} is given twice.`, 'Give it once.');
  return value === undefined ? undefined : String(value);
}

function nonEmpty(value: string, flag: string): string {
  if (value === '') throw new UsageError(`--${flag} is empty.`, 'Give a path.');
  return value;
}
