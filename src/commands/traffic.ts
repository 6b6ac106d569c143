import type { Readable } from 'node:stream';
import type { Conversion } from '../conversion.ts';
import type { Question } from '../grouping/questions.ts';
import { number } from '../report/summary.ts';
import { controllerEscape, controllerFormat, type LogFormat, parseFormat } from '../verify/log/format.ts';
import { literalsOfModel } from '../verify/log/literals.ts';
import { lineParser } from '../verify/log/parser.ts';
import { scanLogs } from '../verify/log/scan.ts';
import { type LogVerification, verifyLog } from '../verify/log/verification.ts';
import type { Progress } from './progress.ts';

/** What a command line says of logs. */
export interface LogArguments {
  readonly log: readonly string[];
  /** `--log-format`; undefined: what the controller's ConfigMap says. */
  readonly logFormat: string | undefined;
}

/** Reads logs and holds them against a conversion. */
export async function verifyLogs(
  { log, logFormat }: LogArguments,
  conversion: Conversion,
  questions: readonly Question[],
  stdin: Readable,
  progress: Progress,
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
  return verifyLog(conversion, tally, lineParser(format, literals), questions);
}

/** A format in braces is JSON, as people write it; else values are escaped as nginx does by itself. */
function formatOf(written: string | undefined, { model }: Conversion): LogFormat {
  const own = model.controller.config;
  if (written === undefined) return controllerFormat(own);
  const usual = written.trim().startsWith('{') ? 'json' : 'default';
  return parseFormat(written, controllerEscape(own) ?? usual);
}
