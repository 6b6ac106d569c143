import type { Options } from '../domain/options.ts';
import type { IstioObject } from '../istio-api/objects.ts';
import type { Mapping } from '../read/fields.ts';
import type { IstioContext } from './istio-context.ts';
import { destinationName, furtherOf } from './istio-destinations.ts';
import {
  filterPolicy,
  idleTimeout,
  needsNoCertificate,
  patchesFor,
  type RoutePatches,
  redirectRewrites,
  routePatches,
} from './istio-filters.ts';
import { istioHints } from './istio-hints.ts';
import { matchOf, type Re2, re2Cache } from './istio-match.ts';
import { at, bestFit, listOf, patternsOver, textOf, textsOf } from './istio-objects.ts';
import { pathInEnvoy } from './istio-path.ts';
import { policyReader } from './istio-policies.ts';
import { istioCors, setHeaders } from './istio-responses.ts';
import {
  canonicalLocation,
  emptyRoute,
  headerCell,
  type Route,
  type RouteReader,
  type RouteRequest,
  shares,
} from './route.ts';

/**
 * What a gateway with these objects does with a request. Reads Gateway, VirtualService, DestinationRule, AuthorizationPolicy
 * and the EnvoyFilters that we know as Istio and Envoy read them, and knows nothing of where they come from.
 */
export function istioReader(objects: readonly IstioObject[], options: Options): RouteReader {
  const ofKind = (kind: string) => objects.filter((object) => object.kind === kind);
  const context: IstioContext = {
    options,
    gateways: new Map(
      ofKind('Gateway').map((gateway) => [`${gateway.metadata.namespace}/${gateway.metadata.name}`, gateway]),
    ),
    virtualServices: byHost(ofKind('VirtualService')),
    destinationRules: new Map(
      ofKind('DestinationRule').map((rule) => [textOf(rule.spec, 'host') ?? '', rule]),
    ),
    patches: routePatches(objects),
    re2: re2Cache(),
    policies: policyReader(objects),
  };
  return {
    hosts: [...context.virtualServices.keys()].sort(),
    route: (request) => routeOf(request, context),
    hints: (host) => istioHints(host, context),
  };
}

function routeOf(requested: RouteRequest, context: IstioContext): Route {
  const request = { ...requested, path: pathInEnvoy(requested, context.options) };
  const port = request.tls ? context.options.gateway.httpsPort : context.options.gateway.httpPort;
  const service = serviceFor(request, port, context);
  if (service === 'closed') return { ...emptyRoute, answer: 'no HTTPS' };
  if (service === undefined) return { ...emptyRoute, answer: '404' };
  const passed = request.tls
    ? listOf(service.spec, 'tls').find((route) => sniFits(route, request.host))
    : undefined;
  if (passed !== undefined) {
    const to = listOf(passed, 'route').map((one) => ({
      name: `TLS to ${destinationName(at(one, 'destination'), context)}`,
      weight: 1,
    }));
    return { ...emptyRoute, backend: shares(to) };
  }
  const verdict = context.policies(request, port);
  if (verdict.denied) return { ...emptyRoute, answer: '403' };
  let certificate: string[] =
    request.tls && asksCertificate(service, request.host, context) ? ['client certificate'] : [];
  for (const route of listOf(service.spec, 'http')) {
    const match = matchOf(route, request, port, context.re2);
    if (match === undefined) continue;
    const patches = patchesFor(context.patches, textsOf(service.spec, 'hosts'), route);
    // The table asks with a certificate that the server takes, where it asks for one at all.
    if (needsNoCertificate(patches)) {
      certificate = ['client certificate'];
      continue;
    }
    const policy = [...new Set([...verdict.told, ...certificate, ...filterPolicy(patches)])].sort();
    return (
      answerOf(route, request, patches, policy, context) ??
      forwarded(route, match, request, patches, policy, context)
    );
  }
  return { ...emptyRoute, answer: '404', policy: verdict.told.join(', ') };
}

/** Whether a Gateway of the VirtualService asks clients for a certificate. */
function asksCertificate(service: IstioObject, host: string, { gateways }: IstioContext): boolean {
  return textsOf(service.spec, 'gateways').some((name) =>
    listOf(gateways.get(name)?.spec, 'servers').some(
      (server) =>
        /MUTUAL$/.test(textOf(at(server, 'tls'), 'mode') ?? '') &&
        bestFit(textsOf(server, 'hosts'), host) !== undefined,
    ),
  );
}

function byHost(services: readonly IstioObject[]): ReadonlyMap<string, readonly IstioObject[]> {
  const found = new Map<string, IstioObject[]>();
  const key = ({ metadata }: IstioObject) => `${metadata.name} ${metadata.namespace}`;
  for (const service of [...services].sort((a, b) => (key(a) < key(b) ? -1 : 1)))
    for (const host of textsOf(service.spec, 'hosts'))
      found.set(host.toLowerCase(), [...(found.get(host.toLowerCase()) ?? []), service]);
  return found;
}

/** The VirtualService that answers for a host on a port, or that nothing listens there for it. */
function serviceFor(
  { host, tls }: RouteRequest,
  port: number,
  { gateways, virtualServices }: IstioContext,
): IstioObject | 'closed' | undefined {
  const open = (service: IstioObject): boolean =>
    textsOf(service.spec, 'gateways').some((reference) => {
      const name = reference.includes('/') ? reference : `${service.metadata.namespace}/${reference}`;
      const gateway = gateways.get(name);
      // A Gateway that was there before is not among the objects; it is taken to serve what is asked of it.
      return (
        gateway === undefined ||
        listOf(gateway.spec, 'servers').some((server) => serves(server, host, port, tls))
      );
    });
  for (const pattern of patternsOver(host)) {
    const found = virtualServices.get(pattern)?.find(open);
    if (found !== undefined) return found;
  }
  return tls ? 'closed' : undefined;
}

function serves(server: Mapping, host: string, port: number, tls: boolean): boolean {
  const secure = /^(?:HTTPS|TLS)$/.test(textOf(at(server, 'port'), 'protocol') ?? '');
  return (
    secure === tls &&
    Number(textOf(at(server, 'port'), 'number')) === port &&
    bestFit(textsOf(server, 'hosts'), host) !== undefined
  );
}

function sniFits(route: Mapping, host: string): boolean {
  return listOf(route, 'match').some((match) => bestFit(textsOf(match, 'sniHosts'), host) !== undefined);
}

/** What the gateway answers by itself. */
function answerOf(
  route: Mapping,
  request: RouteRequest,
  patches: RoutePatches,
  policy: readonly string[],
  { re2 }: IstioContext,
): Route | undefined {
  const direct = at(route, 'directResponse');
  const redirect = at(route, 'redirect');
  const headers = setHeaders(at(route, 'headers', 'response'), request);
  const written = headers.get('location');
  const cors = istioCors(route, request, re2);
  const said = { ...emptyRoute, policy: policy.join(', ') };
  if (route['directResponse'] !== undefined) {
    const status = textOf(direct, 'status') ?? '';
    const to = written === undefined ? '' : ` ${canonicalLocation(written, request)}`;
    return {
      ...said,
      policy: status === '403' ? '' : said.policy,
      answer: `${status}${to}`,
      // On other answers no browser looks for it.
      cors: status === '204' ? cors : '',
    };
  }
  if (route['redirect'] === undefined) return undefined;
  const code = textOf(redirect, 'redirectCode') ?? '301';
  let path = textOf(redirect, 'uri') ?? request.path;
  for (const [regex, substitution] of redirectRewrites(patches))
    path = re2(regex)?.matcher(path).replaceAll(groups(substitution)) ?? path;
  const authority = textOf(redirect, 'authority') ?? request.host;
  const port = textOf(redirect, 'port');
  const scheme = textOf(redirect, 'scheme') ?? (request.tls ? 'https' : 'http');
  const url = written ?? `${scheme}://${authority}${port === undefined ? '' : `:${port}`}${path}`;
  return { ...said, answer: `${code} ${canonicalLocation(url, request)}` };
}

function forwarded(
  route: Mapping,
  match: Mapping,
  request: RouteRequest,
  patches: RoutePatches,
  policy: readonly string[],
  context: IstioContext,
): Route {
  const to = listOf(route, 'route');
  const target = rewritten(route, match, request.path, context.re2);
  const authority = textOf(at(route, 'rewrite'), 'authority');
  // Those of a destination act first (Envoy: the weighted cluster's before the route's).
  const headersOf = (side: 'request' | 'response'): Map<string, string> =>
    setHeaders(at(route, 'headers', side), request, setHeaders(at(to[0], 'headers', side), request));
  const response = headersOf('response');
  const sent = headersOf('request');
  const total = textOf(route, 'timeout');
  const first = textOf(at(route, 'retries'), 'perTryTimeout');
  const idle = idleTimeout(patches);
  const host = sent.get('host') ?? authority;
  sent.delete('host');
  return {
    answer: '',
    backend: shares(
      to.map((one) => ({
        name: destinationName(at(one, 'destination'), context),
        weight: Number(textOf(one, 'weight') ?? (to.length === 1 ? 1 : 0)),
      })),
    ),
    rewrite: [
      ...(target === (request.sentPath ?? request.path) ? [] : [`path ${decoded(target)}`]),
      ...(host === undefined || host === request.host ? [] : [`host ${host}`]),
    ].join(', '),
    timeout: [
      ...(total === undefined ? [] : [`total ${total}`]),
      ...(first === undefined ? [] : [`first ${first}`]),
      // nginx's own limit, which both systems then have.
      ...(idle === undefined || idle === '60s' ? [] : [`pause ${idle}`]),
    ].join(', '),
    headers: [...headerCell('request', sent), ...headerCell('response', response)].join(', '),
    cors: istioCors(route, request, context.re2),
    policy: policy.join(', '),
    further: furtherOf(route, to, patches, context).join(', '),
  };
}

/** As nginx's column writes it. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** A prefix is swapped, anything else replaced; a regex replaces every match (istio/FACTS g). */
function rewritten(route: Mapping, match: Mapping, path: string, re2: Re2): string {
  const rewrite = at(route, 'rewrite');
  const uri = textOf(rewrite, 'uri');
  if (uri !== undefined) {
    const prefix = textOf(at(match, 'uri'), 'prefix');
    return prefix === undefined && match['uri'] !== undefined
      ? uri
      : uri + path.slice((prefix ?? '/').length);
  }
  const regex = at(rewrite, 'uriRegexRewrite');
  const pattern = re2(textOf(regex, 'match') ?? '$^');
  if (rewrite['uriRegexRewrite'] === undefined || pattern === undefined) return path;
  return pattern.matcher(path).replaceAll(groups(textOf(regex, 'rewrite') ?? ''));
}

/** Envoy's `\1` as RE2's own replacement. */
function groups(substitution: string): string {
  return substitution.replace(/\\(\\|\d)|\$/g, (whole, group?: string) =>
    whole === '$' ? '\\$' : group === '\\' ? '\\\\' : `$${group}`,
  );
}
