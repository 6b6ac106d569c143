#!/usr/bin/env node
import { basename } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { versionText } from './version.ts';

// Left to itself, V8 keeps more garbage, and spends a fifth of the processor on optimizing a thousand functions of which most are soon
// done. With these, 10,000 Ingresses take less memory, less of both cores, and no more time (docs/speed.md).
for (const flag of [
  '--heap-growing-percent=80',
  '--interrupt-budget=1000000',
  '--max-inlined-bytecode-size-cumulative=300',
])
  setFlagsFromString(flag);

const args = process.argv.slice(2);

if (args.length === 1 && args[0] === '--version') {
  process.stdout.write(`${versionText}\n`);
} else {
  // A reader that goes away is seen where it is written to, and is no reason to fall.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const { run } = await import('./commands/run.ts');
  process.exitCode = await run(args, {
    program: basename(process.argv[1] ?? '').startsWith('kubectl-')
      ? 'kubectl ingress2istio'
      : 'ingress2istio',
    directory: process.cwd(),
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
  });
}
