import type { Terminal } from './terminal.ts';

/** A bar on the last line of a terminal, and nothing anywhere else. */
export interface Progress {
  /** @param fraction of the whole run, 0 … 1 */
  show(fraction: number, text: string): void;
  /** Takes the bar away. */
  end(): void;
}

const width = 24;
/** Between two frames of the same text, in milliseconds. */
const pause = 60;

export function progressOn({ stderr }: Pick<Terminal, 'stderr'>, quiet: boolean): Progress {
  if (stderr.isTTY !== true || quiet) return { show: () => undefined, end: () => undefined };
  let shown: string | undefined;
  let drawnAt = 0;
  return {
    show(fraction, text) {
      const now = performance.now();
      if (text === shown && now - drawnAt < pause) return;
      shown = text;
      drawnAt = now;
      const filled = Math.round(Math.min(1, Math.max(0, fraction)) * width);
      const line = `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${text}`;
      stderr.write(`\r\x1b[2K${line.slice(0, (stderr.columns ?? 80) - 1)}`);
    },
    end() {
      if (shown !== undefined) stderr.write('\r\x1b[2K');
      shown = undefined;
    },
  };
}
