import { originOf } from '../domain/origin.ts';
import type { Rule } from '../read/cluster.ts';
import { globalDefaultBackend, hostOf, resolveBackend, upstreamKey } from './backends.ts';
import { catchAllServer } from './catch-all.ts';
import { serverDenial } from './denials.ts';
import type { DraftLocation, DraftServer, Drafts, LostPath } from './draft.ts';
import type { Lookup } from './lookup.ts';
import type { Controller, Location, ModelIngress, Server, ServiceBackend } from './model.ts';
import { type Order, orderLocations } from './order.ts';
import { serverTls } from './tls.ts';
import { upstreamsOf } from './upstreams.ts';

/** Walks the Ingresses as the controller does (ingress-nginx 1.15.1, controller/controller.go createServers and getBackendServers). */
export function draftServers(
  ingresses: readonly ModelIngress[],
  lookup: Lookup,
  controller: Controller,
): Drafts {
  const served = ingresses.filter((candidate) => candidate.state.kind === 'served');
  const canaryUpstreams = upstreamsOfCanaries(served);
  const servers = createServers(served, canaryUpstreams, lookup, controller);
  const lost: LostPath[] = [];
  for (const ingress of served) {
    for (const rule of ingress.ingress.rules) {
      const server = servers.get(hostOf(rule)) ?? servers.get('');
      if (server === undefined) continue;
      // Each Ingress comes once, so it could only be the last of the list.
      if (server.ingresses.at(-1) !== ingress) server.ingresses.push(ingress);
      for (const path of rule.paths ?? []) {
        if (path.backend.kind !== 'service') continue;
        const upstream = upstreamKey(ingress.ingress.ref.namespace, path.backend);
        if (canaryUpstreams.has(upstream)) continue;
        const draft: DraftLocation = {
          path: path.path === '' ? '/' : path.path,
          pathType: path.pathType === 'Exact' ? 'Exact' : 'Prefix',
          owner: ingress,
          rule: path,
          origin: path.origin,
          backend: resolveBackend(path.backend, ingress.ingress.ref.namespace, lookup, controller.flags),
          upstream,
          implicit: false,
        };
        const winner = place(server, draft);
        if (winner !== undefined) lost.push({ path, winner });
      }
    }
  }
  return { servers, lost, canaryUpstreams, upstreams: upstreamsOf(served, canaryUpstreams) };
}

/** Puts a location where it belongs; returns the one that is there already and keeps the place. */
function place(server: DraftServer, draft: DraftLocation): DraftLocation | undefined {
  const same = server.locations.get(draft.path);
  if (same === undefined) {
    server.locations.set(draft.path, [draft]);
    return undefined;
  }
  const index = same.findIndex((location) => location.pathType === draft.pathType);
  const existing = same[index];
  if (existing === undefined) same.push(draft);
  else if (existing.implicit) same[index] = draft;
  else return existing;
  return undefined;
}

/** Every host starts with an implicit `/` that carries the annotations of the Ingress which created it. */
function createServers(
  served: readonly ModelIngress[],
  canaryUpstreams: ReadonlySet<string>,
  lookup: Lookup,
  controller: Controller,
): Map<string, DraftServer> {
  const servers = new Map<string, DraftServer>();
  const catchAll = catchAllServer(served, canaryUpstreams, lookup, controller);
  if (catchAll !== undefined) servers.set('', catchAll);
  for (const ingress of served) {
    if (ingress.canary) continue;
    for (const rule of ingress.ingress.rules) {
      const host = hostOf(rule);
      if (servers.has(host)) continue;
      const location = implicitRoot(ingress, rule, lookup, controller);
      servers.set(host, { host, owner: ingress, ingresses: [], locations: new Map([['/', [location]]]) });
    }
  }
  return servers;
}

/** The `/` of a host that no path of its own has taken yet. */
function implicitRoot(
  owner: ModelIngress,
  rule: Rule,
  lookup: Lookup,
  controller: Controller,
): DraftLocation {
  const { ref, defaultBackend, source } = owner.ingress;
  const own = defaultBackend?.kind === 'service' ? defaultBackend : undefined;
  return {
    path: '/',
    pathType: 'Prefix',
    owner,
    rule: undefined,
    origin: own?.origin ?? (rule.paths === undefined ? rule.origin : originOf(source, 'spec', 'rules')),
    backend:
      own === undefined
        ? globalDefaultBackend(lookup, controller)
        : resolveBackend(own, ref.namespace, lookup, controller.flags),
    upstream: own === undefined ? '' : upstreamKey(ref.namespace, own),
    implicit: true,
  };
}

/** An upstream belongs to a canary if a canary Ingress is the oldest to mention it (createUpstreams, `NoServer`). */
function upstreamsOfCanaries(served: readonly ModelIngress[]): Set<string> {
  const first = new Map<string, boolean>();
  for (const { ingress, canary } of served) {
    const { ref, defaultBackend, rules } = ingress;
    if (defaultBackend?.kind === 'service') {
      const key = upstreamKey(ref.namespace, defaultBackend);
      if (!first.has(key)) first.set(key, canary);
    }
    for (const { paths = [] } of rules) {
      for (const { backend } of paths) {
        if (backend.kind !== 'service') continue;
        const key = upstreamKey(ref.namespace, backend);
        if (!first.has(key)) first.set(key, canary);
      }
    }
  }
  const ofCanaries = new Set<string>();
  for (const [key, canary] of first) if (canary) ofCanaries.add(key);
  return ofCanaries;
}

/** Finishes a server: certificate, order of its locations. Canaries are set by `canaries.ts`, aliases by `aliases.ts`. */
export function finishServer(
  draft: DraftServer,
  drafts: Drafts,
  { aliases, lostAliases }: Pick<Server, 'aliases' | 'lostAliases'>,
  canaryOf: (location: DraftLocation) => Location['canary'],
  denialOf: (owner: ModelIngress) => Location['denied'],
  lookup: Lookup,
  controller: Controller,
): { server: Server; collisions: Order['collisions']; lost: readonly LostPath[] } {
  const locations: Location[] = [];
  const drafted: DraftLocation[] = [];
  for (const same of draft.locations.values()) drafted.push(...same);
  const ordered = orderLocations(drafted);
  const server: Server = {
    host: draft.host,
    aliases,
    lostAliases,
    tls: serverTls(draft.host, draft.ingresses, lookup),
    locations,
    regex: ordered.regex,
    owner: draft.owner,
    ingresses: draft.ingresses,
    denied: serverDenial(draft.ingresses, lookup, controller),
  };
  for (const { location, matches, slashRedirectFrom } of ordered.locations) {
    const { backend, missing } = backendOf(location, lookup);
    locations.push({
      server,
      path: location.path,
      matches,
      owner: location.owner,
      rule: location.rule,
      origin: location.origin,
      backend,
      missing,
      upstream: drafts.upstreams.get(location.upstream),
      canary: canaryOf(location),
      slashRedirectFrom,
      denied: denialOf(location.owner),
    });
  }
  const lost: LostPath[] = [];
  for (const { lost: block, winner } of ordered.shadowed)
    if (block.rule !== undefined) lost.push({ path: block.rule, winner });
  return { server, collisions: ordered.collisions, lost };
}

/**
 * Where the Service of a path is not there, that of `default-backend` takes its place; one that does not exist is ignored
 * (controller/controller.go getBackendServers; scenario no-endpoints).
 */
function backendOf({ backend, owner }: DraftLocation, lookup: Lookup): Pick<Location, 'backend' | 'missing'> {
  const instead = backend.kind === 'unavailable' ? defaultBackendOf(owner, lookup) : undefined;
  return backend.kind === 'unavailable' && instead !== undefined
    ? { backend: instead, missing: { service: backend.service, reason: backend.reason } }
    : { backend, missing: undefined };
}

/** The Service of the annotation `default-backend`, by its first port. */
export function defaultBackendOf(owner: ModelIngress, lookup: Lookup): ServiceBackend | undefined {
  const annotation = owner.annotations.get('default-backend');
  if (annotation === undefined) return undefined;
  const service = lookup.service(`${owner.ingress.ref.namespace}/${annotation.value}`);
  const port = service?.ports[0];
  return service === undefined || port === undefined || service.type === 'ExternalName'
    ? undefined
    : { kind: 'service', service, port, origin: annotation.origin };
}
