import type { Terminal } from './terminal.ts';

/** A bar on the last line of a terminal, and nothing anywhere else. */
export interface Progress {
  /**
   * @param fraction of the whole run, 0 … 1
   * @param table lines above the bar
   */
  show(fraction: number, text: string, table?: readonly string[]): void;
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
  let height = 0;
  const erased = (): string => `\r\x1b[2K${'\x1b[1A\x1b[2K'.repeat(height)}`;
  return {
    show(fraction, text, table = []) {
      const now = performance.now();
      if ((text === shown || table.length > 0) && fraction < 1 && now - drawnAt < pause) return;
      shown = text;
      drawnAt = now;
      const filled = Math.round(Math.min(1, Math.max(0, fraction)) * width);
      const line = `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${text}`;
      const columns = (stderr.columns ?? 80) - 1;
      const lines = [...table.slice(0, Math.max(0, (stderr.rows ?? 24) - 2)), line];
      stderr.write(`${erased()}${lines.map((one) => one.slice(0, columns)).join('\n')}`);
      height = lines.length - 1;
    },
    end() {
      if (shown !== undefined) stderr.write(erased());
      shown = undefined;
      height = 0;
    },
  };
}
