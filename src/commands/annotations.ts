import { type SupportFormat, supportText } from '../catalogue/support.ts';
import type { Fidelity } from '../domain/outcome.ts';
import { mappingsWith } from './mappings-directory.ts';
import { type Terminal, writeStdout } from './terminal.ts';

export interface AnnotationsArguments {
  readonly format: SupportFormat;
  /** Empty: all. */
  readonly statuses: readonly Fidelity[];
  readonly mappings: string | undefined;
}

/** Lists the annotations that are known, and what becomes of each. Gives the exit code. */
export async function annotationsCommand(args: AnnotationsArguments, terminal: Terminal): Promise<0> {
  const mappings = await mappingsWith(args.mappings, terminal.directory);
  await writeStdout(terminal, supportText(mappings, args.statuses, args.format));
  return 0;
}
