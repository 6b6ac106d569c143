import type { PlannedMove } from './checklist.ts';
import { planJson } from './json.ts';
import { indexMarkdown, ticketMarkdown } from './markdown.ts';
import { waveFileName } from './migration-plan.ts';

/**
 * A ticket a wave, an index and the plan for programs: content by path below the directory.
 * @param watched whether rules and dashboards of Prometheus are written, which the tickets then name
 */
export function planFiles(move: PlannedMove, version: string, watched: boolean): ReadonlyMap<string, string> {
  const files = move.checklists
    .filter(({ number }) => number > 0)
    .map((checklist) => [pathOf(checklist.number), ticketMarkdown(checklist, watched)] as const);
  return new Map([
    ['index.md', indexMarkdown(move, pathOf, watched)],
    ['plan.json', [...planJson(move, version)].join('')],
    ...files,
  ]);
}

function pathOf(wave: number): string {
  return `waves/${waveFileName(wave)}.md`;
}
