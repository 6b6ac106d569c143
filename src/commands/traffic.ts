import type { Readable } from 'node:stream';
import type { Conversion } from '../conversion/conversion.ts';
import type { Question } from '../conversion/questions.ts';
import type { Traffic } from '../conversion/traffic.ts';
import { UsageError } from '../domain/errors.ts';
import { overviewOf } from '../report/overview.ts';
import { number } from '../text/count.ts';
import { controllerEscape, controllerFormat, type LogFormat, parseFormat } from '../verify/log/format.ts';
import { literalsOfModel } from '../verify/log/literals.ts';
import { lineParser } from '../verify/log/parser.ts';
import { scanLogs } from '../verify/log/scan.ts';
import { type LogVerification, verifyLog } from '../verify/log/verification.ts';
import { type InputArguments, namesCluster } from './input.ts';
import type { Progress } from './progress.ts';

/** What a command line says of logs. */
export interface LogArguments {
  readonly log: readonly string[];
  /** `--log-format`; undefined: what the controller's ConfigMap says. */
  readonly logFormat: string | undefined;
}

/** The hosts whose requests count; the others only explain which lines are theirs. */
interface SelectedHosts {
  readonly conversion: Conversion;
  readonly hosts: ReadonlySet<string>;
}

/** Reads logs and holds them against a conversion. */
export async function verifyLogs(
  { log, logFormat }: LogArguments,
  conversion: Conversion,
  questions: readonly Question[],
  stdin: Readable,
  progress: Progress,
  selection?: SelectedHosts,
): Promise<LogVerification> {
  const format = formatOf(logFormat, conversion);
  const literals = literalsOfModel(conversion);
  const tally = await scanLogs({
    paths: log,
    stdin,
    format,
    literals,
    onProgress: (share, lines) => progress.show(0.5 + share * 0.4, `Reading logs: ${number(lines)} lines`),
  });
  progress.show(0.9, 'Comparing');
  const { hosts } = selection ?? {};
  const looksAt = hosts === undefined ? undefined : (host: string) => hosts.has(host);
  return verifyLog(conversion, tally, lineParser(format, literals), questions, looksAt);
}

/** How many requests each question of a conversion touches. */
export async function trafficOf(
  logs: LogArguments,
  conversion: Conversion,
  stdin: Readable,
  progress: Progress,
  selection?: SelectedHosts,
): Promise<Traffic> {
  const { effort } = overviewOf(selection?.conversion ?? conversion);
  const requested = [...effort.work, ...effort.decisions, ...effort.gateway];
  return (await verifyLogs(logs, conversion, requested, stdin, progress, selection)).questions;
}

/** @throws {UsageError} both the input and a log come from stdin */
export function checkStdin(
  { log }: LogArguments,
  { inputs, cluster }: Pick<InputArguments, 'inputs' | 'cluster'>,
): void {
  const isInput = inputs.includes('-') || (inputs.length === 0 && !namesCluster(cluster));
  if (!log.includes('-') || !isInput) return;
  throw new UsageError(
    'Both the input and the log come from stdin.',
    'Name the files of the input, or read the cluster with -A.',
  );
}

/** A format in braces is JSON, as people write it; else values are escaped as nginx does by itself. */
function formatOf(written: string | undefined, { model }: Conversion): LogFormat {
  const own = model.controller.config;
  if (written === undefined) return controllerFormat(own);
  const usual = written.trim().startsWith('{') ? 'json' : 'default';
  return parseFormat(written, controllerEscape(own) ?? usual);
}
