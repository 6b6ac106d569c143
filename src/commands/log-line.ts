import type { Argv } from 'yargs';
import { UsageError } from '../domain/errors.ts';
import { nonEmpty, once, strings } from './command-line.ts';
import type { LogArguments } from './traffic.ts';

const logs = 'Access logs:';

/** Flags of every command that takes logs. */
export const logFlags: readonly string[] = ['log', 'log-format'];

export function declareLogs(command: Argv): Argv {
  return command
    .option('log', {
      type: 'string',
      array: true,
      requiresArg: true,
      group: logs,
      describe: 'Access log of ingress-nginx, also .gz; - is stdin; may be repeated',
    })
    .option('log-format', {
      type: 'string',
      requiresArg: true,
      group: logs,
      describe: "Format of the log, if it is not the log-format-upstream of the controller's ConfigMap",
    });
}

/** @throws {UsageError} */
export function logArguments(parsed: Readonly<Record<string, unknown>>): LogArguments {
  const log = strings(parsed['log']).map((path) => nonEmpty(path, 'log'));
  if (log.filter((path) => path === '-').length > 1)
    throw new UsageError('--log - is given twice.', 'Give it once.');
  return { log, logFormat: once(parsed['log-format'], 'log-format') };
}
