import type { Probe } from '../judge/probe.ts';
import type { LoggedRequest } from '../log/verification.ts';
import { named } from './model-probes.ts';

/** The requests of a log, the most frequent first. Neither their queries nor what their clients sent with them is known. */
export function probesOfLog(requests: readonly LoggedRequest[]): Probe[] {
  const sorted = [...requests].sort((a, b) => b.requests - a.requests);
  return named(
    sorted.map(({ host, path, method, scheme, websocket }) => ({
      scheme,
      host,
      path,
      method,
      ...(websocket ? { protocol: 'websocket' as const } : {}),
    })),
  );
}
