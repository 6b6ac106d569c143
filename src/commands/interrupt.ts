import { Interrupted } from '../domain/errors.ts';

/** Ctrl-C, a stop from the system, a closed terminal; with the numbers that exit codes are made of. */
const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/**
 * Runs `act` with these signals held back. `act` awaits `check` wherever it may still stop without a trace; a signal that
 * comes after the last check lets it finish, and the exit code still tells of it.
 * @throws {Interrupted}
 */
export async function interruptible<Result>(
  act: (check: () => Promise<void>) => Promise<Result>,
): Promise<Result> {
  let exitCode: number | undefined;
  const listeners = Object.entries(signals).map(([signal, number]) => {
    const listener = (): void => {
      exitCode ??= 128 + number;
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  const check = async (): Promise<void> => {
    // Signals arrive with the event loop's next turn.
    await new Promise((resolve) => setImmediate(resolve));
    if (exitCode !== undefined) throw new Interrupted(exitCode);
  };
  try {
    const result = await act(check);
    await check();
    return result;
  } finally {
    for (const remove of listeners) remove();
  }
}
