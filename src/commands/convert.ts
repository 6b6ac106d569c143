import { convert } from '../pipeline.ts';
import { count } from '../text/count.ts';
import { checkReports, deliver } from './deliver.ts';
import { chooseSource, type InputArguments, readSource, runSettings } from './input.ts';
import type { LayoutArguments } from './layout-line.ts';
import { mappingsWith } from './mappings-directory.ts';
import { outputOf } from './output.ts';
import { progressOn } from './progress.ts';
import { type SelectArguments, selectionOf } from './select.ts';
import type { Terminal } from './terminal.ts';

/** The command line of `convert`, as yargs reads it. */
export interface ConvertArguments extends InputArguments, SelectArguments, LayoutArguments {
  readonly output: string | undefined;
  readonly report: readonly string[];
  /** Whether hosts, names and values are placeholders. */
  readonly redact: boolean;
  readonly force: boolean;
  readonly quiet: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

/** Converts files, directories, stdin or a live cluster to Istio. Gives the exit code. */
export async function convertCommand(args: ConvertArguments, terminal: Terminal): Promise<number> {
  checkReports(args.report);
  const settings = await runSettings(args, terminal.directory);
  const mappings = await mappingsWith(args.mappings, terminal.directory);
  const source = chooseSource(args, 'convert', terminal);
  const progress = progressOn(terminal, args.quiet);
  try {
    const read = await readSource(source, settings, terminal, progress);
    const { cluster, options, exitCode } = args.redact
      ? await (await import('./redacted.ts')).redactedInput(read, mappings, terminal)
      : { ...read, exitCode: 0 };
    progress.show(0.5, `Converting ${count(cluster.ingresses.length, 'Ingress', 'Ingresses')}`);
    const whole = convert(cluster, options, mappings);
    const selection = await selectionOf(whole, args, args.inputs, terminal.directory);
    const files = await outputOf(whole, selection, { ...args, comments: settings.comments }, terminal);
    const delivered = await deliver(
      selection?.conversion ?? whole,
      { ...args, reports: args.report, failOn: settings.failOn, comments: settings.comments, files },
      terminal,
      progress,
    );
    return Math.max(exitCode, delivered);
  } finally {
    progress.end();
  }
}
