import type { KnownAnnotation } from '../../decode/annotation.ts';
import { inside, type Origin } from '../../domain/origin.ts';
import { memoize } from '../../memoize.ts';
import type { Location, ModelIngress, Server } from '../../nginx/model.ts';
import { scopeOfHost, scopeOfLocation } from '../claims.ts';
import type { Context } from '../feature.ts';
import type { Scope } from './scope.ts';

/** A snippet that acts, and where it stands. */
export interface Snippet {
  readonly name: string;
  readonly text: string;
  readonly origin: Origin;
  /** Undefined for one of the controller's ConfigMap. */
  readonly annotation: KnownAnnotation | undefined;
}

export function annotationSnippet(ingress: ModelIngress, name: string): Snippet | undefined {
  const annotation = ingress.annotations.get(name);
  if (annotation === undefined || typeof annotation.value !== 'string' || annotation.value.trim() === '')
    return undefined;
  return { name, text: annotation.raw, origin: annotation.origin, annotation };
}

export function globalSnippet(key: string, { settings, model }: Context): Snippet | undefined {
  const text = settings.global(key);
  const origin = model.controller.configOrigin;
  return text === undefined || origin === undefined
    ? undefined
    : { name: key, text, origin: inside(origin, key), annotation: undefined };
}

/** The first Ingress with one gives it, canaries aside (ingress-nginx 1.15.1, controller/controller.go, createServers). */
export const chosenServerSnippet = memoize((server: Server): Snippet | undefined => {
  for (const ingress of server.ingresses) {
    const snippet = ingress.canary ? undefined : annotationSnippet(ingress, 'server-snippet');
    if (snippet !== undefined) return snippet;
  }
  return undefined;
});

/** In the order of nginx's template; the ConfigMap's does not need to be allowed. */
export function serverSnippets(server: Server, context: Context): Snippet[] {
  const own = context.model.controller.snippets ? chosenServerSnippet(server) : undefined;
  return [own, globalSnippet('server-snippet', context)].filter((snippet) => snippet !== undefined);
}

function commonScope(snippet: Snippet, server: Server, context: Context): Omit<Scope, 'place' | 'about'> {
  const single = server.host !== '' && !server.host.startsWith('*') && server.aliases.length === 0;
  return {
    origin: snippet.origin,
    variables: {
      host: single ? server.host : undefined,
      constants: new Map(),
      istioVersion: context.options.istioVersion,
    },
    guard: undefined,
    inIf: false,
    grpc: false,
    relativeRedirects: context.settings.global('relative-redirects') === 'true',
    defaultType: context.settings.global('default-type') ?? 'text/html',
    trustedProxies: context.options.mesh.numTrustedProxies,
    redirectsPlainHttp: false,
    hasAuth: false,
    satisfyAny: false,
    byStatus: context.options.envoyFilters === 'allow',
    annotations: snippet.annotation === undefined ? [] : [snippet.annotation],
  };
}

export function serverScope(snippet: Snippet, server: Server, context: Context): Scope {
  return { ...commonScope(snippet, server, context), place: 'server', about: scopeOfHost(server) };
}

export function locationScope(snippet: Snippet, location: Location, context: Context): Scope {
  const { owner, backend, server } = location;
  const common = commonScope(snippet, server, context);
  const setting = (name: string): unknown => context.settings.of(owner, name)?.value;
  const redirects =
    setting('force-ssl-redirect') === true || (server.tls !== undefined && setting('ssl-redirect') !== false);
  return {
    ...common,
    place: 'location',
    about: scopeOfLocation(location),
    variables: { ...common.variables, constants: locationConstants(location) },
    grpc:
      ['GRPC', 'GRPCS'].includes(String(setting('backend-protocol') ?? '').toUpperCase()) &&
      backend.kind === 'service',
    relativeRedirects: common.relativeRedirects || setting('relative-redirects') === true,
    redirectsPlainHttp: redirects,
    hasAuth: ['auth-url', 'auth-type', 'global-auth-url'].some((name) => setting(name) !== undefined),
    satisfyAny: setting('satisfy') === 'any',
  };
}

/** Variables that ingress-nginx 1.15.1 sets in each location (template/nginx.tmpl). */
function locationConstants({ owner, backend, path }: Location): ReadonlyMap<string, string> {
  const { namespace, name } = owner.ingress.ref;
  const constants = new Map([
    ['namespace', namespace],
    ['ingress_name', name],
    ['location_path', path],
  ]);
  if (backend.kind !== 'service') return constants;
  return constants
    .set('service_name', backend.service.ref.name)
    .set('service_port', String(backend.port.port));
}
