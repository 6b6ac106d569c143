import type { Argv } from 'yargs';
import { UsageError } from '../domain/errors.ts';
import { formatNamed, formatNames } from '../report/formats.ts';
import { leastLength } from '../report/markdown/block.ts';
import {
  type CommandLine,
  colorOf,
  declareInput,
  inputArguments,
  inputFlags,
  nonEmpty,
  once,
  redactOption,
} from './command-line.ts';
import { declareLogs, logArguments, logFlags } from './log-line.ts';
import { declareSelect, selectArguments, selectFlags } from './select-line.ts';

const output = 'Output:';

export const reportLine: CommandLine = {
  name: 'report',
  describe: 'Write a report on what a conversion would do, and nothing else',
  flags: [
    'format',
    'output',
    'max-length',
    'split',
    'owner-label',
    'redact',
    'force',
    'quiet',
    'color',
    ...logFlags,
    ...selectFlags,
    ...inputFlags,
  ],
  declare(command: Argv, { program }) {
    const flags = command
      .usage(`${program} report [inputs..]

Says what a conversion would change, what is left to people and how much that is. Converts, and writes no objects.`)
      .option('format', {
        choices: formatNames,
        group: output,
        describe: 'Format, if the extension of --output does not say it; Markdown is the default',
      })
      .option('output', {
        alias: 'o',
        type: 'string',
        requiresArg: true,
        group: output,
        describe: 'Write into this file (with --split: directory), not to stdout',
      })
      .option('max-length', {
        type: 'string',
        requiresArg: true,
        group: output,
        describe:
          'Cut Markdown at a section, to this many characters at most, for trackers that cut anywhere',
      })
      .option('split', {
        choices: ['namespace', 'host'] as const,
        group: output,
        describe: 'Write a Markdown report for each namespace or host, and an index',
      })
      .option('owner-label', {
        type: 'string',
        requiresArg: true,
        group: output,
        describe: 'Label of Ingresses or Namespaces that names their owner; groups the index of --split',
      })
      .option('redact', redactOption(output))
      .option('force', {
        type: 'boolean',
        group: output,
        describe: 'With --split: replace files that were not written by this tool, or changed since',
      })
      .option('quiet', { alias: 'q', type: 'boolean', group: output, describe: 'No progress, no summary' })
      .option('color', {
        choices: ['auto', 'always', 'never'] as const,
        group: output,
        describe: 'Colours of text on stdout',
      })
      .example(`${program} report dump.yaml -o report.html`, 'To read in a browser')
      .example(`${program} report -A --format sarif > findings.sarif`, 'From the cluster, for code scanning')
      .example(`${program} report dump.yaml --split namespace -o tickets --owner-label team`, 'Tickets');
    return declareInput(declareSelect(declareLogs(flags)));
  },
  async run(parsed, terminal) {
    const path = once(parsed['output'], 'output');
    const format = once(parsed['format'], 'format');
    const split = once(parsed['split'], 'split');
    const owner = once(parsed['owner-label'], 'owner-label');
    const args = {
      ...inputArguments(parsed),
      ...selectArguments(parsed),
      format: formatNamed(format),
      output: path === undefined ? undefined : nonEmpty(path, 'output'),
      maxLength: lengthOf(once(parsed['max-length'], 'max-length')),
      split: split === 'host' || split === 'namespace' ? (split as 'host' | 'namespace') : undefined,
      ownerLabel: owner === '' ? undefined : owner,
      logs: logArguments(parsed),
      redact: parsed['redact'] === true,
      force: parsed['force'] === true,
      quiet: parsed['quiet'] === true,
      color: colorOf(parsed),
    };
    const { reportCommand } = await import('./report.ts');
    return reportCommand(args, terminal);
  },
};

/** @throws {UsageError} no number, or less than the verdict takes */
function lengthOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const length = Number(text);
  if (/^\d{1,15}$/.test(text) && length >= leastLength) return length;
  throw new UsageError(
    `--max-length cannot be ${JSON.stringify(text.slice(0, 80))}.`,
    `It takes a number of characters from ${leastLength} on; GitHub takes 65536, Jira 32767.`,
  );
}
