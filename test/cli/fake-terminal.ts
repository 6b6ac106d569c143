import { Readable, Writable } from 'node:stream';
import { run } from '../../src/commands/run.ts';

/** What a command line in this process gave back. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

class Sink extends Writable {
  text = '';
  isTTY = false;
  columns = 80;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Runs a command line in this process. */
export async function runHere(
  args: readonly string[],
  world: {
    readonly stdin?: string | 'terminal';
    readonly directory?: string;
    readonly env?: Record<string, string>;
    readonly terminal?: boolean;
    readonly program?: string;
  } = {},
): Promise<Ran> {
  const [stdout, stderr] = [new Sink(), new Sink()];
  stderr.isTTY = world.terminal === true;
  const isTerminal = world.stdin === undefined || world.stdin === 'terminal';
  const stdin = Object.assign(Readable.from(isTerminal ? [] : [world.stdin]), { isTTY: isTerminal });
  const code = await run(args, {
    program: world.program ?? 'ingress2istio',
    directory: world.directory ?? '/nowhere',
    env: world.env ?? {},
    stdin,
    stdout,
    stderr,
  });
  return { code, stdout: stdout.text, stderr: stderr.text };
}
