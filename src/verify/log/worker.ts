import { parentPort, threadId, workerData } from 'node:worker_threads';
import { type CounterSettings, type LogPart, partCounter } from './counter.ts';

/** A thread that counts parts of logs, one at a time. */
const count = partCounter(workerData as CounterSettings, String(threadId));

parentPort?.on('message', (part: LogPart) => {
  count(part).then(
    (tally) => parentPort?.postMessage({ tally }),
    (error: unknown) => parentPort?.postMessage({ problem: String((error as Error).message ?? error) }),
  );
});
