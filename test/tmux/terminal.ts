import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const cli = join(fileURLToPath(new URL('../..', import.meta.url)), 'dist', 'cli.js');

/** A real terminal of its own, in tmux, as a person would use it. */
export interface TmuxTerminal {
  /** Types a command line into the shell. */
  run(line: string): void;
  /** Keys by tmux's names; a text that is no name is typed. */
  keys(...names: string[]): void;
  /** Waits until the screen shows the text, and gives the screen. */
  shows(text: string): Promise<string>;
  screen(): string;
  resize(columns: number, rows: number): void;
  /** Of the process in the foreground of the terminal, by its command line. */
  close(): void;
}

export const hasTmux = spawnSync('tmux', ['-V']).status === 0;

export function openTerminal(directory: string, columns: number, rows: number): TmuxTerminal {
  const socket = `review-${process.pid}-${randomBytes(3).toString('hex')}`;
  const tmux = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync('tmux', ['-L', socket, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: directory, LANG: 'C.UTF-8', TERM: 'xterm-256color' },
    });
    if (status !== 0) throw new Error(`tmux ${args[0]}: ${stderr}`);
    return stdout;
  };
  tmux('new-session', '-d', '-x', `${columns}`, '-y', `${rows}`, '-c', directory, 'env PS1="$ " sh -i');
  const screen = (): string => tmux('capture-pane', '-p');
  return {
    run: (line) => void tmux('send-keys', line, 'Enter'),
    keys: (...names) => void tmux('send-keys', ...names),
    screen,
    async shows(text) {
      const end = Date.now() + 30_000;
      for (;;) {
        const now = screen();
        if (now.includes(text)) return now;
        if (Date.now() > end) throw new Error(`The screen never showed ${JSON.stringify(text)}:\n${now}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    resize: (width, height) => void tmux('resize-window', '-x', `${width}`, '-y', `${height}`),
    close: () => void spawnSync('tmux', ['-L', socket, 'kill-server']),
  };
}
