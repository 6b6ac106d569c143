import { describe, expect, it } from 'vitest';
import { interruptible } from '../../src/commands/interrupt.ts';
import { Interrupted } from '../../src/domain/errors.ts';

/** The signal as the process gets it, without asking the system to send one. */
const stop = (signal: 'SIGINT' | 'SIGTERM') => process.emit(signal, signal);

describe('interruptible', () => {
  it('gives the result of what runs through', async () => {
    expect(await interruptible(async () => 'done')).toBe('done');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s stops it at its next check', async (signal, exitCode) => {
    const steps: string[] = [];
    const run = interruptible(async (check) => {
      steps.push('staged');
      stop(signal);
      await check();
      steps.push('committed');
    });
    await expect(run).rejects.toMatchObject({ exitCode });
    expect(steps).toEqual(['staged']);
  });

  it('lets it finish after its last check, and still tells', async () => {
    const steps: string[] = [];
    const run = interruptible(async () => {
      stop('SIGINT');
      steps.push('committed');
    });
    await expect(run).rejects.toBeInstanceOf(Interrupted);
    expect(steps).toEqual(['committed']);
  });

  it('holds no signal back afterwards', async () => {
    const before = process.listenerCount('SIGINT');
    await interruptible(async () => undefined);
    await interruptible(async () => Promise.reject(new Error('no'))).catch(() => undefined);
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});
