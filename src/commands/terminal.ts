import type { Readable, Writable } from 'node:stream';
import { OutputError, systemCode, systemReason } from '../domain/errors.ts';

/** What a command sees of the world around it, so that tests can give it another one. */
export interface Terminal {
  /** The program as the user calls it: `ingress2istio` or `kubectl ingress2istio`. */
  readonly program: string;
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
  };
}

/** Longest piece that is written at once, in characters. */
const pieceSize = 1 << 16;

/**
 * Writes all of it to stdout, at the speed of its reader. A reader that went away (`| head`) is no error: the rest is for nobody.
 * @throws {OutputError}
 */
export async function writeStdout({ stdout }: Terminal, text: string): Promise<void> {
  const failure = await writeTo(stdout, text);
  if (failure === undefined || ['EPIPE', 'ERR_STREAM_DESTROYED'].includes(systemCode(failure) ?? '')) return;
  throw new OutputError(
    `Standard output cannot be written: ${systemReason(failure)}.`,
    'What was written there is not whole.',
  );
}

/** Writes to stderr; where nobody can be told, nothing is said. */
export async function tell({ stderr }: Terminal, text: string): Promise<void> {
  await writeTo(stderr, text);
}

async function writeTo(stream: Writable, text: string): Promise<Error | undefined> {
  for (let at = 0; at < text.length; at += pieceSize) {
    if (stream.destroyed || !stream.writable) return undefined;
    const piece = text.slice(at, at + pieceSize);
    const failure = await new Promise<Error | undefined>((resolve) => {
      stream.write(piece, (error) => resolve(error ?? undefined));
    });
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** Whether to write colours to stderr; `NO_COLOR` is that of no-color.org. */
export function usesColors(choice: 'auto' | 'always' | 'never', { stderr, env }: Terminal): boolean {
  if (choice !== 'auto') return choice === 'always';
  return stderr.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}
