import { existsSync } from 'node:fs';
import { getAsset, isSea } from 'node:sea';
import { Worker } from 'node:worker_threads';
import type { ChunkTally } from './chunk.ts';
import { type CounterSettings, type LogPart, type PartCounter, partCounter } from './counter.ts';

export interface CounterPool {
  readonly count: PartCounter;
  /** How many parts are worth asking for at a time. */
  readonly width: number;
  close(): Promise<void>;
}

/** The bundled thread, as a file or inside a single executable; from sources there is none, and everything is counted in this one. */
function bundledThread(): { readonly code: URL | string; readonly eval: boolean } | undefined {
  if (isSea()) return { code: getAsset('log-worker.cjs', 'utf8'), eval: true };
  const file = new URL('./log-worker.js', import.meta.url);
  return existsSync(file) ? { code: file, eval: false } : undefined;
}

/** @param threads 0: counts in this thread, which is quicker for a few megabytes */
export function counterPool(settings: CounterSettings, threads: number): CounterPool {
  const thread = threads === 0 ? undefined : bundledThread();
  if (thread === undefined) return { count: partCounter(settings), width: 1, close: async () => undefined };
  const workers = Array.from(
    { length: threads },
    (_, index) =>
      new Worker(thread.code, {
        eval: thread.eval,
        workerData: { counting: settings, name: String(index) },
        // Lines are short-lived: a small nursery is quicker and keeps the whole below 300 MiB.
        resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 16 },
      }),
  );
  const idle = [...workers];
  const waiting: (() => void)[] = [];
  return {
    width: threads * 2,
    async count(part) {
      while (idle.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      const worker = idle.pop()!;
      try {
        return await ask(worker, part);
      } finally {
        idle.push(worker);
        waiting.shift()?.();
      }
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function ask(worker: Worker, part: LogPart): Promise<ChunkTally> {
  return new Promise((resolve, reject) => {
    const done = (act: () => void): void => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      act();
    };
    const onMessage = ({ tally, problem }: { tally?: ChunkTally; problem?: string }): void =>
      done(() => (tally === undefined ? reject(new Error(problem)) : resolve(tally)));
    const onError = (error: unknown): void => done(() => reject(error));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage(part);
  });
}
