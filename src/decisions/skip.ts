import type { BuiltModel } from '../nginx/build.ts';
import { inPrecedence } from '../nginx/selection.ts';
import type { Cluster } from '../read/cluster.ts';
import type { Decided } from './apply.ts';

/** The cluster without the Ingresses that are left out: others get what these held. */
export function withoutSkipped(cluster: Cluster, { skipped }: Decided): Cluster {
  if (skipped.size === 0) return cluster;
  return { ...cluster, ingresses: cluster.ingresses.filter((ingress) => !skipped.has(ingress)) };
}

/** The model with them as Ingresses that nobody serves, so that each of their parts is accounted for. */
export function withSkipped(built: BuiltModel, { skipped }: Decided): BuiltModel {
  if (skipped.size === 0) return built;
  const state = { kind: 'not-selected' as const, reason: 'it was left out by a decision' };
  const left = [...skipped.keys()].map((ingress) => ({
    ingress,
    annotations: new Map(),
    refused: [],
    state,
    canary: false,
  }));
  const ingresses = inPrecedence([...built.model.ingresses, ...left], ({ ingress }) => ingress);
  return { ...built, model: { ...built.model, ingresses } };
}
