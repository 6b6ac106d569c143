import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { layerOfFlags } from '../config/flags.ts';
import { type Layer, type RunSettings, resolveSettings, usualConfigFile } from '../config/settings.ts';
import { ConfigError, systemReason, UsageError } from '../errors.ts';
import type { Options } from '../options.ts';
import { convert } from '../pipeline.ts';
import type { Cluster } from '../read/cluster.ts';
import { readInputs } from '../read/files.ts';
import { readTexts } from '../read/index.ts';
import { count } from '../report/summary.ts';
import { checkReports, deliver } from './deliver.ts';
import { type Progress, progressOn } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** The command line of `convert`, as yargs reads it. */
export interface ConvertArguments extends Readonly<Record<string, unknown>> {
  readonly inputs: readonly string[];
  readonly output: string | undefined;
  readonly report: readonly string[];
  readonly config: string | undefined;
  readonly force: boolean;
  readonly quiet: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

/** Converts files, directories or stdin to Istio. Gives the exit code. */
export async function convertCommand(args: ConvertArguments, terminal: Terminal): Promise<number> {
  checkReports(args.report);
  const settings = resolveSettings(await fileLayer(args.config, terminal.directory), layerOfFlags(args));
  const inputs = chooseInputs(args.inputs, terminal);
  const progress = progressOn(terminal, args.quiet);
  try {
    const { cluster, options } = await read(inputs, settings, terminal, progress);
    progress.show(0.5, `Converting ${count(cluster.ingresses.length, 'Ingress', 'Ingresses')}`);
    const conversion = convert(cluster, options);
    return await deliver(
      conversion,
      { ...args, reports: args.report, failOn: settings.failOn },
      terminal,
      progress,
    );
  } finally {
    progress.end();
  }
}

async function read(
  paths: readonly string[],
  { options, controllerConfig }: RunSettings,
  terminal: Terminal,
  progress: Progress,
): Promise<{ cluster: Cluster; options: Options }> {
  progress.show(0, 'Reading');
  const { inputs, findings } = await readInputs(paths, terminal.stdin);
  const texts = readTexts(inputs, ({ done, total }) =>
    progress.show((done / Math.max(1, total)) * 0.5, 'Reading'),
  );
  const cluster = { ...texts, findings: [...findings, ...texts.findings] };
  if (controllerConfig === undefined) return { cluster, options };
  const { withControllerConfig } = await import('../config/controller-config.ts');
  const file = resolve(terminal.directory, controllerConfig);
  return withControllerConfig(
    cluster,
    options,
    relative(terminal.directory, file),
    textOfFile(file, controllerConfig),
  );
}

/** The config file needs a YAML reader and ajv: loaded where there is one. */
async function fileLayer(file: string | undefined, directory: string): Promise<Layer> {
  if (file === undefined && !existsSync(resolve(directory, usualConfigFile))) return new Map();
  const { layerOfFile } = await import('../config/file.ts');
  return layerOfFile(file ?? usualConfigFile, directory);
}

function chooseInputs(inputs: readonly string[], { stdin, program }: Terminal): readonly string[] {
  if (inputs.length > 0) return inputs;
  if (stdin.isTTY !== true) return ['-'];
  throw new UsageError(
    'There is nothing to convert.',
    `Name files or directories, or pipe a dump in: kubectl get ingress,ingressclass,service -A -o yaml | ${program} convert`,
  );
}

function textOfFile(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(
      `The controller's ConfigMap ${name} cannot be read: ${systemReason(error)}.`,
      'Give another file with --controller-config.',
    );
  }
}
