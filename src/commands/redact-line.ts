import type { Argv } from 'yargs';
import { UsageError } from '../domain/errors.ts';
import {
  type CommandLine,
  declareInput,
  inputArguments,
  inputFlags,
  nonEmpty,
  once,
} from './command-line.ts';

const output = 'Output:';

export const redactLine: CommandLine = {
  name: 'redact',
  describe: 'Write the input with placeholders for hosts, names, and values, to share it',
  flags: ['output', 'key', 'quiet', ...inputFlags],
  declare(command: Argv, { program }) {
    const flags = command
      .usage(`${program} redact [inputs..]

Writes a dump in which hosts, names, paths, words of snippets, addresses, and the data of Secrets are placeholders. It converts as the input
does: same objects, outcomes, and findings.`)
      .option('output', {
        alias: 'o',
        type: 'string',
        requiresArg: true,
        group: output,
        describe: 'Write into this file, not to stdout',
      })
      .option('key', {
        type: 'string',
        requiresArg: true,
        group: output,
        describe: 'Write the words behind the placeholders into this JSON file, which you keep',
      })
      .option('quiet', { alias: 'q', type: 'boolean', group: output, describe: 'No progress, no summary' })
      .example(
        `${program} redact dump.yaml -o shared.yaml --key key.json`,
        'A dump to share, and its key to keep',
      )
      .example(`${program} redact -A | ${program} report --format json`, 'From the cluster, without a file');
    return declareInput(flags);
  },
  async run(parsed, terminal) {
    const path = fileOf(parsed['output'], 'output');
    const key = fileOf(parsed['key'], 'key');
    if (path !== undefined && path === key)
      throw new UsageError('--output and --key name the same file.', 'Give each a file of its own.');
    const args = { ...inputArguments(parsed), output: path, key, quiet: parsed['quiet'] === true };
    const { redactCommand } = await import('./redact.ts');
    return redactCommand(args, terminal);
  },
};

function fileOf(value: unknown, flag: string): string | undefined {
  const path = once(value, flag);
  return path === undefined ? undefined : nonEmpty(path, flag);
}
