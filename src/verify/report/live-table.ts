import { number } from '../../text/count.ts';
import type { LiveResult, LiveVerdict } from '../live/compare.ts';

/** Counts of a run that is under way, for a terminal. */
export interface LiveTable {
  add(result: LiveResult): void;
  /** A head and a line for each host, those with the most surprises first. */
  lines(): string[];
}

const columns = ['same', 'declared', 'closed', 'undeclared', 'unstable', 'unreachable'] as const;
const surprises: readonly LiveVerdict[] = ['undeclared', 'unreachable', 'unstable'];

export function liveTable(): LiveTable {
  const hosts = new Map<string, Record<LiveVerdict, number>>();
  return {
    add({ probe, verdict }) {
      const { host } = probe.request;
      const counts = hosts.get(host) ?? {
        same: 0,
        declared: 0,
        closed: 0,
        undeclared: 0,
        unstable: 0,
        unreachable: 0,
      };
      hosts.set(host, counts);
      counts[verdict]++;
    },
    lines() {
      const width = Math.min(40, Math.max(4, ...[...hosts.keys()].map((host) => host.length)));
      const surprising = (counts: Record<LiveVerdict, number>) =>
        surprises.reduce((sum, verdict) => sum + counts[verdict], 0);
      const rows = [...hosts]
        .sort(([a, one], [b, other]) => surprising(other) - surprising(one) || (a < b ? -1 : 1))
        .map(([host, counts]) =>
          row(host.replace(/[^\x20-\x7e]/g, '?'), (column) => number(counts[column]), width),
        );
      return [row('Host', (column) => column, width), ...rows];
    },
  };
}

function row(host: string, cell: (column: LiveVerdict) => string, width: number): string {
  const cells = columns.map((column) => cell(column).padStart(Math.max(6, column.length)));
  return [host.slice(0, width).padEnd(width), ...cells].join('  ');
}
