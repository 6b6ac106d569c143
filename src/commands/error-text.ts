import { KnownError } from '../domain/errors.ts';
import { visible } from '../text/escape.ts';
import { type Terminal, usesColors } from './terminal.ts';

/** Known errors say what to do. Of others a person sees one line; the stack trace is for whoever asks for it. */
export function errorText(error: unknown, args: readonly string[], terminal: Terminal): string {
  const colors = usesColors('auto', terminal);
  const head = colors ? '\x1b[31merror\x1b[39m' : 'error';
  if (error instanceof KnownError) {
    const lines = error.message.split('\n').map((line) => visible(line));
    return `${head}: ${lines.join('\n       ')}\n  → ${visible(error.wayOut)}\n`;
  }
  const known = error instanceof Error ? error : new Error(String(error));
  const stack = args.includes('--debug') ? `${known.stack ?? ''}\n` : '';
  const hint = stack === '' ? 'Please report it, with what --debug shows.' : 'Please report it.';
  return `${head}: internal error: ${visible(known.message, 300)}\n  → ${hint}\n${stack}`;
}
