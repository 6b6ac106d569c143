import { Box, Text } from 'ink';
import type { DetailLine } from '../detail.ts';
import { pad } from '../text.ts';
import type { Theme } from '../theme.ts';

/** Those of the lines that fit, from `scroll` on. */
export function Lines({ lines, scroll, theme, width, height }: LinesProps) {
  const from = Math.max(0, Math.min(scroll, lines.length - height));
  return (
    <Box flexDirection="column" width={width} height={height} overflow="hidden">
      {lines.slice(from, from + height).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
        <Text key={index} wrap="truncate" {...theme[line.tone]}>
          {pad(line.text, width)}
        </Text>
      ))}
    </Box>
  );
}

interface LinesProps {
  readonly lines: readonly DetailLine[];
  readonly scroll: number;
  readonly theme: Theme;
  readonly width: number;
  readonly height: number;
}
