import type { Argv } from 'yargs';
import { type Choice, choices } from '../config/choices.ts';
import { UsageError } from '../domain/errors.ts';
import type { InputArguments } from './input.ts';
import type { Terminal } from './terminal.ts';

/** What yargs reads: flags by name, positionals under `_`. */
export type Parsed = Readonly<Record<string, unknown>> & { readonly _: readonly (string | number)[] };

/** A command as the command line knows it; what it does is loaded when it runs. */
export interface CommandLine {
  readonly name: string;
  readonly describe: string;
  /** Its own flags, by long name. */
  readonly flags: readonly string[];
  /** What may follow the command, if it isn't files. */
  readonly operands?: Operands;
  declare(command: Argv, terminal: Terminal): Argv;
  run(parsed: Parsed, terminal: Terminal): Promise<number>;
}

/** Words that may come first, or what `explain` explains; and whether files follow. */
export interface Operands {
  readonly first: readonly string[] | 'subjects';
  readonly files: boolean;
}

const groups = {
  cluster: 'Cluster:',
  choices: 'Choices (also keys of ingress2istio.yaml):',
} as const;

/** Flags of every command that reads Ingresses. */
export const inputFlags: readonly string[] = [
  'mappings',
  'config',
  'decisions',
  'context',
  'kubeconfig',
  'from-namespace',
  'all-namespaces',
  ...choices.map(({ flag }) => flag),
];

export function declareInput(command: Argv): Argv {
  let flags: Argv = command
    .option('all-namespaces', {
      alias: 'A',
      type: 'boolean',
      group: groups.cluster,
      describe: 'Read all namespaces of the cluster, through your kubectl',
    })
    .option('from-namespace', {
      alias: 'n',
      type: 'string',
      array: true,
      requiresArg: true,
      group: groups.cluster,
      describe: 'Read this namespace of the cluster; may be repeated',
    })
    .option('context', {
      type: 'string',
      requiresArg: true,
      group: groups.cluster,
      describe: 'Context of the kubeconfig, if it is not the current one',
    })
    .option('kubeconfig', {
      type: 'string',
      requiresArg: true,
      group: groups.cluster,
      describe: 'Kubeconfig, if it is not the usual one',
    })
    .option('mappings', {
      type: 'string',
      requiresArg: true,
      group: groups.choices,
      describe: 'Directory with mapping files of your own, added to or in place of ours',
    })
    .option('config', {
      type: 'string',
      requiresArg: true,
      group: groups.choices,
      describe: 'Config file, if it is not ./ingress2istio.yaml',
    })
    .option('decisions', {
      type: 'string',
      requiresArg: true,
      group: groups.choices,
      describe:
        "Decisions of a review, if they aren't in ingress2istio.decisions.yaml next to the input; --no-decisions ignores all",
    });
  for (const choice of choices)
    flags = flags.option(choice.flag, { ...optionOf(choice), group: groups.choices });
  return flags;
}

/** @throws {UsageError} */
export function inputArguments(parsed: Parsed): InputArguments {
  return {
    ...parsed,
    // As positionals, yargs would lose a lone dash.
    inputs: parsed._.slice(1).map(String),
    config: once(parsed['config'], 'config'),
    mappings: once(parsed['mappings'], 'mappings'),
    decisions: parsed['decisions'] === false ? false : decisionsOf(parsed),
    cluster: {
      context: once(parsed['context'], 'context'),
      kubeconfig: once(parsed['kubeconfig'], 'kubeconfig'),
      fromNamespaces: strings(parsed['from-namespace']),
      allNamespaces: parsed['all-namespaces'] === true,
    },
  };
}

function decisionsOf(parsed: Parsed): string | undefined {
  const file = once(parsed['decisions'], 'decisions');
  return file === undefined ? undefined : nonEmpty(file, 'decisions');
}

/** `--redact`, of commands that show a conversion. */
export function redactOption(group: string) {
  return {
    type: 'boolean',
    group,
    describe: 'Put placeholders for hosts, names, and values, so that the result can be shared',
  } as const;
}

export function colorOf(parsed: Parsed): 'auto' | 'always' | 'never' {
  const color = once(parsed['color'], 'color');
  return color === 'always' || color === 'never' ? color : 'auto';
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

export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** @throws {UsageError} it is given more than once */
export function once(value: unknown, flag: string): string | undefined {
  if (Array.isArray(value)) throw new UsageError(`--${flag} is given twice.`, 'Give it once.');
  return value === undefined ? undefined : String(value);
}

export function nonEmpty(value: string, flag: string): string {
  if (value === '') throw new UsageError(`--${flag} is empty.`, 'Give a path.');
  return value;
}
