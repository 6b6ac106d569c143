import { convert } from '../pipeline.ts';
import { count } from '../text/count.ts';
import { checkReports, deliver } from './deliver.ts';
import { chooseSource, type InputArguments, readSource, runSettings } from './input.ts';
import { mappingsWith } from './mappings-directory.ts';
import { progressOn } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** The command line of `convert`, as yargs reads it. */
export interface ConvertArguments extends InputArguments {
  readonly output: string | undefined;
  readonly report: readonly string[];
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
    const { cluster, options } = await readSource(source, settings, terminal, progress);
    progress.show(0.5, `Converting ${count(cluster.ingresses.length, 'Ingress', 'Ingresses')}`);
    const conversion = convert(cluster, options, mappings);
    return await deliver(
      conversion,
      { ...args, reports: args.report, failOn: settings.failOn, comments: settings.comments },
      terminal,
      progress,
    );
  } finally {
    progress.end();
  }
}
