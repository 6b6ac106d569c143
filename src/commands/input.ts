import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Access } from '../cluster/kubectl.ts';
import { layerOfFlags } from '../config/flags.ts';
import { type Layer, type RunSettings, resolveSettings, usualConfigFile } from '../config/settings.ts';
import { type Decision, usualDecisionsFile } from '../domain/decision.ts';
import { ConfigError, systemReason, UsageError } from '../domain/errors.ts';
import { type GivenOptions, gatewayNamespaces } from '../domain/options.ts';
import type { Cluster } from '../read/cluster.ts';
import { readInputs } from '../read/files.ts';
import { readTexts } from '../read/index.ts';
import { isLabel } from '../read/names.ts';
import type { Progress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** What a command line says of a live cluster, in kubectl's words. */
export interface ClusterArguments {
  readonly context: string | undefined;
  readonly kubeconfig: string | undefined;
  /** `-n`; empty: all. */
  readonly fromNamespaces: readonly string[];
  readonly allNamespaces: boolean;
}

/** What every command that reads Ingresses takes. */
export interface InputArguments extends Readonly<Record<string, unknown>> {
  readonly inputs: readonly string[];
  readonly config: string | undefined;
  /** Directory with mapping files of the user's own. */
  readonly mappings: string | undefined;
  /** File with people's decisions; undefined: the usual one, if it is there; false: none. */
  readonly decisions?: string | false | undefined;
  readonly cluster: ClusterArguments;
}

/** Where the objects come from: files and stdin, or a cluster. */
export type InputSource =
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | { readonly kind: 'cluster'; readonly cluster: ClusterArguments };

/** The layers of config file and command line. */
export async function runSettings(args: InputArguments, directory: string): Promise<RunSettings> {
  const settings = resolveSettings(await fileLayer(args.config, directory), layerOfFlags(args));
  const decisions = await decisionsOf(args, directory);
  return decisions.length === 0 ? settings : { ...settings, options: { ...settings.options, decisions } };
}

/** The reader of decisions needs ajv: loaded where there is a file. */
async function decisionsOf(args: InputArguments, directory: string): Promise<readonly Decision[]> {
  if (args.decisions === false) return [];
  const file = args.decisions ?? usualDecisionsPath(args.inputs);
  if (args.decisions === undefined && !existsSync(resolve(directory, file))) return [];
  const { loadDecisions } = await import('../decisions/file.ts');
  return loadDecisions(file, directory);
}

/** Beside the first file of the input, in the first directory of it; else where we are. */
export function usualDecisionsPath(inputs: readonly string[]): string {
  const first = inputs.find((input) => input !== '-');
  if (first === undefined) return usualDecisionsFile;
  const isDirectory = statSync(first, { throwIfNoEntry: false })?.isDirectory() === true;
  return join(isDirectory ? first : dirname(first), usualDecisionsFile);
}

/** The config file needs a YAML reader and ajv: loaded where there is one. */
async function fileLayer(file: string | undefined, directory: string): Promise<Layer> {
  if (file === undefined && !existsSync(resolve(directory, usualConfigFile))) return new Map();
  const { layerOfFile } = await import('../config/file.ts');
  return layerOfFile(file ?? usualConfigFile, directory);
}

/** Whether any flag speaks of a cluster. */
export function namesCluster({
  context,
  kubeconfig,
  fromNamespaces,
  allNamespaces,
}: ClusterArguments): boolean {
  return context !== undefined || kubeconfig !== undefined || fromNamespaces.length > 0 || allNamespaces;
}

/** @throws {UsageError} nothing is named, or two things that exclude each other */
export function chooseSource(args: InputArguments, command: string, terminal: Terminal): InputSource {
  const { inputs, cluster } = args;
  if (namesCluster(cluster)) {
    checkCluster(cluster);
    if (inputs.length === 0) return { kind: 'cluster', cluster };
    throw new UsageError(
      'Both files and a cluster are named.',
      'Leave the files out to read the cluster, or --context, --kubeconfig, -n and -A to read the files.',
    );
  }
  if (inputs.length > 0) return { kind: 'files', paths: inputs };
  if (terminal.stdin.isTTY !== true) return { kind: 'files', paths: ['-'] };
  throw new UsageError(
    'There is nothing to convert.',
    `Name files or directories, read the cluster with ${terminal.program} ${command} -A, or pipe a dump in: kubectl get ingress,ingressclass,service -A -o yaml | ${terminal.program} ${command}`,
  );
}

/** @throws {UsageError} */
export function checkCluster({ fromNamespaces, allNamespaces }: ClusterArguments): void {
  if (allNamespaces && fromNamespaces.length > 0)
    throw new UsageError('Both -A and -n are given.', 'Give one of them.');
  const wrong = fromNamespaces.find((name) => !isLabel(name));
  if (wrong !== undefined)
    throw new UsageError(`-n cannot be ${JSON.stringify(wrong)}.`, 'It takes the name of a namespace.');
}

export function accessOf({ context, kubeconfig }: ClusterArguments, { env }: Terminal): Access {
  return { context, kubeconfig, env };
}

/** Reads the input, and the controller's ConfigMap where a file of its own holds it. Shows the first half of the progress. */
export async function readSource(
  source: InputSource,
  { options, controllerConfig }: RunSettings,
  terminal: Terminal,
  progress: Progress,
): Promise<{ cluster: Cluster; options: GivenOptions }> {
  progress.show(0, 'Reading');
  const live = source.kind === 'cluster';
  const { inputs, findings } = live
    ? await readLive(source.cluster, options, terminal, progress)
    : await readInputs(source.paths, terminal.stdin);
  const texts = readTexts(inputs, ({ done, total }) => {
    const share = done / Math.max(1, total);
    progress.show(live ? 0.4 + share * 0.1 : share * 0.5, 'Reading');
  });
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

async function readLive(
  cluster: ClusterArguments,
  options: GivenOptions,
  terminal: Terminal,
  progress: Progress,
) {
  const { readCluster } = await import('../cluster/read.ts');
  const live = {
    access: accessOf(cluster, terminal),
    namespaces: cluster.fromNamespaces,
    gatewayNamespaces: gatewayNamespaces(options),
  };
  return readCluster(live, ({ done, total, text }) => progress.show((done / total) * 0.4, text));
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
