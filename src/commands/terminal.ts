import type { Readable, Writable } from 'node:stream';
import { systemCode } from '../errors.ts';

/** What a command sees of the world around it, so that tests can give it another one. */
export interface Terminal {
  /** The program as the user calls it: `ingress2istio` or `kubectl ingress2istio`. */
  readonly program: string;
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
}

/** Longest piece that is written at once, in characters. */
const pieceSize = 1 << 16;

/**
 * Writes all of it, at the speed of the reader. A reader that went away (`| head`) is no error: the rest is for nobody.
 */
export async function write(stream: Writable, text: string): Promise<void> {
  for (let at = 0; at < text.length; at += pieceSize) {
    if (stream.destroyed || !stream.writable) return;
    const gone = await new Promise<boolean>((resolve, reject) => {
      stream.write(text.slice(at, at + pieceSize), (error) => {
        if (error === null || error === undefined) resolve(false);
        else if (['EPIPE', 'ERR_STREAM_DESTROYED'].includes(systemCode(error) ?? '')) resolve(true);
        else reject(error);
      });
    });
    if (gone) return;
  }
}

/** Whether to write colours to stderr; `NO_COLOR` is that of no-color.org. */
export function usesColors(choice: 'auto' | 'always' | 'never', { stderr, env }: Terminal): boolean {
  if (choice !== 'auto') return choice === 'always';
  return stderr.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}
