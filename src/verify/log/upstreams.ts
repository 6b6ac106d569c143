import { qualifiedName } from '../../domain/origin.ts';
import type { Location, Server } from '../../nginx/model.ts';

/** nginx's own upstream, for what no Ingress gives to a Service. */
export const defaultUpstream = 'upstream-default-backend';

/**
 * The values that `$proxy_upstream_name` may have for requests that a location answers (ingress-nginx 1.15.1,
 * controller/controller.go createUpstreams; nginx.tmpl CUSTOM_ERRORS, where an error page is another upstream's).
 */
export function upstreamNamesOf(location: Location): readonly string[] {
  const { owner, upstream, backend, missing } = location;
  const names = new Set<string>();
  const instead = owner.annotations.get('default-backend')?.value;
  const custom = `custom-default-backend-${owner.ingress.ref.namespace}-${String(instead)}`;
  if (missing !== undefined && backend.kind === 'service')
    names.add(`custom-default-backend-${qualifiedName(backend.service.ref).replace('/', '-')}`);
  else names.add(upstream?.name ?? defaultUpstream);
  // Its Service takes over where the location's own one has no endpoints, which no dump tells.
  if (instead !== undefined) names.add(custom);
  if (backend.kind === 'not-found') names.add(defaultUpstream);
  return [...names];
}

/** Servers by the names of the upstreams of their locations. */
export function serversByUpstream(servers: readonly Server[]): ReadonlyMap<string, readonly Server[]> {
  const found = new Map<string, Set<Server>>();
  for (const server of servers) {
    for (const name of server.locations.flatMap(upstreamNamesOf)) {
      const known = found.get(name);
      if (known === undefined) found.set(name, new Set([server]));
      else known.add(server);
    }
  }
  return new Map([...found].map(([name, some]) => [name, [...some]]));
}
