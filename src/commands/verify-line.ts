import type { Argv } from 'yargs';
import {
  type CommandLine,
  colorOf,
  declareInput,
  inputArguments,
  inputFlags,
  nonEmpty,
  once,
} from './command-line.ts';
import { declareLogs, logArguments, logFlags } from './log-line.ts';
import { declareSelect, selectArguments, selectFlags } from './select-line.ts';
import type { VerifyArguments } from './verify.ts';
import { declareLive, liveArguments, liveFlags } from './verify-live-line.ts';

const output = 'Output:';

const formats = ['text', 'md', 'html', 'json', 'junit'] as const;

export const verifyLine: CommandLine = {
  name: 'verify',
  describe: 'Check a conversion on your own traffic: access logs, or both gateways',
  flags: ['format', 'output', 'quiet', 'color', ...liveFlags, ...logFlags, ...selectFlags, ...inputFlags],
  declare(command: Argv, { program }) {
    const traffic = declareLogs(
      command.usage(`${program} verify [inputs..] --log FILE
${program} verify [inputs..] --from ADDRESS --to ADDRESS

With --log, compares access logs with the model of nginx and with the generated objects: does the model explain what your
controller did, and which requests get another answer? With --from and --to, asks the old and the new gateway the same.`),
    );
    const flags = declareLive(traffic)
      .option('format', { choices: formats, group: output, describe: 'Text is the default' })
      .option('output', {
        alias: 'o',
        type: 'string',
        requiresArg: true,
        group: output,
        describe: 'Write into this file, not to stdout',
      })
      .option('quiet', { alias: 'q', type: 'boolean', group: output, describe: 'No progress' })
      .option('color', {
        choices: ['auto', 'always', 'never'] as const,
        group: output,
        describe: 'Colors of text on stdout',
      })
      .example(`${program} verify dump.yaml --log access.log`, 'A day of logs')
      .example(
        `kubectl logs deploy/ingress-nginx-controller -n ingress-nginx | ${program} verify dump.yaml --log -`,
        'From the controller',
      )
      .example(`${program} verify -A --from 203.0.113.7 --to 203.0.113.8`, 'Before you change DNS');
    return declareInput(declareSelect(flags));
  },
  async run(parsed, terminal) {
    const path = once(parsed['output'], 'output');
    const format = once(parsed['format'], 'format');
    const args: VerifyArguments = {
      ...inputArguments(parsed),
      ...selectArguments(parsed),
      logs: logArguments(parsed),
      live: liveArguments(parsed),
      format: formats.find((name) => name === format),
      output: path === undefined ? undefined : nonEmpty(path, 'output'),
      quiet: parsed['quiet'] === true,
      color: colorOf(parsed),
    };
    const { verifyCommand } = await import('./verify.ts');
    return verifyCommand(args, terminal);
  },
};
