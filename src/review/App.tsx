import { Box, useInput } from 'ink';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { actOf, offersFor } from './act.ts';
import { choiceOf, type Offer } from './choices.ts';
import { Footer, Header, Prompt } from './components/Bars.tsx';
import { Lines } from './components/Lines.tsx';
import { List } from './components/List.tsx';
import { type DetailLine, detailLines, type Insight } from './detail.ts';
import { keyTable, pressesOf } from './keys.ts';
import { currentPlace, currentRow, type State } from './state.ts';
import type { Store } from './store.ts';
import { pad } from './text.ts';
import type { Theme } from './theme.ts';
import type { Tools } from './tools.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** From this many columns on the detail stands beside the list, else below. */
const sideBySide = 100;
/** How long a row is looked at before its choices and objects are worked out, in milliseconds: keys go first. */
const pause = 25;

export function App({ store, tools, theme, size }: AppProps) {
  const state = useSyncExternalStore(store.subscribe, store.get);
  const insight = useInsight(state, tools);
  const { columns, rows } = size;
  const height = Math.max(1, rows - 4);
  const wide = columns >= sideBySide;
  const listWidth = wide ? Math.min(90, Math.floor(columns * 0.5)) : columns;
  const listHeight = wide ? height : Math.max(3, Math.min(state.visible.length, Math.floor(height * 0.4)));
  const detailWidth = wide ? columns - listWidth - 1 : columns;
  const detailHeight = wide ? height : height - listHeight - 1;
  const help = state.mode === 'help';
  const lines = useMemo(
    () =>
      help
        ? helpLines()
        : detailLines(state, insight, tools.mappings, { width: detailWidth, height: detailHeight }),
    [help, state, insight, tools, detailWidth, detailHeight],
  );
  const page = Math.max(1, listHeight - 1);
  const most = Math.max(0, lines.length - (help ? height : detailHeight));

  useInput((input, key) => {
    for (const press of pressesOf(input, key)) {
      const act = actOf(press, store.get(), tools, { page, most });
      if (act === undefined) continue;
      if ('leave' in act) tools.leave(act.leave);
      else store.dispatch(act);
    }
  });

  if (help)
    return (
      <Box flexDirection="column" width={columns}>
        <Header state={state} theme={theme} width={columns} />
        <Lines lines={lines} scroll={state.scroll} theme={theme} width={columns} height={height + 1} />
        <Footer state={state} theme={theme} width={columns} />
      </Box>
    );
  return (
    <Box flexDirection="column" width={columns}>
      <Header state={state} theme={theme} width={columns} />
      <Box flexDirection={wide ? 'row' : 'column'} height={height}>
        <List state={state} theme={theme} width={listWidth} height={listHeight} />
        <Divider wide={wide} width={columns} height={height} theme={theme} />
        <Lines lines={lines} scroll={state.scroll} theme={theme} width={detailWidth} height={detailHeight} />
      </Box>
      <Prompt state={state} theme={theme} width={columns} />
      <Footer state={state} theme={theme} width={columns} />
    </Box>
  );
}

interface AppProps {
  readonly store: Store;
  readonly tools: Tools;
  readonly theme: Theme;
  readonly size: Size;
}

function Divider({
  wide,
  width,
  height,
  theme,
}: {
  wide: boolean;
  width: number;
  height: number;
  theme: Theme;
}) {
  const lines: DetailLine[] = wide
    ? Array.from({ length: height }, () => ({ text: '│', tone: 'dim' }))
    : [{ text: '─'.repeat(width), tone: 'dim' }];
  return <Lines lines={lines} scroll={0} theme={theme} width={wide ? 1 : width} height={wide ? height : 1} />;
}

function useInsight(state: State, tools: Tools): Insight {
  const row = currentRow(state);
  const place = currentPlace(state);
  const key = `${row?.key} ${state.sample} ${state.marked}`;
  const [known, setKnown] = useState<{ readonly key: string; readonly insight: Insight }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key names all that the answer depends on
  useEffect(() => {
    if (row === undefined || place === undefined) return undefined;
    const timer = setTimeout(() => {
      const offers = offersFor(state, tools);
      const offer = offers[state.marked];
      // What the person would still be asked for is not known yet.
      const choice =
        offer === undefined || offer.kind === 'value' ? { kind: 'accept' as const } : choiceOf(offer, {});
      setKnown({ key, insight: { offers, diff: tools.previewer.diff(row, place, choice) } });
    }, pause);
    return () => clearTimeout(timer);
  }, [key]);
  return known?.key === key ? known.insight : { offers: offersKnown(known, row?.key), diff: undefined };
}

/** Of the same row the choices stay in sight while the objects are worked out anew. */
function offersKnown(
  known: { readonly key: string; readonly insight: Insight } | undefined,
  row: string | undefined,
): readonly Offer[] | undefined {
  return row !== undefined && known?.key.startsWith(`${row} `) === true ? known.insight.offers : undefined;
}

function helpLines(): DetailLine[] {
  return [
    { text: 'Keys', tone: 'title' },
    ...keyTable.map(
      ({ keys, help }): DetailLine => ({
        text: `  ${pad(keys.map((key) => (key === ' ' ? 'space' : key)).join(' '), 22)} ${help}`,
        tone: 'plain',
      }),
    ),
    { text: '', tone: 'plain' },
    { text: 'Marks: ✓ decided, ~ partly, z later. 503: requests get 503 until you decide.', tone: 'plain' },
    { text: 'Everything is saved after each decision.', tone: 'dim' },
  ];
}
