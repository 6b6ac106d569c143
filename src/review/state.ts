import type { Decision } from '../domain/decision.ts';
import { type Ask, choiceOf, type Offer } from './choices.ts';
import { decisionsFor, type Reach, reaches, withDecisions, withoutRow } from './decide.ts';
import { type Filter, noFilter, parseFilter, type Sort, sorts, visibleRows } from './filter.ts';
import { editLine, type Line, type LineEdit, lineOf } from './line.ts';
import { type Progress, progressOf } from './progress.ts';
import type { Row, RowPlace } from './rows.ts';

/** What a person is asked for after choosing. */
export interface Pending {
  readonly rowKey: string;
  readonly offer: Offer;
  /** Still to be asked; the first is being asked. */
  readonly asks: readonly Ask[];
  readonly answers: Readonly<Partial<Record<Ask, string>>>;
}

export type Mode = 'list' | 'filter' | 'ask' | 'help';

/** All of a session. Every change of it goes through `reduce`. */
export interface State {
  readonly rows: readonly Row[];
  readonly by: string;
  readonly decisions: readonly Decision[];
  readonly past: readonly (readonly Decision[])[];
  readonly future: readonly (readonly Decision[])[];
  readonly progress: ReadonlyMap<string, Progress>;
  readonly filter: Filter;
  readonly sort: Sort;
  readonly visible: readonly Row[];
  /** Index in `visible`; 0 where nothing is. */
  readonly cursor: number;
  /** Which place of the row is looked at. */
  readonly sample: number;
  readonly reach: Reach;
  /** Index of the choice whose effect is shown. */
  readonly marked: number;
  /** First line of the detail that is shown. */
  readonly scroll: number;
  readonly mode: Mode;
  readonly line: Line;
  readonly pending: Pending | undefined;
  /** What just happened, for the last line. */
  readonly message: string;
  /** Set once: the session is over. */
  readonly over: boolean;
}

export type Action =
  | { readonly type: 'move'; readonly by: number }
  | { readonly type: 'jump'; readonly to: 'first' | 'last' | 'next-open' }
  | { readonly type: 'sample'; readonly by: number }
  | { readonly type: 'reach' }
  | { readonly type: 'mark'; readonly by: number; readonly of: number }
  | { readonly type: 'scroll'; readonly by: number; readonly of: number }
  | { readonly type: 'open-filter' }
  | { readonly type: 'filter'; readonly filter: Partial<Filter> }
  | { readonly type: 'sort' }
  | { readonly type: 'help' }
  /** `at` and the decision's parts are given, as the reducer knows no clock. */
  | {
      readonly type: 'choose';
      readonly offer: Offer;
      readonly at: string;
      readonly value?: string;
      /** Parts of the choice that are known already. */
      readonly answers?: Pending['answers'];
    }
  | { readonly type: 'edit'; readonly edit: LineEdit }
  | { readonly type: 'submit'; readonly at: string; readonly problem?: string | undefined }
  | { readonly type: 'answer'; readonly text: string }
  | { readonly type: 'cancel' }
  | { readonly type: 'clear' }
  | { readonly type: 'undo' }
  | { readonly type: 'redo' }
  | { readonly type: 'tell'; readonly message: string }
  | { readonly type: 'quit' };

/** A session at its start: at the first row that is open after the one decided last. */
export function startOf(rows: readonly Row[], decisions: readonly Decision[], by: string): State {
  const progress = progressOf(rows, decisions);
  let last = -1;
  let latest = Number.NEGATIVE_INFINITY;
  for (const [index, row] of rows.entries()) {
    const at = Date.parse(progress.get(row.key)?.decision?.at ?? '');
    if (at > latest) [last, latest] = [index, at];
  }
  const open = ({ key }: Row): boolean => progress.get(key)?.state !== 'decided';
  const after = rows.findIndex((row, index) => index > last && open(row));
  return {
    rows,
    by,
    decisions,
    past: [],
    future: [],
    progress,
    filter: noFilter,
    sort: 'risk',
    visible: rows,
    cursor: Math.max(0, after >= 0 ? after : rows.findIndex(open)),
    sample: 0,
    reach: 'group',
    marked: 0,
    scroll: 0,
    mode: 'list',
    line: lineOf(''),
    pending: undefined,
    message: '',
    over: false,
  };
}

export function currentRow({ visible, cursor }: State): Row | undefined {
  return visible[cursor];
}

export function currentPlace(state: State): RowPlace | undefined {
  return currentRow(state)?.places[state.sample];
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'move':
      return at(state, state.cursor + action.by);
    case 'jump':
      return jump(state, action.to);
    case 'sample': {
      const count = currentRow(state)?.places.length ?? 0;
      const sample = count === 0 ? 0 : (state.sample + action.by + count) % count;
      return { ...state, sample, scroll: 0, message: '' };
    }
    case 'reach': {
      const next = reaches[(reaches.indexOf(state.reach) + 1) % reaches.length]!;
      return { ...state, reach: next, message: '' };
    }
    case 'mark':
      return {
        ...state,
        marked: action.of === 0 ? 0 : (state.marked + action.by + action.of) % action.of,
        message: '',
      };
    case 'scroll':
      return { ...state, scroll: Math.max(0, Math.min(action.of, state.scroll + action.by)) };
    case 'open-filter':
      return { ...state, mode: 'filter', line: lineOf(state.filter.text), message: '' };
    case 'filter':
      return listed({ ...state, filter: { ...state.filter, ...action.filter } });
    case 'sort':
      return listed({ ...state, sort: sorts[(sorts.indexOf(state.sort) + 1) % sorts.length]! });
    case 'help':
      return { ...state, mode: state.mode === 'help' ? 'list' : 'help', scroll: 0 };
    case 'choose':
      return choose(state, action);
    case 'edit':
      return edited({ ...state, line: editLine(state.line, action.edit), message: '' });
    case 'answer':
      return edited({ ...state, line: lineOf(action.text), message: '' });
    case 'submit':
      return submit(state, action.at, action.problem);
    case 'cancel':
      if (state.mode === 'filter') return listed({ ...state, mode: 'list', filter: noFilter });
      return {
        ...state,
        mode: 'list',
        pending: undefined,
        message: state.pending ? 'Nothing was decided.' : '',
      };
    case 'clear': {
      const row = currentRow(state);
      if (row === undefined) return state;
      const decisions = withoutRow(state.decisions, row);
      if (decisions.length === state.decisions.length)
        return { ...state, message: 'Nothing is decided here.' };
      return changed(state, decisions, `Taken back: ${row.title}.`);
    }
    case 'undo': {
      const decisions = state.past.at(-1);
      if (decisions === undefined) return { ...state, message: 'There is nothing to undo.' };
      return {
        ...withProgress(state, decisions),
        past: state.past.slice(0, -1),
        future: [state.decisions, ...state.future],
        message: 'Undone.',
      };
    }
    case 'redo': {
      const [decisions, ...future] = state.future;
      if (decisions === undefined) return { ...state, message: 'There is nothing to redo.' };
      return {
        ...withProgress(state, decisions),
        past: [...state.past, state.decisions],
        future,
        message: 'Done again.',
      };
    }
    case 'tell':
      return { ...state, message: action.message };
    case 'quit':
      return { ...state, over: true };
  }
}

function at(state: State, cursor: number): State {
  const clamped = Math.max(0, Math.min(state.visible.length - 1, cursor));
  return { ...state, cursor: clamped, sample: 0, marked: 0, scroll: 0, message: '' };
}

function jump(state: State, to: 'first' | 'last' | 'next-open'): State {
  if (to === 'first') return at(state, 0);
  if (to === 'last') return at(state, state.visible.length - 1);
  const next = nextOpen(state);
  return next === undefined ? { ...state, message: 'Nothing is open in this list.' } : at(state, next);
}

/** The next row of the list that asks something, from the top again after the end. */
function nextOpen({ visible, cursor, progress }: State): number | undefined {
  for (let step = 1; step <= visible.length; step++) {
    const index = (cursor + step) % visible.length;
    const state = progress.get(visible[index]!.key)?.state;
    if (state === 'open' || state === 'partly') return index;
  }
  return undefined;
}

function edited(state: State): State {
  if (state.mode !== 'filter') return state;
  return listed({ ...state, filter: { ...state.filter, text: state.line.text } });
}

/** The list anew, with the cursor on the row that it was on, if that is still there. */
function listed(state: State): State {
  const row = currentRow(state);
  const visible = visibleRows(state.rows, parseFilter(state.filter), state.sort, state.progress);
  const index = row === undefined ? -1 : visible.findIndex(({ key }) => key === row.key);
  return index >= 0 ? { ...state, visible, cursor: index } : at({ ...state, visible }, state.cursor);
}

function choose(
  state: State,
  { offer, at: when, value, answers = {} }: Extract<Action, { type: 'choose' }>,
): State {
  const row = currentRow(state);
  if (row === undefined) return state;
  const asks = offer.asks.filter((one) => answers[one] === undefined);
  const pending: Pending = { rowKey: row.key, offer, asks, answers };
  if (value !== undefined) return advance({ ...state, pending, line: lineOf(value), mode: 'ask' }, when);
  return asks.length === 0 ? decide(state, pending, when) : ask(state, pending);
}

function ask(state: State, pending: Pending): State {
  const prefill = pending.asks[0] === 'value' ? (currentPlace(state)?.raw ?? '') : '';
  return { ...state, mode: 'ask', pending, line: lineOf(prefill), message: '' };
}

const optional: readonly Ask[] = ['owner'];

function submit(state: State, when: string, problem: string | undefined): State {
  if (state.mode === 'filter') return { ...state, mode: 'list' };
  if (state.mode !== 'ask' || state.pending === undefined) return state;
  if (problem !== undefined) return { ...state, message: problem };
  return advance(state, when);
}

function advance(state: State, when: string): State {
  const { pending, line } = state;
  const requested = pending?.asks[0];
  if (pending === undefined || requested === undefined) return state;
  if (line.text.trim() === '' && requested !== 'value' && !optional.includes(requested))
    return { ...state, message: 'Nothing was typed; Esc cancels.' };
  if (requested === 'provider' && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/.test(line.text.trim()))
    return { ...state, message: 'The name of an extension provider has letters, digits, dots and dashes.' };
  const next = {
    ...pending,
    asks: pending.asks.slice(1),
    answers: { ...pending.answers, [requested]: line.text },
  };
  return next.asks.length === 0 ? decide(state, next, when) : ask(state, next);
}

function decide(state: State, { rowKey, offer, answers }: Pending, when: string): State {
  const row = state.rows.find(({ key }) => key === rowKey);
  if (row === undefined) return state;
  const added = decisionsFor(row, {
    choice: choiceOf(offer, answers),
    reach: offer.kind === 'skip' && state.reach === 'everywhere' ? 'group' : state.reach,
    sample: currentPlace(state),
    by: state.by,
    at: when,
    why: answers.why ?? '',
  });
  const idle = { ...state, mode: 'list' as const, pending: undefined };
  const done = changed(idle, withDecisions(state.decisions, added), `${offer.kind}: ${row.title}.`);
  const next = nextOpen(done);
  const stays = done.progress.get(row.key)?.state === 'partly' || next === undefined;
  return stays ? done : { ...at(done, next), message: done.message };
}

function changed(state: State, decisions: readonly Decision[], message: string): State {
  return {
    ...withProgress(state, decisions),
    past: [...state.past, state.decisions],
    future: [],
    message,
  };
}

function withProgress(state: State, decisions: readonly Decision[]): State {
  return { ...state, decisions, progress: progressOf(state.rows, decisions) };
}
