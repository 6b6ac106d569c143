import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type CounterSettings, type LogPart, partCounter } from './counter.ts';

/** Counts the parts of logs that come through a port, one at a time. */
function serve(port: MessagePort, settings: CounterSettings, name: string): void {
  const count = partCounter(settings, name);
  port.on('message', (part: LogPart) => {
    count(part).then(
      (tally) => port.postMessage({ tally }),
      (error: unknown) => port.postMessage({ problem: String((error as Error).message ?? error) }),
    );
  });
}

/** What a thread of `pool.ts` is given; any other one has nothing to count. */
const given = workerData as { readonly counting?: CounterSettings; readonly name?: string } | null;
if (parentPort !== null && given?.counting !== undefined) serve(parentPort, given.counting, given.name ?? '');
