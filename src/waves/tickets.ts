import type { PlannedMove } from './checklist.ts';
import { planJson } from './json.ts';
import { indexMarkdown, ticketMarkdown } from './markdown.ts';

/** A ticket a wave, an index and the plan for programs: content by path below the directory. */
export function planFiles(move: PlannedMove, version: string): ReadonlyMap<string, string> {
  const files = move.checklists
    .filter(({ number }) => number > 0)
    .map((checklist) => [pathOf(checklist.number), ticketMarkdown(checklist)] as const);
  return new Map([
    ['index.md', indexMarkdown(move, pathOf)],
    ['plan.json', [...planJson(move, version)].join('')],
    ...files,
  ]);
}

/** Of one width up to wave 999, so that files sort as waves do. */
function pathOf(wave: number): string {
  return `waves/wave-${String(wave).padStart(3, '0')}.md`;
}
