import { Text } from 'ink';
import type { Ask } from '../choices.ts';
import type { State } from '../state.ts';
import { graphemes, pad, safe, widthOf } from '../text.ts';
import type { Theme } from '../theme.ts';

/** Where one is, and how much is left. */
export function Header({ state, theme, width }: BarProps) {
  const counts = { open: 0, partly: 0, later: 0, decided: 0 };
  for (const { state: own } of state.progress.values()) counts[own]++;
  const place = state.visible.length === 0 ? 0 : state.cursor + 1;
  const hidden = state.visible.length === state.rows.length ? '' : ` of ${state.rows.length}`;
  const filters = [
    ...(state.filter.text === '' ? [] : [`/${safe(state.filter.text, 60)}`]),
    ...(state.filter.severity === undefined ? [] : [state.filter.severity]),
    ...(state.filter.state === undefined ? [] : [state.filter.state]),
  ];
  const parts = [
    `[${place}/${state.visible.length}${hidden}]`,
    `${counts.open + counts.partly} open`,
    `${counts.later} later`,
    `${counts.decided} decided`,
    ...(filters.length === 0 ? [] : [`only ${filters.join(' ')}`]),
    ...(state.sort === 'risk' ? [] : [`by ${state.sort}`]),
    ...(state.reach === 'group' ? [] : [`decides ${reachWords[state.reach]}`]),
  ];
  return (
    <Text wrap="truncate" {...theme.bar}>
      {pad(` Review ${parts.join(' · ')}`, width)}
    </Text>
  );
}

const reachWords = {
  ingress: 'only this Ingress',
  namespace: 'this namespace',
  everywhere: 'everywhere',
} as const;

/** What just happened, or the line that is being typed. */
export function Prompt({ state, theme, width }: BarProps) {
  if (state.mode !== 'filter' && state.mode !== 'ask')
    return (
      <Text wrap="truncate" {...theme.warning}>
        {pad(safe(state.message), width)}
      </Text>
    );
  const requested = state.pending?.asks[0];
  const label = state.mode === 'filter' ? '/' : `${requested === undefined ? '' : questions[requested]} `;
  const warning = state.message === '' ? '' : `  ! ${safe(state.message, 200)}`;
  const parts = [...graphemes(state.line.text), ' '].map((part) => (part === ' ' ? part : safe(part)));
  const before = parts.slice(0, state.line.cursor);
  const room = Math.max(10, width - widthOf(label) - Math.min(widthOf(warning), Math.floor(width / 2)) - 1);
  // The cursor stays in sight: what stands far left of it goes.
  while (widthOf(before.join('')) > room - 1) before.shift();
  const under = parts[state.line.cursor] ?? ' ';
  const after = parts.slice(state.line.cursor + 1).join('');
  const used = widthOf(label) + widthOf(before.join('')) + widthOf(under);
  const rest = Math.max(0, room + widthOf(label) - used);
  return (
    <Text wrap="truncate">
      <Text {...theme.title}>{label}</Text>
      {before.join('')}
      <Text inverse>{under}</Text>
      {pad(after, rest)}
      <Text {...theme.danger}>{pad(warning, Math.max(0, width - used - rest))}</Text>
    </Text>
  );
}

const questions: Readonly<Record<Ask, string>> = {
  value: 'Value:',
  provider: 'Name of the extension provider:',
  note: 'What has to be done?',
  owner: 'Who does it? (Enter: nobody yet)',
  why: 'This needs a reason. Why?',
};

export function Footer({ state, theme, width }: BarProps) {
  const text =
    state.mode === 'ask'
      ? 'Enter take · Esc cancel · Ctrl-U empty'
      : state.mode === 'filter'
        ? 'Enter keep · Esc all · words, ns: host: severity: state:'
        : state.mode === 'help'
          ? '? or Esc back'
          : '? help · q quit · u undo · / filter · R recommended · a o v x m S t decide · n next · p scope';
  return (
    <Text wrap="truncate" {...theme.dim}>
      {pad(text, width)}
    </Text>
  );
}

interface BarProps {
  readonly state: State;
  readonly theme: Theme;
  readonly width: number;
}
