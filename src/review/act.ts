import type { ChoiceKind } from '../domain/decision.ts';
import { type Offer, offersOf, recommendedAnswers, recommendedOffer } from './choices.ts';
import { type Command, commandOf, editOf, type Press } from './keys.ts';
import { type Action, currentPlace, currentRow, type State } from './state.ts';
import type { Leave, Tools } from './tools.ts';

/** How much the screen shows: rows of a page, and the last line to scroll to. */
export interface Extent {
  readonly page: number;
  readonly most: number;
}

/** What a key does now; undefined: nothing. */
export function actOf(
  press: Press,
  state: State,
  tools: Tools,
  extent: Extent,
): Action | { readonly leave: Leave } | undefined {
  const { name } = press;
  if (state.mode === 'ask' || state.mode === 'filter') {
    if (name === 'esc' || name === 'ctrl+c') return { type: 'cancel' };
    if (name === 'enter') return { type: 'submit', at: tools.now(), problem: problemOf(state, tools) };
    const edit = editOf(press);
    return edit === undefined ? undefined : { type: 'edit', edit };
  }
  const command = commandOf(name);
  if (state.mode === 'help') return actInHelp(name === 'esc' ? 'help' : command, extent);
  return command === undefined ? undefined : actInList(command, state, tools, extent);
}

function actInHelp(command: Command | undefined, { page, most }: Extent): Action | undefined {
  const steps: Partial<Record<Command, number>> = {
    down: 1,
    up: -1,
    'page-down': page,
    'page-up': -page,
    first: -most,
    last: most,
  };
  if (command === 'help' || command === 'quit') return { type: 'help' };
  const by = command === undefined ? undefined : steps[command];
  return by === undefined ? undefined : { type: 'scroll', by, of: most };
}

function actInList(
  command: Command,
  state: State,
  tools: Tools,
  { page, most }: Extent,
): Action | { readonly leave: Leave } | undefined {
  switch (command) {
    case 'down':
      return { type: 'move', by: 1 };
    case 'up':
      return { type: 'move', by: -1 };
    case 'page-down':
      return { type: 'move', by: page };
    case 'page-up':
      return { type: 'move', by: -page };
    case 'scroll-down':
      return { type: 'scroll', by: 3, of: most };
    case 'scroll-up':
      return { type: 'scroll', by: -3, of: most };
    case 'first':
    case 'last':
    case 'next-open':
      return { type: 'jump', to: command };
    case 'mark-next':
      return { type: 'mark', by: 1, of: offersFor(state, tools).length };
    case 'mark-previous':
      return { type: 'mark', by: -1, of: offersFor(state, tools).length };
    case 'decide-marked': {
      const offer = offersFor(state, tools)[state.marked];
      return offer === undefined ? undefined : { type: 'choose', offer, at: tools.now() };
    }
    case 'recommended': {
      const row = currentRow(state);
      const offer = row === undefined ? undefined : recommendedOffer(row, offersFor(state, tools));
      if (row === undefined || offer === undefined)
        return { type: 'tell', message: 'Nothing is recommended here: the choice depends on your clients.' };
      return { type: 'choose', offer, at: tools.now(), answers: recommendedAnswers(row) };
    }
    case 'editor': {
      const offer = offersFor(state, tools).find(({ kind }) => kind === 'value');
      if (offer === undefined) return { type: 'tell', message: 'There is no one value here to change.' };
      return { leave: { kind: 'editor', offer } };
    }
    case 'suspend':
      return { leave: { kind: 'suspend' } };
    case 'sample-next':
      return { type: 'sample', by: 1 };
    case 'sample-previous':
      return { type: 'sample', by: -1 };
    case 'filter':
      return { type: 'open-filter' };
    case 'severity': {
      const severity = after([undefined, 'error', 'warning'] as const, state.filter.severity);
      return { type: 'filter', filter: { severity } };
    }
    case 'state': {
      const wanted = after([undefined, 'open', 'later', 'decided'] as const, state.filter.state);
      return { type: 'filter', filter: { state: wanted } };
    }
    case 'reach':
    case 'clear':
    case 'undo':
    case 'redo':
    case 'sort':
    case 'help':
    case 'quit':
      return { type: command };
    default:
      return choose(command.slice('choose '.length) as ChoiceKind, state, tools);
  }
}

/** Of several opt-ins the one that is marked, else the first. */
function choose(kind: ChoiceKind, state: State, tools: Tools): Action {
  const offers = offersFor(state, tools);
  const marked = offers[state.marked];
  const offer = marked?.kind === kind ? marked : offers.find((one) => one.kind === kind);
  if (offer === undefined) return { type: 'tell', message: `The choice ${kind} does not help here.` };
  return { type: 'choose', offer, at: tools.now() };
}

/** The choices of the row that is looked at. */
export function offersFor(state: State, { previewer }: Tools): readonly Offer[] {
  const row = currentRow(state);
  const place = currentPlace(state);
  return row === undefined || place === undefined ? [] : offersOf(row, previewer.helpful(row, place));
}

function problemOf(state: State, { previewer }: Tools): string | undefined {
  const row = currentRow(state);
  const place = currentPlace(state);
  if (state.pending?.asks[0] !== 'value' || row === undefined || place === undefined) return undefined;
  return previewer.problemOf(row, place, state.line.text);
}

function after<Value>(values: readonly Value[], value: Value): Value {
  return values[(values.indexOf(value) + 1) % values.length]!;
}
