import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until the next request may be sent: never more than `rate` in a second. */
export function pacer(rate: number): () => Promise<void> {
  const pause = 1000 / rate;
  let next = 0;
  return async () => {
    const now = performance.now();
    const at = Math.max(now, next);
    next = at + pause;
    if (at > now) await sleep(at - now);
  };
}
