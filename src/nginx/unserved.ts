import type { Finding } from '../domain/findings.ts';
import type { Ingress } from '../read/cluster.ts';
import type { BuiltModel } from './build.ts';
import type { IngressState } from './model.ts';
import { oldest, unsupported } from './release.ts';
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

/** The state of Ingresses of which nothing is made. */
type Waiting = Extract<IngressState, { readonly kind: 'waiting' }>;

/** Why nothing of a controller is converted: its release is older than all rules, and nobody insists. */
export function refusedRelease(findings: readonly Finding[]): Waiting | undefined {
  const refused = findings.find(({ type }) => type.code === unsupported.code);
  return refused && { kind: 'waiting', reason: `the controller is older than ${oldest}`, finding: refused };
}

/** The model in which what the controller serves has this state instead, and nothing is served. */
export function withoutServing(built: BuiltModel, state: IngressState): BuiltModel {
  const { model } = built;
  const ingresses = model.ingresses.map((one) => (one.state.kind === 'served' ? { ...one, state } : one));
  return { ...built, model: { ...model, ingresses, servers: [] } };
}
