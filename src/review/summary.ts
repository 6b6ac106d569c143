import { choiceText, type Decision } from '../domain/decision.ts';
import { count } from '../text/count.ts';
import { visible } from '../text/escape.ts';
import type { State } from './state.ts';

/** What the end of a session prints: what was decided, what is left, and the next command. */
export function sessionSummary(
  { rows, progress, decisions, past }: State,
  {
    program,
    file,
    inputs,
  }: { readonly program: string; readonly file: string; readonly inputs: readonly string[] },
): string {
  const before = new Set(past[0] ?? decisions);
  const made = decisions.filter((decision) => !before.has(decision));
  const left = { open: 0, partly: 0, later: 0, decided: 0 };
  for (const { state } of progress.values()) left[state]++;
  const open = left.open + left.partly;
  const input = inputs.length === 0 ? '' : ` ${inputs.join(' ')}`;
  const lines = [
    made.length === 0
      ? 'Nothing new was decided.'
      : `${count(made.length, 'decision')} made, ${decisions.length} in ${file}:`,
    ...made
      .slice(0, 10)
      .map(({ annotation, finding, choice }) =>
        visible(`  ${annotation ?? finding}: ${choiceText(choice)}`, 200),
      ),
    ...(made.length > 10 ? [`  and ${made.length - 10} more`] : []),
    `${left.decided} of ${count(rows.length, 'question')} decided, ${open} open, ${left.later} for later.`,
    ...effectOf(decisions, open),
    open + left.later > 0
      ? `Continue: ${program} review${input}`
      : `Convert: ${program} convert${input} --output istio`,
  ];
  return `${lines.map((line) => visible(line, 400)).join('\n')}\n`;
}

const effects: readonly (readonly [Decision['choice']['kind'], string])[] = [
  ['opt-in', 'write what was turned on'],
  ['value', 'use other values'],
  ['leave-out', 'leave annotations out'],
  ['skip', 'skip Ingresses'],
];

/** What `convert` does with the decisions, in one line. */
function effectOf(decisions: readonly Decision[], open: number): string[] {
  const done = effects.flatMap(([kind, text]) => {
    const amount = decisions.filter(({ choice }) => choice.kind === kind).length;
    return amount === 0 ? [] : [`${text} (${amount})`];
  });
  const rest = open === 0 ? '' : ` Open questions stay as reported.`;
  return decisions.length === 0
    ? []
    : [`convert will ${done.length === 0 ? 'write the same objects' : done.join(', ')}.${rest}`];
}
