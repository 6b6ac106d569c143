import type { Lookup } from '../features/feature.ts';
import { resolveBackend, upstreamKey } from './backends.ts';
import type { Canary, Controller, ModelIngress } from './model.ts';
import { type DraftLocation, type Drafts, hostOf } from './servers.ts';

/** What became of each path of a canary Ingress: the upstream that it serves, or why it serves none. */
export interface CanaryPath {
  readonly ingress: ModelIngress;
  readonly rule: number;
  readonly path: number;
  readonly outcome:
    | { readonly kind: 'merged' | 'shadowed'; readonly upstream: string }
    | { readonly kind: 'no-main' };
}

/**
 * Folds canary Ingresses into the upstreams of the locations they name: same host, path and type, and then every
 * location that uses the same upstream (ingress-nginx 1.15.1, controller/controller.go mergeAlternativeBackends;
 * L/balancer.lua takes the first alternative alone).
 */
export function mergeCanaries(
  ingresses: readonly ModelIngress[],
  drafts: Drafts,
  lookup: Lookup,
  controller: Controller,
): { canaryOf(location: DraftLocation): Canary | undefined; paths: readonly CanaryPath[] } {
  const byUpstream = new Map<string, Canary>();
  const policyOwner = policyOwners(ingresses);
  const paths: CanaryPath[] = [];
  for (const ingress of ingresses) {
    if (!ingress.canary || ingress.state.kind !== 'served') continue;
    for (const [ruleIndex, rule] of ingress.ingress.rules.entries()) {
      const server = drafts.servers.get(hostOf(rule));
      for (const [pathIndex, path] of (rule.paths ?? []).entries()) {
        const at = { ingress, rule: ruleIndex, path: pathIndex };
        if (path.backend.kind !== 'service') continue;
        const alternative = upstreamKey(ingress.ingress.ref.namespace, path.backend);
        const type = path.pathType === 'Exact' ? 'Exact' : 'Prefix';
        const main = server?.locations
          .get(path.path === '' ? '/' : path.path)
          ?.find((location) => location.pathType === type);
        if (main === undefined || main.upstream === '' || main.upstream === alternative) {
          paths.push({ ...at, outcome: { kind: 'no-main' } });
          continue;
        }
        const first = byUpstream.get(main.upstream);
        if (first !== undefined) {
          const own =
            first.backend.service.ref.name === path.backend.name &&
            first.backend.service.ref.namespace === ingress.ingress.ref.namespace;
          paths.push({ ...at, outcome: { kind: own ? 'merged' : 'shadowed', upstream: main.upstream } });
          continue;
        }
        const backend = resolveBackend(path.backend, ingress.ingress.ref.namespace, lookup, controller.flags);
        if (backend.kind === 'service') {
          byUpstream.set(main.upstream, { backend, ...policyOf(policyOwner.get(alternative) ?? ingress) });
        }
        paths.push({ ...at, outcome: { kind: 'merged', upstream: main.upstream } });
      }
    }
  }
  return { canaryOf: (location) => byUpstream.get(location.upstream), paths };
}

/** The policy of an alternative backend is that of the Ingress which mentions it first (createUpstreams). */
function policyOwners(ingresses: readonly ModelIngress[]): ReadonlyMap<string, ModelIngress> {
  const owners = new Map<string, ModelIngress>();
  for (const ingress of ingresses) {
    if (ingress.state.kind !== 'served') continue;
    for (const path of ingress.ingress.rules.flatMap((rule) => rule.paths ?? [])) {
      if (path.backend.kind !== 'service') continue;
      const key = upstreamKey(ingress.ingress.ref.namespace, path.backend);
      if (!owners.has(key)) owners.set(key, ingress);
    }
  }
  return owners;
}

function policyOf(ingress: ModelIngress): Omit<Canary, 'backend'> {
  const text = (name: string): string | undefined => {
    const value = ingress.annotations.get(name)?.value;
    return typeof value === 'string' && ingress.canary ? value : undefined;
  };
  const integer = (name: string): number => {
    const value = ingress.annotations.get(name)?.value;
    return typeof value === 'number' && ingress.canary ? value : 0;
  };
  const total = integer('canary-weight-total');
  const weightTotal = total > 100 ? total : 100;
  return {
    ingress,
    byHeader: text('canary-by-header'),
    byHeaderValue: text('canary-by-header-value'),
    byHeaderPattern: text('canary-by-header-pattern'),
    byCookie: text('canary-by-cookie'),
    weight: Math.min(Math.max(integer('canary-weight'), 0), weightTotal),
    weightTotal,
  };
}
