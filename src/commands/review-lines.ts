import type { Argv } from 'yargs';
import {
  type CommandLine,
  declareInput,
  inputArguments,
  inputFlags,
  nonEmpty,
  once,
} from './command-line.ts';
import { declareLogs, logArguments, logFlags } from './log-line.ts';

export const reviewLine: CommandLine = {
  name: 'review',
  describe: 'Answer the open questions in the terminal',
  flags: ['by', ...logFlags, ...inputFlags],
  declare(command: Argv, { program }) {
    const flags = command
      .usage(`${program} review [inputs..]

Asks every question of a conversion once, however many Ingresses ask it, and keeps the answers in
ingress2istio.decisions.yaml next to the input, which convert, report, and diff apply.`)
      .option('by', {
        type: 'string',
        requiresArg: true,
        describe: 'Who decides, for the file; your user name if not given',
      })
      .example(`${program} review dump.yaml`, 'Decide; quit and go on at any time');
    return declareInput(declareLogs(flags));
  },
  async run(parsed, terminal) {
    const by = once(parsed['by'], 'by');
    const args = {
      ...inputArguments(parsed),
      by: by === undefined ? undefined : nonEmpty(by, 'by'),
      logs: logArguments(parsed),
    };
    const { reviewCommand } = await import('./review.ts');
    return reviewCommand(args, terminal);
  },
};

export const decisionsLine: CommandLine = {
  name: 'decisions',
  describe: 'Merge, list and check decisions of reviews',
  flags: ['output', 'open', 'complete', ...inputFlags],
  operands: { first: ['merge', 'list', 'check'], files: true },
  declare(command: Argv, { program }) {
    const flags = command
      .usage(`${program} decisions merge A B | list [inputs..] | check [inputs..]

Works with the file of decisions that review writes.`)
      .option('output', {
        alias: 'o',
        type: 'string',
        requiresArg: true,
        describe: 'For merge: the file to write, if it is not stdout',
      })
      .option('open', {
        type: 'boolean',
        describe: 'For list: the questions of the input that are open, as a file to fill in',
      })
      .option('complete', { type: 'boolean', describe: 'For check: exit with 1 if a question is open' })
      .example(`${program} decisions merge anna.yaml ben.yaml -o ingress2istio.decisions.yaml`, 'One of two')
      .example(`${program} decisions check dump.yaml --complete`, 'For a pipeline');
    return declareInput(flags);
  },
  async run(parsed, terminal) {
    const output = once(parsed['output'], 'output');
    const args = {
      ...inputArguments(parsed),
      open: parsed['open'] === true,
      complete: parsed['complete'] === true,
      output: output === undefined ? undefined : nonEmpty(output, 'output'),
    };
    const { decisionsCommand } = await import('./decisions.ts');
    return decisionsCommand(args, terminal);
  },
};
