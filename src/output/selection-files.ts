import type { Emitted } from '../plan/emitted.ts';
import { type Files, outputFiles, type Writing } from './files.ts';
import { fluxFiles } from './kustomizations.ts';
import { byHost, type Layout, pathIn } from './layout.ts';

/** What of a conversion goes into a directory. */
export interface Output {
  /** All objects of the conversion. */
  readonly objects: readonly Emitted[];
  /** The hosts that use an object; undefined: all. */
  readonly hostsOf: (emitted: Emitted) => readonly string[] | undefined;
  /** The selected hosts; undefined: all. */
  readonly hosts: ReadonlySet<string> | undefined;
  readonly layout: Layout;
  readonly comments: boolean;
  /** The output directory as the repository has it, for Flux. */
  readonly directory: string;
  readonly gatewayNamespace: string;
}

/**
 * The files that a run writes into a directory. With a selection, those of other hosts stay as an earlier run wrote them; a file that
 * selected hosts share with hosts that are there already has the objects of both, so that one wave never takes from another.
 * @param before paths that an earlier run wrote, and that stay
 */
export function filesOf(output: Output, before: readonly string[]): Files {
  const { objects, hosts, layout = byHost, comments, gatewayNamespace, directory } = output;
  const writing: Writing = { comments, layout, kept: before };
  const files = outputFiles(hosts === undefined ? objects : selectedObjects(output, hosts, before), writing);
  const paths = [...new Set([...files.keys(), ...before])];
  return new Map([...files, ...fluxFiles(paths, layout.gitops, { directory, gatewayNamespace })]);
}

function selectedObjects(
  { objects, hostsOf, layout }: Output,
  hosts: ReadonlySet<string>,
  before: readonly string[],
): readonly Emitted[] {
  const there = new Set(before);
  const out = new Set<string>();
  for (const emitted of objects) {
    const [host, ...others] = hostsOf(emitted) ?? [];
    const isOwn = emitted.object.kind === 'VirtualService' && host !== undefined && others.length === 0;
    if (isOwn && there.has(pathIn(layout, emitted))) out.add(host);
  }
  const placed = objects.map((emitted) => ({
    emitted,
    path: pathIn(layout, emitted),
    hosts: hostsOf(emitted),
  }));
  const paths = new Set(
    placed
      .filter((one) => one.hosts === undefined || one.hosts.some((host) => hosts.has(host)))
      .map(({ path }) => path),
  );
  return placed
    .filter(
      (one) =>
        paths.has(one.path) &&
        (one.hosts === undefined || one.hosts.some((host) => hosts.has(host) || out.has(host))),
    )
    .map(({ emitted }) => emitted);
}
