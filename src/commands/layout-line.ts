import type { Argv } from 'yargs';
import { UsageError } from '../domain/errors.ts';
import { type Gitops, type LayoutKind, layoutKinds } from '../output/layout.ts';
import { once } from './command-line.ts';

/** What a command line says of the files of an output directory. */
export interface LayoutArguments {
  readonly layout: LayoutKind;
  readonly gitops: Gitops | undefined;
}

export const layoutFlags: readonly string[] = ['layout', 'gitops'];

export function declareLayout(command: Argv, group: string): Argv {
  return command
    .option('layout', {
      choices: layoutKinds,
      group,
      describe:
        'With --output: a file a host (the default), in a directory for each namespace or each wave of the plan',
    })
    .option('gitops', {
      choices: ['argo-cd', 'flux'] as const,
      group,
      describe: 'With --output: sync waves for Argo CD, or Kustomizations with dependencies for Flux',
    });
}

/** @throws {UsageError} flags that do not go together */
export function layoutArguments(
  parsed: Readonly<Record<string, unknown>>,
  output: string | undefined,
): LayoutArguments {
  const given = once(parsed['layout'], 'layout');
  const gitops = once(parsed['gitops'], 'gitops');
  if (output === undefined && (given ?? gitops) !== undefined)
    throw new UsageError(
      `--${given === undefined ? 'gitops' : 'layout'} divides files.`,
      'Name a directory for them with --output DIR.',
    );
  const layout = layoutKinds.find((kind) => kind === given) ?? 'host';
  if (gitops === 'flux' && layout === 'host')
    throw new UsageError(
      '--gitops flux needs directories that depend on each other.',
      'Add --layout namespace or --layout wave.',
    );
  return { layout, gitops: gitops === 'argo-cd' || gitops === 'flux' ? gitops : undefined };
}
