import type { Cluster } from '../read/cluster.ts';
import type { Candidate } from './candidates.ts';
import type { MigrationPlan } from './migration-plan.ts';
import type { PlanFile } from './plan-state.ts';
import type { Planning } from './planner.ts';

/** Hosts of which a gateway has a VirtualService already, as the input shows. */
export function hostsOnIstio({ istioObjects }: Pick<Cluster, 'istioObjects'>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { ref, body } of istioObjects) {
    const spec = body['spec'];
    if (ref.kind !== 'VirtualService' || typeof spec !== 'object' || spec === null) continue;
    const { hosts, gateways } = spec as { readonly hosts?: unknown; readonly gateways?: unknown };
    // Without a gateway, it is for clients inside the mesh.
    if (!strings(gateways).some((gateway) => gateway !== 'mesh')) continue;
    for (const host of strings(hosts)) found.add(host === '*' ? '' : host.toLowerCase());
  }
  return found;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/**
 * Where the next plan begins: what has moved is what the file says, and the hosts that are on Istio, in the wave in which they were
 * planned. A wave is over where something of it has moved and nothing is left of it.
 */
export function movedSoFar(
  candidates: readonly Candidate[],
  { moved: recorded, planned, pinned }: PlanFile,
  onIstio: ReadonlySet<string>,
): Pick<Planning, 'moved' | 'closed'> {
  const moved = new Map(recorded);
  for (const { host } of candidates) {
    if (!onIstio.has(host) || moved.has(host)) continue;
    moved.set(host, planned.get(host) ?? pinned.get(host) ?? 0);
  }
  const open = new Set(
    candidates.filter(({ host }) => !moved.has(host)).map(({ host }) => planned.get(host) ?? -1),
  );
  return { moved, closed: new Set([0, ...[...moved.values()].filter((wave) => !open.has(wave))]) };
}

/** What the next run has to know. */
export function planFileOf(
  { waves }: MigrationPlan,
  { waveSize, pinned, moved }: Pick<Planning, 'waveSize' | 'pinned' | 'moved'>,
): PlanFile {
  const planned = waves.flatMap(({ number, hosts }) =>
    hosts.filter((host) => !moved.has(host)).map((host) => [host, number] as const),
  );
  return { waveSize, pinned, moved, planned: new Map(planned) };
}
