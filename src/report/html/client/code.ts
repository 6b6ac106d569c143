import type { PageDetail, PageObject, PageOutcome } from '../data.ts';
import { amount, h } from './dom.ts';

/** Lines kept above and below a marked one; the rest of a long object is folded. */
const context = 6;
/** Objects with fewer lines are shown whole. */
const shortObject = 90;

const good = new Set(['converted', 'not-needed', 'no-effect-today']);
const bad = new Set(['closed', 'impossible']);

export function toneOf(status: string): string {
  return good.has(status)
    ? status === 'converted'
      ? 'ready'
      : 'quiet'
    : bad.has(status)
      ? 'blocked'
      : 'decision';
}

/** The Ingress as it is, with what became of each line. */
export function beforePane(
  { text, outcomes }: PageDetail,
  pick: (outcome: PageOutcome) => void,
): HTMLElement {
  const byLine = new Map<number, PageOutcome>();
  for (const outcome of outcomes) {
    const line = outcome[6];
    const known = byLine.get(line);
    if (known === undefined || rank(outcome) > rank(known)) byLine.set(line, outcome);
  }
  const rows = linesOf(text).map((line, index) => {
    const outcome = byLine.get(index);
    if (outcome === undefined) return lineOf(index, line);
    const [, , , status, claim] = outcome;
    const button = h(
      'button',
      { type: 'button', class: `chip ${toneOf(status)}` },
      claim === '' ? status : `${status}, ${claim}`,
    );
    button.addEventListener('click', () => pick(outcome));
    const row = lineOf(index, line, `mark ${toneOf(status)}`);
    row.append(button);
    return row;
  });
  return h(
    'div',
    { class: 'code', tabindex: '0', role: 'region', 'aria-label': 'Before: the Ingress' },
    ...rows,
  );
}

function rank([, , , status]: PageOutcome): number {
  return ['quiet', 'ready', 'decision', 'blocked'].indexOf(toneOf(status));
}

/** An object of the output; lines that hold one of the words are marked. */
export function afterPane([title, text]: PageObject, words: readonly string[]): HTMLElement {
  const lines = linesOf(text);
  const marked = lines.map((line) => words.some((word) => holds(line, word)));
  const pane = h('div', { class: 'code', tabindex: '0', role: 'region', 'aria-label': `After: ${title}` });
  const whole = lines.length <= shortObject;
  const near = lines.map(
    (_, index) =>
      whole || index < 12 || marked.slice(Math.max(0, index - context), index + context + 1).includes(true),
  );
  for (let index = 0; index < lines.length; ) {
    if (near[index]) {
      pane.append(lineOf(index, lines[index]!, marked[index] ? 'mark same' : ''));
      index++;
      continue;
    }
    let end = index;
    while (end < lines.length && !near[end]) end++;
    pane.append(foldOf(lines, index, end));
    index = end;
  }
  return pane;
}

function foldOf(lines: readonly string[], start: number, end: number): HTMLElement {
  const button = h('button', { type: 'button', class: 'fold' }, `${amount(end - start)} lines more`);
  button.addEventListener('click', () => {
    button.replaceWith(...lines.slice(start, end).map((line, index) => lineOf(start + index, line)));
  });
  return button;
}

/** Whether a line holds a word as a whole: `/api`, and not `/apis`. */
function holds(line: string, word: string): boolean {
  for (let at = line.indexOf(word); at !== -1; at = line.indexOf(word, at + 1)) {
    if (!/[\w-]/.test(line[at - 1] ?? ' ') && !/[\w-]/.test(line[at + word.length] ?? ' ')) return true;
  }
  return false;
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

function lineOf(index: number, text: string, tone = ''): HTMLElement {
  return h(
    'div',
    { class: `line ${tone}`, 'data-line': String(index + 1) },
    h('span', { class: 'text' }, text === '' ? ' ' : text),
  );
}
