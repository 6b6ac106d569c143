import type { BuiltModel } from '../nginx/build.ts';
import { withUnserved } from '../nginx/unserved.ts';
import type { Cluster } from '../read/cluster.ts';
import type { Decided } from './apply.ts';

/** The cluster without the Ingresses that are left out: others get what these held. */
export function withoutSkipped(cluster: Cluster, { skipped }: Decided): Cluster {
  if (skipped.size === 0) return cluster;
  return { ...cluster, ingresses: cluster.ingresses.filter((ingress) => !skipped.has(ingress)) };
}

/** The model with them as Ingresses that nobody serves, so that each of their parts is accounted for. */
export function withSkipped(built: BuiltModel, { skipped }: Decided): BuiltModel {
  return withUnserved(built, [...skipped.keys()], {
    kind: 'not-selected',
    reason: 'it was left out by a decision',
  });
}
