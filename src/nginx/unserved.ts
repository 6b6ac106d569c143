import type { Ingress } from '../read/cluster.ts';
import type { BuiltModel } from './build.ts';
import type { IngressState } from './model.ts';
import { inPrecedence } from './selection.ts';

/** The model with more Ingresses that have no part in it, so that each of their subjects is accounted for. */
export function withUnserved(
  built: BuiltModel,
  ingresses: readonly Ingress[],
  state: IngressState,
): BuiltModel {
  if (ingresses.length === 0) return built;
  const left = ingresses.map((ingress) => ({
    ingress,
    annotations: new Map(),
    refused: [],
    state,
    canary: false,
  }));
  const all = inPrecedence([...built.model.ingresses, ...left], ({ ingress }) => ingress);
  return { ...built, model: { ...built.model, ingresses: all } };
}
