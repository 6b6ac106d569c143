import { type Options, suffixOf } from '../domain/options.ts';
import { envoyFilter } from '../istio-api/envoy-filter.ts';
import { type HostNamer, objectName } from '../istio-api/names.ts';
import type { IstioObject } from '../istio-api/objects.ts';
import type { ConnectionManagerEffect, Effect, HttpFilterEffect, RouteFilterEffect } from '../plan/effect.ts';
import type { ServerPlan } from '../plan/server-plan.ts';
import { canonical } from '../text/json.ts';
import { hostsOf } from './host-names.ts';
import type { HostSpecs } from './host-specs.ts';
import { replyHeadersOf } from './reply-headers.ts';
import type { PlannedRoute } from './routes.ts';

/** What some route asks of the gateway's listeners, each once for the whole gateway; `disabled` filters act only where a route enables them. */
export function filterObjects(
  effects: readonly Effect[],
  options: Options,
): { object: IstioObject; file: string }[] {
  const requested = new Map<string, ListenerEffect>();
  const seen = new Set<object>();
  for (const effect of effects) {
    if (effect.kind !== 'http-filter' && effect.kind !== 'connection-manager') continue;
    const content = effect.kind === 'http-filter' ? effect.filter : effect.value;
    if (seen.has(content)) continue;
    seen.add(content);
    requested.set(`${effect.purpose} ${canonical(content)}`, effect);
  }
  return [...requested]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, effect]) => ({
      object: envoyFilter(
        objectName('ingress', effect.purpose, ...suffixOf(options)),
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
  plan: ServerPlan,
  specs: HostSpecs,
  namer: HostNamer,
  options: Options,
): IstioObject[] {
  const requested = new Map<string, RequestedRoute[]>();
  const effectsOf = new Map(plan.locations.map(({ location, effects }) => [location, effects]));
  for (const { location, routes } of specs.routes) {
    // Routes that belong to no location are those of the whole host.
    for (const asking of effectsOf.get(location) ?? plan.effects) {
      if (asking.kind !== 'route-filter' && asking.kind !== 'reply-headers') continue;
      for (const planned of routes) {
        const effect = asking.kind === 'route-filter' ? asking : replyHeaders(planned);
        if (effect === undefined) continue;
        const { route, variants } = planned;
        if (!isOn(effect.on, planned)) continue;
        if (effect.variant !== undefined && !variants.includes(effect.variant)) continue;
        const known = requested.get(effect.purpose);
        if (known === undefined) requested.set(effect.purpose, [{ route: route.name, effect }]);
        else known.push({ route: route.name, effect });
      }
    }
  }
  // Names with a certificate of their own have a route table of their own.
  const domains = [
    specs.virtualService.hosts[0]!,
    ...[...hostsOf(plan).otherTls.values()].map(([name]) => name!),
  ];
  const forwarded = specs.routes.flatMap(({ routes }) => routes).filter(({ kind }) => kind === 'forwarded');
  const patches = new Map(
    [...requested].map(([purpose, routes]) => [
      purpose,
      domains.flatMap((domain) => patchesOf(routes, domain, forwarded.length)),
    ]),
  );
  for (const effect of plan.effects) {
    if (effect.kind !== 'filter-chain' || plan.server.host === '') continue;
    patches.set(effect.purpose, [
      ...(patches.get(effect.purpose) ?? []),
      filterChainPatch(plan.server.host, effect.value),
    ]);
  }
  return [...patches]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([purpose, configPatches]) => envoyFilter(namer(plan.server.host, purpose), options, configPatches));
}

/** What writes the headers of a route that answers by itself when a filter answers in its place. */
function replyHeaders({ phase, route }: PlannedRoute): RouteFilterEffect | undefined {
  const value =
    phase === 'unavailable' || phase === 'error-page' ? replyHeadersOf(route.headers?.response) : undefined;
  return value && { kind: 'route-filter', purpose: 'reply-headers', on: 'all', value };
}

/** A route and what is asked of it. */
interface RequestedRoute {
  readonly route: string;
  readonly effect: RouteFilterEffect;
}

/** One patch for each route; where every route asks, the value of most is written once for the host, and the others follow. */
function patchesOf(requested: readonly RequestedRoute[], domain: string, forwarded: number): object[] {
  const named = (routes: readonly RequestedRoute[]) =>
    routes.map(({ route, effect }) => routePatch(domain, { name: route }, effect.value));
  const wide = requested.every(({ effect }) => effect.wide && effect.on === 'forwarded');
  if (!wide || requested.length < forwarded || new Set(requested.map(({ route }) => route)).size < forwarded)
    return named(requested);
  const groups = new Map<string, RequestedRoute[]>();
  for (const one of requested) {
    const key = canonical(one.effect.value);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [one]);
    else known.push(one);
  }
  const [[most, shared]] = [...groups].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1)) as [
    [string, RequestedRoute[]],
  ];
  const others = requested.filter(({ effect }) => canonical(effect.value) !== most);
  return [routePatch(domain, { action: 'ROUTE' }, shared[0]!.effect.value), ...named(others)];
}

function isOn(on: RouteFilterEffect['on'], { kind, phase, route }: PlannedRoute): boolean {
  if (on === 'weighted') return (route.route?.length ?? 0) > 1;
  return (
    on === 'all' ||
    on === kind ||
    (on === 'checked' && (kind === 'forwarded' || phase === 'unavailable' || phase === 'error-page'))
  );
}

/** The filter chain is found by a name of its server; that of all other hosts has none. */
function filterChainPatch(host: string, value: object): object {
  return {
    applyTo: 'FILTER_CHAIN',
    match: { context: 'GATEWAY', listener: { filterChain: { sni: host } } },
    patch: { operation: 'MERGE', value },
  };
}

/** Envoy names the virtual host of several hosts after any of them, so the route is found by a domain that it has. */
function routePatch(
  domain: string,
  route: { readonly name: string } | { readonly action: 'ROUTE' },
  value: object,
): object {
  return {
    applyTo: 'HTTP_ROUTE',
    match: {
      context: 'GATEWAY',
      routeConfiguration: { vhost: { domainName: domain, route } },
    },
    patch: { operation: 'MERGE', value },
  };
}
