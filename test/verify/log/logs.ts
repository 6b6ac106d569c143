import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Conversion } from '../../../src/conversion/conversion.ts';
import { controllerFormat, type LogFormat, parseFormat } from '../../../src/verify/log/format.ts';

/** The format of `json/`. */
const jsonFormat =
  '{"ts":"$time_iso8601","vhost":"$host","scheme":"$scheme","method":"$request_method","uri":"$request_uri","status":$status,"upstream":"$proxy_upstream_name","alt":"$proxy_alternative_upstream_name","ref":"$http_referer","len":$bytes_sent}';

export const ownLogs = fileURLToPath(new URL('../access-logs', import.meta.url));

/** A line of a recorded log, and the probe that it is of. */
export interface LoggedProbe {
  readonly probe: string;
  readonly line: string;
}

/** The logs in a folder by the name of their scenario. */
export function recordedLogs(folder: string): [string, LoggedProbe[]][] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.tsv'))
    .sort()
    .map((file) => [file.replace(/\.tsv$/, ''), linesOf(readFileSync(join(folder, file), 'latin1'))]);
}

function linesOf(text: string): LoggedProbe[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t');
      return { probe: Buffer.from(line.slice(0, tab), 'latin1').toString(), line: line.slice(tab + 1) };
    });
}

export function formatOfLogs(kind: string, { model }: Conversion): LogFormat {
  return kind === 'json' ? parseFormat(jsonFormat, 'json') : controllerFormat(model.controller.config);
}
