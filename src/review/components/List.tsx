import { Box, Text } from 'ink';
import { choiceText } from '../../domain/decision.ts';
import type { Group, Row } from '../rows.ts';
import type { State } from '../state.ts';
import { cut, pad, safe, widthOf } from '../text.ts';
import type { Theme, Tone } from '../theme.ts';

const states = { open: ' ', partly: '~', later: 'z', decided: '✓' } as const;

/** Only what can't wait is named; the heading says the rest. */
const riskWords: Readonly<Partial<Record<Row['risk'], string>>> = { 'fails open': 'OPEN!', closed: '503' };

const groupTones: Readonly<Record<Group, Tone>> = {
  Blocked: 'danger',
  Access: 'danger',
  Gateway: 'plain',
  Behavior: 'plain',
  Input: 'plain',
};

/** The rows that fit, around the cursor, under the headings of their groups. */
export function List({ state, theme, width, height }: ListProps) {
  const entries = entriesOf(state);
  const cursor = entries.findIndex((entry) => 'row' in entry && entry.index === state.cursor);
  const from = Math.max(0, Math.min(cursor - Math.floor(height / 2), entries.length - height));
  return (
    <Box flexDirection="column" width={width} height={height} overflow="hidden">
      {entries.slice(from, from + height).map((entry) =>
        'row' in entry ? (
          <RowLine
            key={entry.row.key}
            row={entry.row}
            state={state}
            theme={theme}
            width={width}
            current={entry.index === state.cursor}
          />
        ) : (
          <Text key={entry.heading} wrap="truncate" {...theme.title}>
            {pad(entry.heading, width)}
          </Text>
        ),
      )}
    </Box>
  );
}

type Entry = { readonly row: Row; readonly index: number } | { readonly heading: Group };

/** Headings are for the order in which groups stand together. */
function entriesOf({ visible, sort }: State): Entry[] {
  return visible.flatMap((row, index): Entry[] => {
    const starts = sort === 'risk' && row.requests === undefined && visible[index - 1]?.group !== row.group;
    return starts ? [{ heading: row.group }, { row, index }] : [{ row, index }];
  });
}

interface ListProps {
  readonly state: State;
  readonly theme: Theme;
  readonly width: number;
  readonly height: number;
}

function RowLine({ row, state, theme, width, current }: RowLineProps) {
  const progress = state.progress.get(row.key);
  const mark = states[progress?.state ?? 'open'];
  const word = riskWords[row.risk];
  const head = `${current ? '>' : ' '}${mark} ${`${row.places.length}×`.padStart(5)} ${word === undefined ? '' : `${word} `}`;
  const decision = progress?.decision;
  const tail = decision === undefined ? '' : ` ${cut(safe(choiceText(decision.choice), 60), 18)}`;
  const room = Math.max(0, width - widthOf(head) - widthOf(tail));
  const { text, code } = wordsOf(row);
  const shown = cut(safe(text, 300), room);
  const dim = current ? theme.cursor : theme.dim;
  const tone = current ? 'cursor' : progress?.state === 'decided' ? 'done' : groupTones[row.group];
  return (
    <Text wrap="truncate">
      <Text {...theme[tone]}>{head + shown}</Text>
      <Text {...dim}>{pad(code === '' ? '' : ` ${code}`, room - widthOf(shown))}</Text>
      <Text {...theme[tone]}>{tail}</Text>
    </Text>
  );
}

/** The question in words: what the input says where it is about a part of it, and the code of a finding. */
function wordsOf({ kind, title, value, sentence, code }: Row): { text: string; code: string } {
  if (kind === 'finding') return { text: sentence, code: code ?? '' };
  const written = value.trim() === '' ? title : `${title}: ${value.trim().replace(/\s+/g, ' ')}`;
  return { text: sentence === '' ? written : `${written} (${sentence.replace(/\.$/, '')})`, code: '' };
}

interface RowLineProps {
  readonly row: Row;
  readonly state: State;
  readonly theme: Theme;
  readonly width: number;
  readonly current: boolean;
}
