import type { Argv } from 'yargs';
import { UsageError } from '../domain/errors.ts';
import {
  type CommandLine,
  colorOf,
  declareInput,
  inputArguments,
  inputFlags,
  nonEmpty,
  once,
} from './command-line.ts';
import type { DiffArguments } from './diff.ts';
import { declareSelect, selectArguments, selectFlags } from './select-line.ts';

const output = 'Output:';

export const diffLine: CommandLine = {
  name: 'diff',
  describe: 'Show what the conversion changes, and what applying it would',
  flags: [
    'view',
    'against',
    'format',
    'side-by-side',
    'all',
    'exit-code',
    'quiet',
    'color',
    ...selectFlags,
    ...inputFlags,
  ],
  declare(command: Argv, { program }) {
    const flags = command
      .usage(`${program} diff [inputs..]

Sets Ingresses against what they become: their manifests, or how requests are routed; or the output against what is
there already. Writes to stdout and nothing else.`)
      .option('view', {
        choices: ['manifests', 'routes'] as const,
        group: output,
        describe: 'Manifests: each Ingress and its objects (the default); routes: what differs for requests',
      })
      .option('against', {
        type: 'string',
        requiresArg: true,
        group: output,
        describe:
          'What applying would change in an earlier output (a directory or file), the cluster, or the Istio objects of the input',
      })
      .option('format', {
        choices: ['text', 'md', 'html'] as const,
        group: output,
        describe: 'Text is the default',
      })
      .option('side-by-side', { type: 'boolean', group: output, describe: 'Two columns, not one' })
      .option('all', { type: 'boolean', group: output, describe: 'Also routes that are the same' })
      .option('exit-code', {
        type: 'boolean',
        group: output,
        describe: 'Exit with 1 if anything differs',
      })
      .option('quiet', { alias: 'q', type: 'boolean', group: output, describe: 'No progress' })
      .option('color', {
        choices: ['auto', 'always', 'never'] as const,
        group: output,
        describe: 'Colours',
      })
      .example(`${program} diff dump.yaml --view routes --exit-code`, 'What behaves differently')
      .example(`${program} diff -A --against cluster`, 'What apply would do');
    return declareInput(declareSelect(flags));
  },
  async run(parsed, terminal) {
    const against = once(parsed['against'], 'against');
    const view = once(parsed['view'], 'view');
    if (against !== undefined && view !== undefined)
      throw new UsageError('--view and --against exclude each other.', 'Give one of them.');
    const args = {
      ...inputArguments(parsed),
      ...selectArguments(parsed),
      view: view === 'routes' ? ('routes' as const) : ('manifests' as const),
      against: against === undefined ? undefined : nonEmpty(against, 'against'),
      format: formatOf(once(parsed['format'], 'format')),
      sideBySide: parsed['side-by-side'] === true,
      all: parsed['all'] === true,
      exitCode: parsed['exit-code'] === true,
      quiet: parsed['quiet'] === true,
      color: colorOf(parsed),
    };
    const { diffCommand } = await import('./diff.ts');
    return diffCommand(args, terminal);
  },
};

function formatOf(format: string | undefined): DiffArguments['format'] {
  return format === 'md' || format === 'html' ? format : 'text';
}
