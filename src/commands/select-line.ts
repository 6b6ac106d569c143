import type { Argv } from 'yargs';
import { nonEmpty, once, strings } from './command-line.ts';
import type { SelectArguments } from './select.ts';

const selection = 'Selection:';

/** Flags of every command that takes a selection. */
export const selectFlags: readonly string[] = ['select', 'plan'];

export function declareSelect(command: Argv): Argv {
  return command
    .option('select', {
      type: 'string',
      array: true,
      requiresArg: true,
      group: selection,
      describe:
        'Only hosts with this name, namespace, Ingress or wave, as in host=*.example.com or wave=2; may be repeated',
    })
    .option('plan', {
      type: 'string',
      requiresArg: true,
      group: selection,
      describe: 'Plan file that says which host is in which wave, if it is not next to the input',
    });
}

export function selectArguments(parsed: Readonly<Record<string, unknown>>): SelectArguments {
  const plan = once(parsed['plan'], 'plan');
  return {
    select: strings(parsed['select']),
    plan: plan === undefined ? undefined : nonEmpty(plan, 'plan'),
  };
}
