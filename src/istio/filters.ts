import type { ConnectionManagerEffect, Effect, HttpFilterEffect } from '../features/effect.ts';
import type { Server } from '../nginx/model.ts';
import type { Options } from '../options.ts';
import { canonical } from './conditions.ts';
import type { HostSpecs, LocationPlan } from './hosts.ts';
import { type HostNamer, nameOf } from './names.ts';
import type { IstioObject } from './objects.ts';

/** What some route asks of the gateway's listeners, each once for the whole gateway; `disabled` filters act only where a route enables them. */
export function filterObjects(
  effects: readonly Effect[],
  options: Options,
): { object: IstioObject; file: string }[] {
  const asked = new Map<string, ListenerEffect>();
  const seen = new Set<object>();
  for (const effect of effects) {
    if (effect.kind !== 'http-filter' && effect.kind !== 'connection-manager') continue;
    const content = effect.kind === 'http-filter' ? effect.filter : effect.value;
    if (seen.has(content)) continue;
    seen.add(content);
    asked.set(`${effect.purpose} ${canonical(content)}`, effect);
  }
  return [...asked]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, effect]) => ({
      object: envoyFilter(
        nameOf('ingress', effect.purpose),
        options,
        [effect.kind === 'http-filter' ? filterPatch(effect) : connectionManagerPatch(effect)],
        effect.kind === 'http-filter' ? effect.priority : undefined,
      ),
      file: `envoy-filters/${effect.purpose}`,
    }));
}

type ListenerEffect = HttpFilterEffect | ConnectionManagerEffect;

const connectionManager = 'envoy.filters.network.http_connection_manager';

function filterPatch({ before, filter }: HttpFilterEffect): object {
  const subFilter = before === 'router' ? { subFilter: { name: 'envoy.filters.http.router' } } : {};
  return {
    applyTo: 'HTTP_FILTER',
    match: {
      context: 'GATEWAY',
      listener: { filterChain: { filter: { name: connectionManager, ...subFilter } } },
    },
    patch: { operation: before === 'first' ? 'INSERT_FIRST' : 'INSERT_BEFORE', value: filter },
  };
}

function connectionManagerPatch({ value }: ConnectionManagerEffect): object {
  const type =
    'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
  return {
    applyTo: 'NETWORK_FILTER',
    match: { context: 'GATEWAY', listener: { filterChain: { filter: { name: connectionManager } } } },
    patch: { operation: 'MERGE', value: { typed_config: { '@type': type, ...value } } },
  };
}

/** EnvoyFilters for the named routes of one host, one for each purpose. */
export function routeFilters(
  server: Server,
  specs: HostSpecs,
  locations: readonly LocationPlan[],
  namer: HostNamer,
  options: Options,
): IstioObject[] {
  const patches = new Map<string, object[]>();
  const effectsOf = new Map(locations.map(({ location, effects }) => [location, effects]));
  for (const { location, routes } of specs.routes) {
    for (const effect of effectsOf.get(location) ?? []) {
      if (effect.kind !== 'route-filter') continue;
      for (const { route, kind, variants } of routes) {
        if (effect.on !== 'all' && effect.on !== kind) continue;
        if (effect.variant !== undefined && !variants.includes(effect.variant)) continue;
        patches.set(effect.purpose, [
          ...(patches.get(effect.purpose) ?? []),
          routePatch(specs.virtualService.hosts[0]!, route.name, effect.value),
        ]);
      }
    }
  }
  return [...patches]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([purpose, configPatches]) => envoyFilter(namer(server.host, purpose), options, configPatches));
}

/** Envoy names the virtual host of several hosts after any of them, so the route is found by a domain that it has. */
function routePatch(domain: string, route: string, value: object): object {
  return {
    applyTo: 'HTTP_ROUTE',
    match: {
      context: 'GATEWAY',
      routeConfiguration: { vhost: { domainName: domain, route: { name: route } } },
    },
    patch: { operation: 'MERGE', value },
  };
}

/** An EnvoyFilter for the gateway's pods alone. */
export function envoyFilter(
  name: string,
  options: Options,
  configPatches: readonly object[],
  priority?: number,
): IstioObject {
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name, namespace: options.gateway.namespace },
    spec: {
      workloadSelector: { labels: options.gateway.selector },
      ...(priority !== undefined && { priority }),
      configPatches,
    },
  };
}
