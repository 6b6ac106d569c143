import { objectOf } from '../../conversion/places.ts';
import type { Step } from '../../plan/step.ts';
import { markdownCode as code, markdownBlock, markdownText as text } from '../../text/escape.ts';
import { limited } from './block.ts';

const shownObjects = 10;

/** What to do, in order, up to the cut-over and the way back. */
export function* stepSection(steps: readonly Step[]): Generator<string> {
  if (steps.length === 0) return;
  yield '\n## Steps\n';
  for (const [index, step] of steps.entries()) {
    const who = [...new Set(step.origins.map(objectOf))].map((name) => code(name));
    const whose = who.length === 0 ? '' : `For ${limited(who, shownObjects).join(', ')}.\n\n`;
    const commands = step.commands.length === 0 ? '' : markdownBlock(step.commands.join('\n'), 'sh');
    yield `\n### ${index + 1}. ${text(step.title)}\n\n${whose}${commands}`;
  }
}
