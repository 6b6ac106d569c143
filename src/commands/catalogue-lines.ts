import { fidelities } from '../catalogue/fidelity.ts';
import { UsageError } from '../domain/errors.ts';
import type { Fidelity } from '../domain/outcome.ts';
import type { AnnotationsArguments } from './annotations.ts';
import { type CommandLine, colorOf, once, strings } from './command-line.ts';

const mappings = {
  type: 'string',
  requiresArg: true,
  describe: 'Directory with mapping files of your own, added to or in place of ours',
} as const;

export const annotationsLine: CommandLine = {
  name: 'annotations',
  describe: 'List all annotations, and what becomes of each',
  flags: ['format', 'status', 'mappings'],
  operands: { first: [], files: false },
  declare: (command, { program }) =>
    command
      .usage(`${program} annotations\n\nLists the annotations of ingress-nginx, and what becomes of each.`)
      .option('format', {
        choices: ['table', 'markdown', 'json'] as const,
        describe: 'Table is the default',
      })
      .option('status', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: `Only those with this status (repeatable): ${fidelities.join(', ')}`,
      })
      .option('mappings', mappings)
      .example(`${program} annotations --status manual --status impossible`, 'What needs manual migration'),
  async run(parsed, terminal) {
    const format = once(parsed['format'], 'format');
    const { annotationsCommand } = await import('./annotations.ts');
    const args: AnnotationsArguments = {
      format: format === 'markdown' || format === 'json' ? format : 'table',
      statuses: strings(parsed['status'])
        .flatMap((text) => text.split(','))
        .map(statusOf),
      mappings: once(parsed['mappings'], 'mappings'),
    };
    return annotationsCommand(args, terminal);
  },
};

function statusOf(text: string): Fidelity {
  const known = fidelities.find((fidelity) => fidelity === text);
  if (known !== undefined) return known;
  throw new UsageError(`--status cannot be ${JSON.stringify(text)}.`, `It takes ${fidelities.join(', ')}.`);
}

export const explainLine: CommandLine = {
  name: 'explain',
  describe: 'Explain an annotation, a key of the ConfigMap or a finding',
  flags: ['mappings', 'color'],
  operands: { first: 'subjects', files: false },
  declare: (command, { program }) =>
    command
      .usage(
        `${program} explain <word>\n\nSays what an annotation, a key of the controller's ConfigMap or the code of a finding means, what becomes of it and what differs.`,
      )
      .option('mappings', mappings)
      .option('color', { choices: ['auto', 'always', 'never'] as const, describe: 'Colours' })
      .example(`${program} explain rewrite-target`, 'With an example')
      .example(`${program} explain platform/path-normalization`, 'What a finding means'),
  async run(parsed, terminal) {
    const { explainCommand } = await import('./explain.ts');
    const args = {
      words: parsed._.slice(1).map(String),
      mappings: once(parsed['mappings'], 'mappings'),
      color: colorOf(parsed),
    };
    return explainCommand(args, terminal);
  },
};
