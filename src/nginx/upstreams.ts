import { upstreamKey } from './backends.ts';
import type { Affinity, ModelIngress, Upstream } from './model.ts';

interface Draft {
  readonly creator: ModelIngress;
  mode: Affinity['mode'] | undefined;
  owner: ModelIngress | undefined;
  locations: Map<string, Set<string>> | undefined;
}

/**
 * The upstreams of all served Ingresses by `upstreamKey`, and who says what of them: the first Ingress of the algorithm and
 * the mode of affinity, the last one of the cookie (ingress-nginx 1.15.1, controller/controller.go createUpstreams and
 * getBackendServers). Upstreams of canaries have no affinity of their own.
 */
export function upstreamsOf(
  served: readonly ModelIngress[],
  canaryUpstreams: ReadonlySet<string>,
): ReadonlyMap<string, Upstream> {
  const drafts = new Map<string, Draft>();
  const create = (key: string, creator: ModelIngress): void =>
    void drafts.set(key, { creator, mode: undefined, owner: undefined, locations: undefined });
  for (const ingress of served) {
    const { ref, defaultBackend, rules } = ingress.ingress;
    // A default backend makes its upstream anew each time.
    if (defaultBackend?.kind === 'service') create(upstreamKey(ref.namespace, defaultBackend), ingress);
    for (const { paths = [] } of rules) {
      for (const { backend } of paths) {
        if (backend.kind !== 'service') continue;
        const key = upstreamKey(ref.namespace, backend);
        if (!drafts.has(key)) create(key, ingress);
      }
    }
  }
  for (const ingress of served) {
    const mode = ingress.annotations.get('affinity-mode')?.value;
    const sticky = ingress.annotations.get('affinity')?.value === 'cookie';
    if (mode === undefined && !sticky) continue;
    for (const { host, paths } of ingress.ingress.rules) {
      for (const { backend, path } of paths ?? []) {
        if (backend.kind !== 'service') continue;
        const key = upstreamKey(ingress.ingress.ref.namespace, backend);
        const draft = drafts.get(key);
        if (draft === undefined || canaryUpstreams.has(key)) continue;
        if (mode === 'balanced' || mode === 'persistent') draft.mode ??= mode;
        if (!sticky) continue;
        draft.owner = ingress;
        draft.locations ??= new Map();
        const known = draft.locations.get(host.toLowerCase()) ?? new Set();
        draft.locations.set(host.toLowerCase(), known.add(path === '' ? '/' : path));
      }
    }
  }
  const upstreams = new Map<string, Upstream>();
  for (const [key, draft] of drafts) upstreams.set(key, finished(key, draft));
  return upstreams;
}

function finished(name: string, { creator, mode, owner, locations = new Map() }: Draft): Upstream {
  const affinity =
    owner === undefined ? undefined : { mode: mode ?? ('balanced' as const), owner, locations };
  return { name, creator, affinity };
}
