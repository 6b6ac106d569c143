import type { AnnotationValue } from '../decode/annotation.ts';
import { builtInMappings } from '../decode/mappings.ts';
import type { Location, Match, NginxModel, Server, ServiceBackend } from '../nginx/model.ts';
import { type Settings, settingsOf } from '../nginx/settings.ts';
import type { Cluster, ConfigMap } from '../read/cluster.ts';
import { qualifiedName } from '../read/origin.ts';
import { nginxCors } from './nginx-cors.ts';
import { nginxHints } from './nginx-hints.ts';
import { locationFor, type Patterns, patternCache, serverFor } from './nginx-location.ts';
import { nginxPolicy } from './nginx-policy.ts';
import {
  canonicalLocation,
  emptyRoute,
  headerCell,
  type Route,
  type RouteReader,
  type RouteRequest,
  shares,
} from './route.ts';

export interface NginxContext {
  readonly model: NginxModel;
  readonly settings: Settings;
  readonly patterns: Patterns;
  configMap(reference: string): ConfigMap | undefined;
}

/**
 * What nginx does with a request today, read from its model. It shares no code with the features and the assembler: what
 * they get wrong has to show.
 */
export function nginxReader(model: NginxModel, cluster: Cluster): RouteReader {
  const configMaps = new Map(cluster.configMaps.map((map) => [qualifiedName(map.ref), map]));
  const context: NginxContext = {
    model,
    settings: settingsOf(model.controller, builtInMappings()),
    patterns: patternCache(),
    configMap: (reference) => configMaps.get(reference.trim()),
  };
  const names = model.servers.flatMap(({ host, aliases }) => [
    host === '' ? '*' : host,
    ...aliases.map(({ name }) => name.toLowerCase()).filter((name) => !/[~$()\\]|\.\*$/.test(name)),
  ]);
  return {
    hosts: [...new Set([...names, ...wwwNames(context)])].sort(),
    route: (request) => routeOf(request, context),
    hints: (host) => nginxHints(host, context),
  };
}

/** In the order in which nginx gets to it (nginx/SEMANTICS 7). */
function routeOf(request: RouteRequest, context: NginxContext): Route {
  const { model, settings, patterns } = context;
  const own = serverFor(model, request.host, patterns);
  const www = own === undefined || own.host === '' ? wwwTarget(request.host, context) : undefined;
  if (www !== undefined)
    return redirect(redirectCode(settings), `${scheme(request)}://${www}${request.path}`, request);
  if (own === undefined) return answered('404');
  if (passesThrough(own, context) && request.tls)
    return { ...emptyRoute, backend: `TLS to ${passthroughBackend(own)}` };
  if (own.denied !== undefined) return answered('403');
  const appRoot = request.path === '/' ? appRootOf(own) : undefined;
  if (appRoot !== undefined) return redirect(302, appRoot, request);
  const chosen = locationFor(own, request.path, patterns);
  if (chosen === undefined) return answered('404');
  const { location, match } = chosen;
  if (match === undefined) return redirect(301, location.path, request);
  if (location.denied !== undefined) return answered('503');
  const cors = nginxCors(location, settings, request);
  if (cors?.preflight === true) return { ...answered('204'), cors: cors.cell };
  return (
    redirected(location, match, request, context) ?? {
      ...forwarded(location, match, request, context),
      cors: cors?.cell ?? '',
    }
  );
}

function forwarded(location: Location, match: Match, request: RouteRequest, context: NginxContext): Route {
  const { backend } = location;
  if (backend.kind === 'unavailable') return answered('503');
  // The built-in default backend is behind the location's protections like any other.
  if (backend.kind === 'not-found')
    return { ...answered('404'), policy: nginxPolicy(location, request, context).join(', ') };
  const target = rewritten(location, match, request.path, context.patterns);
  return {
    ...emptyRoute,
    backend: shares(backendsOf(location, backend, request)),
    rewrite: [
      ...(target === request.path ? [] : [`path ${target}`]),
      ...(text(location, 'upstream-vhost') === undefined ? [] : [`host ${text(location, 'upstream-vhost')}`]),
    ].join(', '),
    timeout: timeoutOf(location),
    headers: headersOf(location, match, request, context).join(', '),
    policy: nginxPolicy(location, request, context).join(', '),
    balancing: balancingOf(location),
  };
}

/** What nginx answers with a redirect before it looks at backends. */
function redirected(
  location: Location,
  match: Match,
  request: RouteRequest,
  { settings, model, patterns }: NginxContext,
): Route | undefined {
  for (const [name, usual, last] of [
    ['temporal-redirect', 302, 307],
    ['permanent-redirect', 301, 308],
  ] as const) {
    const url = text(location, name);
    if (url === undefined || !/^https?:\/\/[^/]/i.test(url)) continue;
    const wanted = location.owner.annotations.get(`${name}-code`)?.value;
    const code = typeof wanted === 'number' && wanted >= 300 && wanted <= last ? wanted : usual;
    return redirect(code, url, request);
  }
  const target = rewriteTarget(location, match);
  if (target !== undefined && /^https?:\/\//i.test(target)) {
    return redirect(302, substituted(match, target, request.path, patterns) ?? target, request);
  }
  if (!request.tls && wantsHttps(location, settings, model)) {
    const path =
      settings.of(location.owner, 'preserve-trailing-slash')?.value === true
        ? request.path
        : request.path.replace(/\/$/, '');
    const port = settings.of(location.owner, 'use-port-in-redirects')?.value === true ? ':443' : '';
    return redirect(redirectCode(settings), `https://${request.host}${port}${path}`, request);
  }
  return undefined;
}

/** lua_ingress.lua redirect_to_https: the location's own path is what spares it. */
function wantsHttps({ owner, server, path }: Location, settings: Settings, model: NginxModel): boolean {
  const spared = (settings.global('no-tls-redirect-locations') ?? '/.well-known/acme-challenge').split(',');
  if (spared.some((prefix) => prefix.trim() !== '' && path.startsWith(prefix.trim()))) return false;
  if (settings.of(owner, 'force-ssl-redirect')?.value === true) return true;
  if (settings.of(owner, 'ssl-redirect')?.value !== true || server.host === '') return false;
  const parent = `*${server.host.slice(server.host.indexOf('.'))}`;
  return (
    server.tls !== undefined ||
    model.servers.some(({ host, tls }) => host === parent && host !== server.host && tls !== undefined)
  );
}

function redirectCode(settings: Settings): number {
  const code = Number(settings.global('http-redirect-code'));
  return [301, 302, 307, 308].includes(code) ? code : 308;
}

/** A target equal to the path does nothing (controller/location.go needsRewrite). */
function rewriteTarget(location: Location, match: Match): string | undefined {
  const target = text(location, 'rewrite-target');
  return target === undefined || target === '' || target === match.path ? undefined : target;
}

function rewritten(location: Location, match: Match, path: string, patterns: Patterns): string {
  const target = rewriteTarget(location, match);
  return target === undefined ? path : (substituted(match, target, path, patterns) ?? path);
}

/** `rewrite "(?i)<path>" <target> break`: searched in the path, all of it replaced. */
function substituted(match: Match, target: string, path: string, patterns: Patterns): string | undefined {
  const found = patterns(match.path)?.exec(path);
  if (found === null || found === undefined) return undefined;
  return target.replace(/\$(\d)/g, (_whole, digit: string) => found[Number(digit)] ?? '');
}

/** Header, cookie, weight (lua/balancer.lua route_to_alternative_balancer). */
function backendsOf(location: Location, main: ServiceBackend, request: RouteRequest) {
  const { canary } = location;
  const whole = (backend: ServiceBackend) => [{ name: backendName(backend, location, request), weight: 1 }];
  if (canary === undefined) return whole(main);
  const header = canary.byHeader === undefined ? undefined : request.headers[canary.byHeader.toLowerCase()];
  if (header !== undefined) {
    if (canary.byHeaderValue !== undefined) {
      if (header === canary.byHeaderValue) return whole(canary.backend);
    } else if (canary.byHeaderPattern !== undefined) {
      if (caseSensitive(canary.byHeaderPattern)?.test(header)) return whole(canary.backend);
    } else if (header === 'always') return whole(canary.backend);
    else if (header === 'never') return whole(main);
  }
  const cookie = canary.byCookie === undefined ? undefined : cookieOf(request, canary.byCookie);
  if (cookie === 'always') return whole(canary.backend);
  if (cookie === 'never') return whole(main);
  const weight = Math.min(Math.max(canary.weight, 0), canary.weightTotal);
  return [
    { name: backendName(main, location, request), weight: canary.weightTotal - weight },
    { name: backendName(canary.backend, location, request), weight },
  ];
}

function caseSensitive(source: string): RegExp | undefined {
  try {
    return new RegExp(source);
  } catch {
    return undefined;
  }
}

function cookieOf({ headers }: RouteRequest, name: string): string | undefined {
  const pairs = (headers['cookie'] ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1];
}

function backendName({ service, port }: ServiceBackend, location: Location, request: RouteRequest): string {
  const protocol = String(location.owner.annotations.get('backend-protocol')?.value ?? 'HTTP').toLowerCase();
  const spoken = protocol === 'auto_http' ? scheme(request) : protocol;
  const name =
    service.type === 'ExternalName'
      ? `external ${(service.externalName ?? '').toLowerCase().replace(/\.$/, '')}`
      : qualifiedName(service.ref);
  return `${name}:${port.port}${spoken === 'http' ? '' : ` (${spoken})`}`;
}

function timeoutOf({ owner }: Location): string {
  const read = owner.annotations.get('proxy-read-timeout')?.value;
  const send = owner.annotations.get('proxy-send-timeout')?.value;
  if (read === undefined && send === undefined) return '';
  return `pause ${Math.max(Number(read ?? 60), Number(send ?? 60))}s`;
}

function headersOf(
  location: Location,
  match: Match,
  request: RouteRequest,
  { settings, configMap, patterns }: NginxContext,
): string[] {
  const response = new Map<string, string>();
  const sent = new Map<string, string>();
  const put = (into: Map<string, string>, map: ConfigMap | undefined): void => {
    for (const [name, value] of map?.data ?? []) if (value !== '') into.set(name.toLowerCase(), value);
  };
  put(response, configMap(settings.global('add-headers') ?? ''));
  put(sent, configMap(settings.global('proxy-set-headers') ?? ''));
  put(response, configMap(text(location, 'custom-headers') ?? ''));
  if (request.tls && settings.global('hsts')?.trim() !== 'false') {
    const age = settings.global('hsts-max-age')?.trim() ?? '31536000';
    const below = settings.global('hsts-include-subdomains')?.trim() === 'false' ? '' : '; includeSubDomains';
    const preload = settings.global('hsts-preload')?.trim() === 'true' ? '; preload' : '';
    response.set('strict-transport-security', `max-age=${age}${below}${preload}`);
  }
  const prefix = text(location, 'x-forwarded-prefix');
  if (prefix !== undefined && rewriteTarget(location, match) !== undefined)
    sent.set('x-forwarded-prefix', substituted(match, prefix, request.path, patterns) ?? prefix);
  return [...headerCell('request', sent), ...headerCell('response', response)];
}

function balancingOf({ upstream }: Location): string {
  const owner = upstream?.affinity?.owner;
  if (owner !== undefined) {
    const name = owner.annotations.get('session-cookie-name')?.value ?? 'INGRESSCOOKIE';
    return `cookie ${String(name)}`;
  }
  const hash = upstream?.creator.annotations.get('upstream-hash-by')?.value;
  return hash === undefined ? '' : `hash by ${String(hash)}`;
}

function appRootOf({ locations }: Server): string | undefined {
  const roots = locations.flatMap(({ owner }) => owner.annotations.get('app-root')?.value ?? []);
  return roots.map(String).find((root) => root.startsWith('/'));
}

function passesThrough({ locations }: Server, { model }: NginxContext): boolean {
  return (
    model.controller.flags.enableSslPassthrough &&
    locations.some(({ owner }) => owner.annotations.get('ssl-passthrough')?.value === true)
  );
}

function passthroughBackend({ locations }: Server): string {
  const root = locations.find(({ matches }) => matches.some(({ path }) => path === '/')) ?? locations[0];
  const backend = root?.backend;
  return backend?.kind === 'service'
    ? `${qualifiedName(backend.service.ref)}:${backend.port.port}`
    : 'nothing';
}

/** The other of `x` and `www.x`, where no Ingress has it (controller/nginx.go buildRedirects). */
function wwwNames({ model }: NginxContext): string[] {
  const taken = new Set(model.servers.map(({ host }) => host));
  return model.servers.flatMap(({ host, locations }) => {
    const wanted = locations.some(
      ({ owner }) => owner.annotations.get('from-to-www-redirect')?.value === true,
    );
    if (!wanted || host === '' || host.startsWith('*.')) return [];
    const other = host.startsWith('www.') ? host.slice(4) : `www.${host}`;
    return taken.has(other) ? [] : [other];
  });
}

function wwwTarget(host: string, context: NginxContext): string | undefined {
  if (!wwwNames(context).includes(host)) return undefined;
  return host.startsWith('www.') ? host.slice(4) : `www.${host}`;
}

function redirect(code: number, location: string, request: RouteRequest): Route {
  return answered(`${code} ${canonicalLocation(location, request)}`);
}

function answered(answer: string): Route {
  return { ...emptyRoute, answer };
}

function scheme({ tls }: RouteRequest): string {
  return tls ? 'https' : 'http';
}

function text({ owner }: Location, name: string): string | undefined {
  const value: AnnotationValue | undefined = owner.annotations.get(name)?.value;
  return value === undefined ? undefined : String(value);
}
