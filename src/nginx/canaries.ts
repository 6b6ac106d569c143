import { isSince } from '../domain/release.ts';
import { hostOf, resolveBackend, upstreamKey } from './backends.ts';
import type { DraftLocation, Drafts } from './draft.ts';
import type { Lookup } from './lookup.ts';
import type { Canary, Controller, ModelIngress } from './model.ts';

/** What became of each path of a canary Ingress: the upstream that it serves, or why it serves none. */
export interface CanaryPath {
  readonly ingress: ModelIngress;
  readonly rule: number;
  readonly path: number;
  readonly outcome:
    | { readonly kind: 'merged' | 'shadowed'; readonly upstream: string }
    /** It takes the place of the canary, and nginx has nothing to send to. */
    | { readonly kind: 'no-service'; readonly upstream: string }
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
  const byUpstream = new Map<string, Alternative>();
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
          const acts = first.canary === undefined ? ('no-service' as const) : ('merged' as const);
          const kind = first.key === alternative ? acts : 'shadowed';
          paths.push({ ...at, outcome: { kind, upstream: main.upstream } });
          continue;
        }
        const upstream = drafts.upstreams.get(alternative)!;
        const backend = resolveBackend(path.backend, ingress.ingress.ref.namespace, lookup, controller.flags);
        const canary: Canary | undefined =
          backend.kind === 'service'
            ? {
                backend,
                upstream,
                sticky: staysWithCookie(ingress),
                ...policyOf(upstream.creator, controller),
              }
            : undefined;
        byUpstream.set(main.upstream, { key: alternative, canary });
        const kind = canary === undefined ? 'no-service' : 'merged';
        paths.push({ ...at, outcome: { kind, upstream: main.upstream } });
      }
    }
  }
  return { canaryOf: (location) => byUpstream.get(location.upstream)?.canary, paths };
}

/** The first alternative of an upstream, the only one that acts; without a Service it takes the place and gets no requests. */
interface Alternative {
  readonly key: string;
  readonly canary: Canary | undefined;
}

function staysWithCookie(ingress: ModelIngress): boolean {
  return ingress.annotations.get('affinity-canary-behavior')?.value !== 'legacy';
}

/** The policy of an alternative backend is that of the Ingress which mentions it first (createUpstreams). */
function policyOf(
  ingress: ModelIngress,
  { release }: Controller,
): Omit<Canary, 'backend' | 'upstream' | 'sticky'> {
  const text = (name: string): string | undefined => {
    const value = ingress.annotations.get(name)?.value;
    return typeof value === 'string' && ingress.canary ? value : undefined;
  };
  const integer = (name: string): number => {
    const value = ingress.annotations.get(name)?.value;
    return typeof value === 'number' && ingress.canary ? value : 0;
  };
  // Before 1.7.0 the total does not get from a path to the balancer (ingress-nginx 1.6.4, controller/controller.go createUpstreams).
  const total = isSince(release.version, '1.7.0') ? integer('canary-weight-total') : 0;
  const weightTotal = Math.max(total, 100);
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
