import type { IstioObject } from '../istio/objects.ts';
import type { Options } from '../options.ts';
import type { Mapping } from '../read/fields.ts';
import {
  filterPolicy,
  idleTimeout,
  type RoutePatches,
  redirectRewrites,
  routePatches,
  sessionCookie,
} from './istio-filters.ts';
import { istioHints } from './istio-hints.ts';
import { matchOf, type Re2, re2Cache } from './istio-match.ts';
import { at, bestFit, listOf, textOf, textsOf } from './istio-objects.ts';
import { policyReader, type Verdict } from './istio-policies.ts';
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

export interface IstioContext {
  readonly options: Options;
  readonly gateways: readonly IstioObject[];
  readonly virtualServices: readonly IstioObject[];
  readonly destinationRules: readonly IstioObject[];
  readonly patches: ReadonlyMap<string, RoutePatches>;
  readonly re2: Re2;
  policies(request: RouteRequest, port: number): Verdict;
}

const noPatches: RoutePatches = { values: [] };

/**
 * What a gateway with these objects does with a request. Reads Gateway, VirtualService, DestinationRule, AuthorizationPolicy
 * and the EnvoyFilters that we know as Istio and Envoy read them, and knows nothing of where they come from.
 */
export function istioReader(objects: readonly IstioObject[], options: Options): RouteReader {
  const ofKind = (kind: string) => objects.filter((object) => object.kind === kind);
  const context: IstioContext = {
    options,
    gateways: ofKind('Gateway'),
    virtualServices: ofKind('VirtualService'),
    destinationRules: ofKind('DestinationRule'),
    patches: routePatches(objects),
    re2: re2Cache(),
    policies: policyReader(objects),
  };
  const hosts = context.virtualServices.flatMap(({ spec }) =>
    textsOf(spec, 'hosts').map((host) => host.toLowerCase()),
  );
  return {
    hosts: [...new Set(hosts)].sort(),
    route: (request) => routeOf(request, context),
    hints: (host) => istioHints(host, context),
  };
}

function routeOf(asked: RouteRequest, context: IstioContext): Route {
  const request = { ...asked, path: asEnvoySees(asked.path) };
  const port = request.tls ? context.options.gateway.httpsPort : context.options.gateway.httpPort;
  const service = serviceFor(request, port, context);
  if (service === 'closed') return { ...emptyRoute, answer: 'no HTTPS' };
  if (service === undefined) return { ...emptyRoute, answer: '404' };
  const passed = request.tls
    ? listOf(service.spec, 'tls').find((route) => sniFits(route, request.host))
    : undefined;
  if (passed !== undefined) {
    const to = listOf(passed, 'route').map((one) => ({
      name: `TLS to ${nameOf(at(one, 'destination'), context)}`,
      weight: 1,
    }));
    return { ...emptyRoute, backend: shares(to) };
  }
  const verdict = context.policies(request, port);
  if (verdict.denied) return { ...emptyRoute, answer: '403' };
  for (const route of listOf(service.spec, 'http')) {
    const match = matchOf(route, request, port, context.re2);
    if (match === undefined) continue;
    const patches = patchesOf(service, route, context);
    const policy = [...new Set([...verdict.told, ...filterPolicy(patches)])].sort();
    return (
      answerOf(route, request, patches, policy, context) ??
      forwarded(route, match, request, patches, policy, context)
    );
  }
  return { ...emptyRoute, answer: '404', policy: verdict.told.join(', ') };
}

/** Envoy matches the path as it stands in the request, with what may not stand there escaped (istio/FACTS o). */
function asEnvoySees(path: string): string {
  return path.replace(/[^\x21-\x7e]|["<>^`{|}]/gu, encodeURIComponent);
}

/** The VirtualService that answers for a host on a port, or that nothing listens there for it. */
function serviceFor(
  { host, tls }: RouteRequest,
  port: number,
  { gateways, virtualServices }: IstioContext,
): IstioObject | 'closed' | undefined {
  const bound = virtualServices.flatMap((service) => {
    const fit = bestFit(textsOf(service.spec, 'hosts'), host);
    return fit === undefined ? [] : [{ service, fit }];
  });
  bound.sort((a, b) =>
    a.fit === b.fit ? (keyOf(a.service) < keyOf(b.service) ? -1 : 1) : b.fit > a.fit ? 1 : -1,
  );
  const open = (service: IstioObject): boolean =>
    textsOf(service.spec, 'gateways').some((reference) => {
      const gateway = gateways.find(
        ({ metadata }) =>
          reference === `${metadata.namespace}/${metadata.name}` ||
          (reference === metadata.name && metadata.namespace === service.metadata.namespace),
      );
      // A Gateway that was there before is not among the objects; it is taken to serve what is asked of it.
      return (
        gateway === undefined ||
        listOf(gateway.spec, 'servers').some((server) => serves(server, host, port, tls))
      );
    });
  const found = bound.find(({ service }) => open(service))?.service;
  return found ?? (tls ? 'closed' : undefined);
}

function keyOf({ metadata }: IstioObject): string {
  return `${metadata.name} ${metadata.namespace}`;
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

/** A route's patches, whichever of its hosts they name. */
function patchesOf(service: IstioObject, route: Mapping, { patches }: IstioContext): RoutePatches {
  const name = textOf(route, 'name') ?? '';
  for (const host of textsOf(service.spec, 'hosts')) {
    const found = patches.get(`${host} ${name}`);
    if (found !== undefined) return found;
  }
  return noPatches;
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
    return { ...said, answer: `${status}${to}`, cors };
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
  const response = setHeaders(at(route, 'headers', 'response'), request);
  const sent = setHeaders(at(route, 'headers', 'request'), request);
  const total = textOf(route, 'timeout');
  const idle = idleTimeout(patches);
  const host = sent.get('host') ?? authority;
  sent.delete('host');
  return {
    answer: '',
    backend: shares(
      to.map((one) => ({
        name: nameOf(at(one, 'destination'), context),
        weight: Number(textOf(one, 'weight') ?? (to.length === 1 ? 1 : 0)),
      })),
    ),
    rewrite: [
      ...(target === request.path ? [] : [`path ${decoded(target)}`]),
      ...(host === undefined ? [] : [`host ${host}`]),
    ].join(', '),
    timeout: [
      ...(total === undefined ? [] : [`total ${total}`]),
      // nginx's own limit, which both systems then have.
      ...(idle === undefined || idle === '60s' ? [] : [`pause ${idle}`]),
    ].join(', '),
    headers: [...headerCell('request', sent), ...headerCell('response', response)].join(', '),
    cors: istioCors(route, request, context.re2),
    policy: policy.join(', '),
    balancing: balancingOf(to, patches, context),
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

function nameOf(destination: Mapping, context: IstioContext): string {
  const host = textOf(destination, 'host') ?? '';
  const suffix = `.svc.${context.options.clusterDomain}`;
  const [service, namespace] = host.endsWith(suffix) ? host.slice(0, -suffix.length).split('.') : [];
  const name = service === undefined ? `external ${host}` : `${namespace}/${service}`;
  const policy = subsetPolicy(destination, context);
  const secure = /^(?:SIMPLE|MUTUAL)$/.test(textOf(at(policy, 'tls'), 'mode') ?? '');
  const http2 = textOf(at(policy, 'connectionPool', 'http'), 'h2UpgradePolicy') === 'UPGRADE';
  const protocol = http2 ? (secure ? ' (grpcs)' : ' (grpc)') : secure ? ' (https)' : '';
  return `${name}:${textOf(at(destination, 'port'), 'number') ?? ''}${protocol}`;
}

function subsetPolicy(destination: Mapping, { destinationRules }: IstioContext): Mapping {
  const [host, subset] = [textOf(destination, 'host'), textOf(destination, 'subset')];
  const rule = destinationRules.find(({ spec }) => textOf(spec, 'host') === host);
  if (rule === undefined) return {};
  const named = listOf(rule.spec, 'subsets').find((one) => textOf(one, 'name') === subset);
  return { ...at(rule.spec, 'trafficPolicy'), ...(subset === undefined ? {} : at(named, 'trafficPolicy')) };
}

function balancingOf(to: readonly Mapping[], patches: RoutePatches, context: IstioContext): string {
  const session = sessionCookie(patches);
  if (session !== undefined) return `cookie ${session}`;
  const hash = at(subsetPolicy(at(to[0], 'destination'), context), 'loadBalancer', 'consistentHash');
  const cookie = textOf(at(hash, 'httpCookie'), 'name');
  if (cookie !== undefined) return `cookie ${cookie}`;
  const header = textOf(hash, 'httpHeaderName');
  if (header !== undefined)
    return `hash by ${header === ':path' ? '$request_uri' : `$http_${header.replaceAll('-', '_')}`}`;
  return hash['useSourceIp'] === true ? 'hash by $remote_addr' : '';
}
