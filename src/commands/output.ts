import { basename, relative, resolve } from 'node:path';
import type { Conversion } from '../conversion/conversion.ts';
import { writtenBefore } from '../output/directory.ts';
import type { Layout } from '../output/layout.ts';
import { filesOf } from '../output/selection-files.ts';
import { namesOf } from '../selection/findings.ts';
import { type HostPlaces, hostPlaces } from '../selection/places.ts';
import { count } from '../text/count.ts';
import { visible } from '../text/escape.ts';
import { type PlanFile, waveIn } from '../waves/plan-state.ts';
import type { DirectoryFiles } from './deliver.ts';
import type { LayoutArguments } from './layout-line.ts';
import { loadPlanFile, loadPlanFileIfThere, planPath } from './plan-file.ts';
import type { Selection } from './select.ts';
import { type Terminal, tell } from './terminal.ts';

interface OutputArguments extends LayoutArguments {
  readonly output: string | undefined;
  readonly inputs: readonly string[];
  readonly plan: string | undefined;
  readonly comments: boolean;
}

/**
 * What a conversion writes into its directory; undefined where it writes to stdout.
 * @throws {ConfigError} the layout is by wave, and there is no plan
 */
export async function outputOf(
  whole: Conversion,
  selection: Selection | undefined,
  { output, inputs, plan, comments, layout: kind, gitops }: OutputArguments,
  terminal: Terminal,
): Promise<DirectoryFiles | undefined> {
  if (output === undefined) return undefined;
  const places = selection?.places ?? hostPlaces(whole);
  const path = planPath(plan, inputs);
  const needed = kind === 'wave' || plan !== undefined;
  const file = await (needed ? loadPlanFile : loadPlanFileIfThere)(path, terminal.directory);
  const gone = goneHosts(whole, file);
  const layout: Layout = {
    kind,
    gitops,
    wavesOf: wavesBy(file, places),
  };
  if (kind === 'wave') await tell(terminal, unplannedText(whole, file));
  if (gone.length > 0) await tell(terminal, goneText(gone));
  const keeps = selection !== undefined || gone.length > 0;
  const { options } = whole;
  return {
    rest: keeps ? 'keep' : 'remove',
    files: () =>
      filesOf(
        {
          objects: [...whole.objects, ...(whole.extras ?? [])],
          hostsOf: places.ofObject,
          hosts: selection?.hosts,
          layout,
          comments,
          directory: inRepository(output, terminal.directory),
          gatewayNamespace: options.gateway.namespace,
        },
        keeps ? writtenBefore(output) : [],
      ),
  };
}

/** The output directory as Flux finds it, if the repository is where we are. */
function inRepository(output: string, directory: string): string {
  const path = relative(directory, resolve(directory, output)).replaceAll('\\', '/');
  return path === '' ? '.' : path.startsWith('..') ? basename(path) : path;
}

function wavesBy(file: PlanFile, { ofObject }: HostPlaces): NonNullable<Layout['wavesOf']> {
  return (emitted) => {
    const waves = new Set((ofObject(emitted) ?? []).map((host) => waveIn(file, host)));
    return [...waves].sort((a = Number.MAX_VALUE, b = Number.MAX_VALUE) => a - b);
  };
}

/** Hosts that have moved and whose Ingresses were removed: their objects are all that serves them. */
function goneHosts({ model }: Conversion, { moved }: PlanFile): string[] {
  const hosts = new Set(model.servers.map(({ host }) => host));
  return [...moved.keys()].filter((host) => !hosts.has(host)).sort();
}

function goneText(hosts: readonly string[]): string {
  return `${count(hosts.length, 'moved host')} ${hosts.length === 1 ? 'has' : 'have'} no Ingress in the input any more (${visible(namesOf(hosts), 400)}), so files of earlier runs are kept.\n`;
}

function unplannedText({ model }: Conversion, file: PlanFile): string {
  const hosts = new Set(model.servers.map(({ host }) => host));
  const left = [...hosts].filter((host) => waveIn(file, host) === undefined).length;
  if (left === 0) return '';
  return `${count(left, 'host')} ${left === 1 ? 'is' : 'are'} in no wave, and written to waves/unplanned. Run ingress2istio plan to place ${left === 1 ? 'it' : 'them'}.\n`;
}
