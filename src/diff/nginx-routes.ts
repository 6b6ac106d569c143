import { builtInMappings } from '../decode/mappings.ts';
import { qualifiedName } from '../domain/origin.ts';
import type { Location, Match, NginxModel, Server } from '../nginx/model.ts';
import { type Settings, settingsReader } from '../nginx/settings.ts';
import type { Cluster } from '../read/cluster.ts';
import { backendsOf } from './nginx-backends.ts';
import { annotationText, type NginxContext } from './nginx-context.ts';
import { nginxCors } from './nginx-cors.ts';
import { headersOf } from './nginx-headers.ts';
import { nginxHints } from './nginx-hints.ts';
import { locationFor, patternCache, serverIndex } from './nginx-location.ts';
import { isBlocked, nginxPolicy } from './nginx-policy.ts';
import { answered, redirect, redirectCode, redirected, wwwTargets } from './nginx-redirects.ts';
import { rewriteTarget, rewritten } from './nginx-rewrite.ts';
import { expanded, readSnippets } from './nginx-snippets.ts';
import { emptyRoute, type Route, type RouteReader, type RouteRequest, shares } from './route.ts';

/**
 * What nginx does with a request today, read from its model. It shares no code with the features and the assembler: what
 * they get wrong has to show.
 */
export function nginxReader(model: NginxModel, cluster: Cluster): RouteReader {
  const configMaps = new Map(cluster.configMaps.map((map) => [qualifiedName(map.ref), map]));
  const patterns = patternCache();
  const context: NginxContext = {
    model,
    settings: settingsReader(model.controller, builtInMappings()),
    patterns,
    servers: serverIndex(model, patterns),
    www: wwwTargets(model),
    configMap: (reference) => configMaps.get(reference.trim()),
  };
  const names = model.servers.flatMap(({ host, aliases }) => [
    host === '' ? '*' : host,
    ...aliases.map(({ name }) => name.toLowerCase()).filter((name) => !/[~$()\\]|\.\*$/.test(name)),
  ]);
  return {
    hosts: [...new Set([...names, ...context.www.keys()])].sort(),
    route: (request) => routeOf(request, context),
    hints: (host) => nginxHints(host, context),
  };
}

/** In the order in which nginx gets to it (nginx/SEMANTICS 7). */
function routeOf(request: RouteRequest, context: NginxContext): Route {
  const { settings, patterns } = context;
  const own = context.servers(request.host);
  const www = own === undefined || own.host === '' ? context.www.get(request.host) : undefined;
  if (www !== undefined)
    return redirect(redirectCode(settings), `${scheme(request)}://${www}${request.path}`, request);
  if (own === undefined) return answered('404');
  if (passesThrough(own, context) && request.tls)
    return { ...emptyRoute, backend: `TLS to ${passthroughBackend(own)}` };
  // The subject is looked at on both ports, and over plain HTTP there is none.
  const subject = own.ingresses.some(({ annotations }) => annotations.has('auth-tls-match-cn'));
  const denied = own.denied !== undefined || (subject && !request.tls);
  if (denied || isBlocked(request, context)) return answered('403');
  const appRoot = request.path === '/' ? appRootOf(own) : undefined;
  if (appRoot !== undefined) return redirect(302, appRoot, request);
  const chosen = locationFor(own, request.path, patterns);
  if (chosen === undefined) return answered('404');
  const { location, match } = chosen;
  if (match === undefined) return redirect(301, location.path, request);
  if (location.denied !== undefined) return answered('503');
  const cors = nginxCors(location, settings, request);
  if (cors?.preflight === true) return { ...answered('204'), cors: cors.cell };
  const snippet = readSnippets(location, request, context);
  if (snippet.answer !== undefined) {
    const [code = '', target] = snippet.answer.split(' ');
    return target === undefined ? answered(code) : redirect(Number(code), target, request);
  }
  return (
    redirected(location, match, request, context) ??
    forwarded(location, match, request, context, cors?.cell ?? '')
  );
}

function forwarded(
  location: Location,
  match: Match,
  request: RouteRequest,
  context: NginxContext,
  cors: string,
): Route {
  const { backend } = location;
  if (backend.kind === 'unavailable') return answered('503');
  // The built-in default backend is behind the location's protections like any other.
  if (backend.kind === 'not-found')
    return { ...answered('404'), policy: nginxPolicy(location, request, context).join(', ') };
  const target = rewritten(location, match, request.path, context.patterns);
  // Without a rewrite the upstream gets what the client sent.
  const isChanged = request.sentPath !== undefined && rewriteTarget(location, match) !== undefined;
  return {
    ...emptyRoute,
    backend: shares(backendsOf(location, backend, request)),
    rewrite: [
      ...(target === request.path && !isChanged ? [] : [`path ${target}`]),
      ...vhostOf(location, request),
    ].join(', '),
    timeout: timeoutOf(location, context.settings),
    headers: headersOf(location, match, request, context).join(', '),
    cors,
    policy: nginxPolicy(location, request, context).join(', '),
    further: furtherOf(location, request, context).join(', '),
  };
}

function vhostOf(location: Location, request: RouteRequest): string[] {
  const vhost = annotationText(location, 'upstream-vhost');
  if (vhost === undefined) return [];
  const host = expanded(vhost, request);
  return host === request.host ? [] : [`host ${host}`];
}

/** The pause after which nginx gives up; 60 s is said by nobody, and stands for nothing written. */
function timeoutOf({ owner }: Location, settings: Settings): string {
  const read = settings.of(owner, 'proxy-read-timeout')?.value;
  return read === undefined || Number(read) === 60 ? '' : `pause ${read}s`;
}

/** What the other columns do not hold. */
function furtherOf(location: Location, request: RouteRequest, context: NginxContext): string[] {
  const { owner, upstream } = location;
  const affinity = upstream?.affinity?.owner;
  const hash = upstream?.creator.annotations.get('upstream-hash-by')?.value;
  const cookie = affinity?.annotations.get('session-cookie-name')?.value ?? 'INGRESSCOOKIE';
  const errorPages =
    owner.annotations.get('custom-http-errors') ??
    owner.annotations.get('default-backend') ??
    context.settings.global('custom-http-errors');
  const proxyRedirect = annotationText(location, 'proxy-redirect-from');
  const { unread } = readSnippets(location, request, context);
  return [
    ...(affinity === undefined ? [] : [`cookie ${String(cookie)}`]),
    ...(affinity !== undefined || hash === undefined ? [] : [`hash by ${String(hash)}`]),
    ...(errorPages === undefined ? [] : ['error pages']),
    ...(annotationText(location, 'mirror-target') === undefined ? [] : ['mirror']),
    ...(proxyRedirect === undefined || /^(?:off|default)$/.test(proxyRedirect) ? [] : ['Location rewritten']),
    ...(unread.length === 0 ? [] : [`snippet not read (${unread.join(' ')})`]),
  ].sort();
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

function scheme({ tls }: RouteRequest): string {
  return tls ? 'https' : 'http';
}
