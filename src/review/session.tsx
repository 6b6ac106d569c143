import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadStream, WriteStream } from 'node:tty';
import { type Instance, render } from 'ink';
import { useEffect, useState } from 'react';
import { App } from './App.tsx';
import type { State } from './state.ts';
import { currentPlace } from './state.ts';
import type { Store } from './store.ts';
import type { Theme } from './theme.ts';
import type { Leave, Tools } from './tools.ts';

export interface Screen {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const alternateScreen = { enter: '\u001b[?1049h\u001b[H', leave: '\u001b[?1049l' };

/** Runs the screen until the session is over, and gives the terminal back as it was, whatever happens. */
export async function runScreen(
  store: Store,
  tools: Omit<Tools, 'leave'>,
  theme: Theme,
  screen: Screen,
): Promise<State> {
  const { stdin, stdout } = screen;
  let left: Leave | undefined;
  let instance: Instance | undefined;
  const stop = (): void => store.dispatch({ type: 'quit' });
  const off = store.subscribe(() => {
    if (store.get().over) instance?.unmount();
  });
  const all: Tools = {
    ...tools,
    leave: (what) => {
      left = what;
      instance?.unmount();
    },
  };
  const restore = (): void => {
    stdout.write(alternateScreen.leave);
  };
  // A signal ends the session as `q` does: all decisions are in the file already.
  const signals = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;
  for (const signal of signals) process.on(signal, stop);
  process.on('exit', restore);
  try {
    while (!store.get().over) {
      stdout.write(alternateScreen.enter);
      left = undefined;
      instance = render(<Sized store={store} tools={all} theme={theme} stdout={stdout} />, {
        stdin,
        stdout,
        exitOnCtrlC: false,
        patchConsole: false,
        maxFps: 120,
      });
      await instance.waitUntilExit();
      restore();
      if (left !== undefined) await away(left, store, tools, screen);
    }
  } finally {
    off();
    for (const signal of signals) process.off(signal, stop);
    process.off('exit', restore);
    restore();
  }
  return store.get();
}

/** The size of the terminal, as it changes. */
function Sized({ store, tools, theme, stdout }: SizedProps) {
  const [size, setSize] = useState({ columns: stdout.columns, rows: stdout.rows });
  useEffect(() => {
    const resized = (): void => setSize({ columns: stdout.columns, rows: stdout.rows });
    stdout.on('resize', resized);
    return () => {
      stdout.off('resize', resized);
    };
  }, [stdout]);
  return <App store={store} tools={tools} theme={theme} size={size} />;
}

interface SizedProps {
  readonly store: Store;
  readonly tools: Tools;
  readonly theme: Theme;
  readonly stdout: WriteStream;
}

async function away(what: Leave, store: Store, tools: Omit<Tools, 'leave'>, screen: Screen): Promise<void> {
  if (what.kind === 'suspend') {
    await suspend();
    return;
  }
  const value = edit(currentPlace(store.get())?.raw ?? '', screen);
  if (value === undefined) {
    store.dispatch({ type: 'tell', message: 'The editor did not end well; nothing was decided.' });
    return;
  }
  store.dispatch({ type: 'choose', offer: what.offer, at: tools.now() });
  store.dispatch({ type: 'answer', text: value });
}

/** Stops as the shell expects, and goes on with `fg`. */
async function suspend(): Promise<void> {
  // A timer keeps the process from ending for lack of work.
  const alive = setInterval(() => undefined, 1000);
  await new Promise<void>((resolve) => {
    process.once('SIGCONT', () => resolve());
    process.kill(process.pid, 'SIGTSTP');
  });
  clearInterval(alive);
}

function edit(value: string, { env }: Screen): string | undefined {
  const editor = env['VISUAL'] || env['EDITOR'] || 'vi';
  const directory = mkdtempSync(join(tmpdir(), 'ingress2istio-'));
  const file = join(directory, 'value.txt');
  try {
    writeFileSync(file, value, { mode: 0o600 });
    // `$EDITOR` may hold arguments, which a shell takes apart as every other tool does.
    const { status } = spawnSync('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
    if (status !== 0) return undefined;
    const text = readFileSync(file, 'utf8');
    return value.endsWith('\n') ? text : text.replace(/\n$/, '');
  } catch {
    return undefined;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
