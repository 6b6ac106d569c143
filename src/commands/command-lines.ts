import type { Argv } from 'yargs';
import { annotationsLine, explainLine } from './catalogue-lines.ts';
import {
  type CommandLine,
  colorOf,
  declareInput,
  inputArguments,
  inputFlags,
  nonEmpty,
  once,
  redactOption,
  strings,
} from './command-line.ts';
import { completionLine } from './completion-line.ts';
import { diffLine } from './diff-line.ts';
import { declareLayout, layoutArguments, layoutFlags } from './layout-line.ts';
import { planLine } from './plan-line.ts';
import { redactLine } from './redact-line.ts';
import { reportLine } from './report-line.ts';
import { decisionsLine, reviewLine } from './review-lines.ts';
import { declareSelect, selectArguments, selectFlags } from './select-line.ts';
import { verifyLine } from './verify-line.ts';

const output = 'Output:';

const convertLine: CommandLine = {
  name: 'convert',
  describe: 'Convert files, directories, stdin (-) or a cluster (-A)',
  flags: [
    'output',
    'report',
    'redact',
    'force',
    'quiet',
    'color',
    ...layoutFlags,
    ...selectFlags,
    ...inputFlags,
  ],
  declare(command: Argv, { program }) {
    const flags = command
      .usage(`${program} convert [inputs..]

Converts files, directories (.yaml, .yml and .json in them) and stdin, which is - or nothing; or a live cluster.`)
      .option('output', {
        alias: 'o',
        type: 'string',
        requiresArg: true,
        group: output,
        describe: 'Write a file a host and a kustomization into this directory, not to stdout',
      })
      .option('report', {
        type: 'string',
        array: true,
        requiresArg: true,
        group: output,
        describe: 'Write a report: .md, .html, .json, .sarif, .xml (JUnit) or .txt; may be repeated',
      })
      .option('redact', redactOption(output))
      .option('force', {
        type: 'boolean',
        group: output,
        describe: 'Replace files in --output that were not written by this tool, or changed since',
      })
      .option('quiet', { alias: 'q', type: 'boolean', group: output, describe: 'Tell errors only' })
      .option('color', {
        choices: ['auto', 'always', 'never'] as const,
        group: output,
        describe: 'Colours on stderr',
      })
      .example(
        `kubectl get ingress,ingressclass,service -A -o yaml | ${program} convert`,
        'Everything to stdout',
      )
      .example(`${program} convert -A --context prod`, 'The same from the cluster itself')
      .example(`${program} convert dump.yaml -o istio --report report.md`, 'A directory and a report');
    return declareInput(declareSelect(declareLayout(flags, output)));
  },
  async run(parsed, terminal) {
    const directory = once(parsed['output'], 'output');
    const args = {
      ...inputArguments(parsed),
      ...selectArguments(parsed),
      ...layoutArguments(parsed, directory),
      output: directory === undefined ? undefined : nonEmpty(directory, 'output'),
      report: strings(parsed['report']).map((path) => nonEmpty(path, 'report')),
      redact: parsed['redact'] === true,
      force: parsed['force'] === true,
      quiet: parsed['quiet'] === true,
      color: colorOf(parsed),
    };
    const { convertCommand } = await import('./convert.ts');
    return convertCommand(args, terminal);
  },
};

/** In the order in which the help names them. */
export const commandLines: readonly CommandLine[] = [
  convertLine,
  reportLine,
  diffLine,
  reviewLine,
  verifyLine,
  planLine,
  redactLine,
  decisionsLine,
  annotationsLine,
  explainLine,
  completionLine(() => commandLines),
];
