import type { Key } from 'ink';
import type { ChoiceKind } from '../domain/decision.ts';
import type { LineEdit } from './line.ts';
import { graphemes } from './text.ts';

/** What a key asks for in the list. */
export type Command =
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
  | 'next-open'
  | 'mark-next'
  | 'mark-previous'
  | 'decide-marked'
  | 'recommended'
  | 'scroll-down'
  | 'scroll-up'
  | 'sample-next'
  | 'sample-previous'
  | 'reach'
  | 'editor'
  | 'clear'
  | 'undo'
  | 'redo'
  | 'filter'
  | 'severity'
  | 'state'
  | 'sort'
  | 'help'
  | 'quit'
  | 'suspend'
  | `choose ${ChoiceKind}`;

export interface KeyRow {
  /** Names as `keyName` gives them; the first is shown. */
  readonly keys: readonly string[];
  readonly command: Command;
  readonly help: string;
}

export const keyTable: readonly KeyRow[] = [
  { keys: ['j', 'down'], command: 'down', help: 'next question' },
  { keys: ['k', 'up'], command: 'up', help: 'previous question' },
  { keys: ['ctrl+d', 'pagedown', ' '], command: 'page-down', help: 'a page down' },
  { keys: ['ctrl+u', 'pageup', 'b'], command: 'page-up', help: 'a page up' },
  { keys: ['g', 'home'], command: 'first', help: 'first question' },
  { keys: ['G', 'end'], command: 'last', help: 'last question' },
  { keys: ['n'], command: 'next-open', help: 'next open question' },
  { keys: ['l', 'right', 'tab'], command: 'mark-next', help: 'preview the next choice' },
  { keys: ['h', 'left', 'shift+tab'], command: 'mark-previous', help: 'preview the previous choice' },
  { keys: ['enter'], command: 'decide-marked', help: 'take the marked choice' },
  { keys: ['R'], command: 'recommended', help: 'take the recommended answer' },
  { keys: ['a'], command: 'choose accept', help: 'accept the output' },
  { keys: ['o'], command: 'choose opt-in', help: 'turn on an option: EnvoyFilter, extension provider, …' },
  { keys: ['v'], command: 'choose value', help: 'give another value' },
  { keys: ['e'], command: 'editor', help: 'give another value, in $EDITOR' },
  { keys: ['x'], command: 'choose leave-out', help: 'remove it: serve without it' },
  { keys: ['m'], command: 'choose manual', help: 'migrate manually, with a note and an owner' },
  { keys: ['S'], command: 'choose skip', help: 'skip these Ingresses' },
  { keys: ['t'], command: 'choose later', help: 'decide later' },
  { keys: ['c'], command: 'clear', help: 'clear the decision' },
  { keys: ['u'], command: 'undo', help: 'undo' },
  { keys: ['ctrl+r', 'U'], command: 'redo', help: 'redo' },
  { keys: ['p'], command: 'reach', help: 'scope: this group, this Ingress, namespace, everywhere' },
  { keys: [']'], command: 'sample-next', help: 'next Ingress of the group' },
  { keys: ['['], command: 'sample-previous', help: 'Ingress before' },
  { keys: ['J', 'shift+down'], command: 'scroll-down', help: 'scroll the detail down' },
  { keys: ['K', 'shift+up'], command: 'scroll-up', help: 'scroll the detail up' },
  { keys: ['/'], command: 'filter', help: 'filter: words, ns:, host:, severity:, state:' },
  { keys: ['f'], command: 'severity', help: 'only errors, only warnings, all' },
  { keys: ['w'], command: 'state', help: 'only open, later, decided, all' },
  { keys: ['s'], command: 'sort', help: 'sort by risk, count, name' },
  { keys: ['?'], command: 'help', help: 'this help' },
  { keys: ['ctrl+z'], command: 'suspend', help: 'to the shell; fg comes back' },
  { keys: ['q', 'ctrl+c'], command: 'quit', help: 'quit; everything is saved' },
];

const commands = new Map(keyTable.flatMap(({ keys, command }) => keys.map((key) => [key, command] as const)));

export function commandOf(name: string): Command | undefined {
  return commands.get(name);
}

const named: readonly [keyof Key, string][] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
];

/** One key, by its name (as in `j`, `G`, `ctrl+r`, `shift+up`), and the text that it types; '' for none. */
export interface Press {
  readonly name: string;
  readonly text: string;
}

/** The keys of one input: fast typing and pasting come in one piece. */
export function pressesOf(input: string, key: Key): Press[] {
  const special = named.find(([flag]) => key[flag] === true)?.[1];
  if (special !== undefined)
    return [{ name: key.shift && special !== 'enter' ? `shift+${special}` : special, text: '' }];
  if (key.ctrl) return [{ name: `ctrl+${input}`, text: '' }];
  if (key.meta) return [];
  return graphemes(input).map(pressOf);
}

function pressOf(text: string): Press {
  const code = text.charCodeAt(0);
  if (text === '\r' || text === '\n' || text === '\r\n') return { name: 'enter', text: '' };
  if (text === '\u007f') return { name: 'backspace', text: '' };
  if (text === '\u001b') return { name: 'esc', text: '' };
  if (text === '\t') return { name: 'tab', text: '' };
  if (code < 32) return { name: `ctrl+${String.fromCharCode(code + 96)}`, text: '' };
  return { name: text, text };
}

const edits: Readonly<Record<string, Exclude<LineEdit['kind'], 'insert'>>> = {
  backspace: 'backspace',
  // Most terminals send DEL for the backspace key, which Ink calls delete.
  delete: 'backspace',
  left: 'left',
  right: 'right',
  home: 'start',
  end: 'end',
  'ctrl+a': 'start',
  'ctrl+e': 'end',
  'ctrl+d': 'delete',
  'ctrl+u': 'wipe',
  'ctrl+w': 'back-word',
};

/** What a key does to the line that is being typed; undefined: nothing. */
export function editOf({ name, text }: Press): LineEdit | undefined {
  const kind = edits[name];
  if (kind !== undefined) return { kind };
  return text === '' ? undefined : { kind: 'insert', text };
}
