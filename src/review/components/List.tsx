import { Box, Text } from 'ink';
import { choiceText } from '../../domain/decision.ts';
import type { Row } from '../rows.ts';
import type { State } from '../state.ts';
import { cut, pad, safe, widthOf } from '../text.ts';
import type { Theme, Tone } from '../theme.ts';

const states = { open: ' ', partly: '~', later: 'z', decided: '✓' } as const;

const riskWords = {
  'fails open': 'OPEN!',
  closed: 'CLOSED',
  access: 'ACCESS',
  error: 'error',
  warning: 'warn',
  note: 'note',
} as const;

const riskTones: Readonly<Record<Row['risk'], Tone>> = {
  'fails open': 'danger',
  closed: 'danger',
  access: 'danger',
  error: 'danger',
  warning: 'plain',
  note: 'dim',
};

/** The rows that fit, around the cursor. */
export function List({ state, theme, width, height }: ListProps) {
  const from = Math.max(0, Math.min(state.cursor - Math.floor(height / 2), state.visible.length - height));
  const shown = state.visible.slice(from, from + height);
  return (
    <Box flexDirection="column" width={width} height={height} overflow="hidden">
      {shown.map((row, index) => (
        <RowLine
          key={row.key}
          row={row}
          state={state}
          theme={theme}
          width={width}
          current={from + index === state.cursor}
        />
      ))}
    </Box>
  );
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
  const head = `${current ? '>' : ' '}${mark} ${riskWords[row.risk].padEnd(6)} ${`${row.places.length}×`.padStart(6)} `;
  const decision = progress?.decision;
  const tail = decision === undefined ? '' : ` ${cut(safe(choiceText(decision.choice), 60), 18)}`;
  const value = row.value.trim() === '' ? '' : `: ${safe(row.value.trim().replace(/\s+/g, ' '), 200)}`;
  const room = Math.max(0, width - head.length - widthOf(tail));
  const tone = current ? 'cursor' : progress?.state === 'decided' ? 'done' : riskTones[row.risk];
  return (
    <Text wrap="truncate" {...theme[tone]}>
      {pad(head + pad(safe(row.title, 200) + value, room) + tail, width)}
    </Text>
  );
}

interface RowLineProps {
  readonly row: Row;
  readonly state: State;
  readonly theme: Theme;
  readonly width: number;
  readonly current: boolean;
}
