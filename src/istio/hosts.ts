import type { Options } from '../domain/options.ts';
import { qualifiedName } from '../domain/origin.ts';
import { mergeHeaders } from '../istio-api/headers.ts';
import type { GatewayServer, HttpRoute, ServerTlsSettings, VirtualServiceSpec } from '../istio-api/types.ts';
import { backendKey } from '../nginx/backends.ts';
import { everyPath } from '../nginx/every-path.ts';
import type { Location, Match, ServiceBackend } from '../nginx/model.ts';
import type { AnswerEffect, Condition } from '../plan/answer-effect.ts';
import type { DestinationEffect, Effect } from '../plan/effect.ts';
import type { LocationPlan, ServerPlan } from '../plan/server-plan.ts';
import { isEmpty } from '../text/json.ts';
import { implies, isAlways } from './conditions.ts';
import type { Destinations } from './destinations.ts';
import { authorityOf, type Hosts, hostsOf } from './host-names.ts';
import type { HostSpecs, NamedRoutes, Protection } from './host-specs.ts';
import { type HostRoutes, type PlannedRoute, routesOf, type UnmatchedLocation } from './routes.ts';

/** Gateway and VirtualService of a host; undefined where it has no route at all. */
export function hostSpecs(
  plan: ServerPlan,
  name: string,
  gatewayRef: string,
  destinations: Destinations,
  options: Options,
  protection: Protection,
): HostSpecs | undefined {
  const hosts = hostsOf(plan);
  const tls = serverTlsOf(plan, options);
  const passthrough = plan.effects.find((effect) => effect.kind === 'passthrough');
  const decrypts = tls !== undefined && passthrough === undefined;
  const context: HostRoutes = {
    reached: decrypts ? {} : { tls: false },
    ports: decrypts ? { http: options.gateway.httpPort, https: options.gateway.httpsPort } : undefined,
    authority: authorityOf(plan.server, hosts.names, protection.byPolicy),
    destination: (backend) => destinations.of(backend, [], ''),
  };
  const unmatched: UnmatchedLocation[] = [];
  const named: NamedRoutes[] = [];
  const taken = new Map<string, number>();
  const add = (location: Location, effects: readonly Effect[], reached: Condition): void => {
    const policies = effects.filter((effect) => effect.kind === 'destination');
    const from = qualifiedName(location.owner.ingress.ref);
    const planned = routesOf(location, effects, {
      ...context,
      reached,
      destination: (backend, when) =>
        destinations.of(
          backend,
          policies.length === 0 ? policies : policiesFor(backend, when, policies),
          from,
        ),
    });
    unmatched.push(...planned.unmatched);
    named.push({ location, routes: planned.routes.map((route) => rename(route, taken)) });
  };
  const shared = plan.effects.flatMap((effect): Effect[] => {
    if (effect.kind === 'response-headers') return [{ place: 'server', ...effect }];
    return effect.kind === 'forward' ? [effect] : [];
  });
  const everywhere = plan.effects.filter((effect) => effect.kind === 'answer');
  const first = plan.locations[0];
  if (everywhere.length > 0 && first !== undefined) {
    add(
      { ...first.location, path: '/', matches: rootMatch, slashRedirectFrom: undefined },
      [...shared, ...everywhere, noForward],
      context.reached,
    );
  }
  const left = leftBy(everywhere, context.reached);
  const { spellings, dots } = protection.evasions;
  if (dots !== undefined && first !== undefined && left !== undefined)
    add({ ...first.location, path: '/', matches: [] }, [evasionAnswer(dots)], left);
  const answered = answeredPaths(everywhere);
  let allTaken = false;
  const patterns = new Set<string>();
  for (const { location, effects } of plan.locations) {
    if (left === undefined) break;
    if (location.matches.every(({ kind, path }) => kind === 'exact' && answered.has(path))) continue;
    // The `/` that nginx adds to a host by itself stands last and gets nothing then.
    if (allTaken && location.rule === undefined) continue;
    if (location.matches.every((match) => isTaken(match, patterns))) continue;
    for (const { kind, path } of location.matches) if (kind === 'regex') patterns.add(closedEnd(path));
    add(location, shared.length === 0 ? effects : [...shared, ...effects], left);
    allTaken ||= named.at(-1)!.routes.length > 0 && location.matches.some(takesAll);
    const regex = spellings.get(location);
    if (regex === undefined) continue;
    const headers = [...shared, ...effects].filter(({ kind }) => kind === 'response-headers');
    add({ ...location, matches: [] }, [...headers, evasionAnswer(regex)], left);
  }
  const needed = withoutPlainNotFound(named, plan.locations);
  const http: HttpRoute[] = [];
  for (const { routes } of needed) for (const { route } of routes) http.push(route);
  const response = mergeHeaders(
    shared.flatMap((effect) => (effect.kind === 'response-headers' ? [effect.response] : [])),
  );
  // Names with more labels than nginx's wildcard takes meet the server for unknown hosts there.
  if (plan.server.host.startsWith('*.') && !isEmpty(response))
    http.push({ name: 'unknown-host', directResponse: { status: 404 }, headers: { response } });
  if (http.length === 0 && passthrough === undefined) return undefined;
  const virtualService: VirtualServiceSpec = {
    hosts: hosts.all,
    gateways: [gatewayRef],
    ...(http.length > 0 && { http }),
    ...(passthrough && {
      tls: [
        {
          match: [{ port: options.gateway.httpsPort, sniHosts: hosts.own }],
          route: [{ destination: destinations.of(passthrough.backend, [], '') }],
        },
      ],
    }),
  };
  const servers = [
    httpServer(name, hosts.all, options),
    ...httpsServers(name, hosts, passthrough === undefined ? tls : { mode: 'PASSTHROUGH' }, options),
  ];
  const gateway =
    options.gateway.existing === undefined ? { selector: options.gateway.selector, servers } : undefined;
  return { gateway, virtualService, routes: needed, unmatched };
}

/**
 * Envoy answers 404 by itself where no route matches, so a last route that says no more is left out, unless it is the only
 * one or a filter needs it.
 */
function withoutPlainNotFound(
  named: readonly NamedRoutes[],
  plans: readonly LocationPlan[],
): readonly NamedRoutes[] {
  const last = named.at(-1);
  const rest = named.slice(0, -1);
  const [only, ...others] = last?.routes ?? [];
  const plain =
    only?.route.directResponse?.status === 404 && only.route.headers === undefined && others.length === 0;
  const filtered = plans.some(
    ({ location, effects }) =>
      location === last?.location && effects.some(({ kind }) => kind === 'route-filter'),
  );
  return plain && !filtered && rest.some(({ routes }) => routes.length > 0) ? rest : named;
}

/** What is left to the locations when the host itself has answered; undefined where nothing is. */
function leftBy(answers: readonly AnswerEffect[], reached: Condition): Condition | undefined {
  let left: Condition | undefined = reached;
  for (const { when } of answers) {
    const { tls, ...others } = when ?? {};
    if (left === undefined || !isAlways(others)) continue;
    left = tls === undefined || left.tls === tls ? undefined : { tls: !tls };
  }
  return left;
}

/** Paths that the host answers by itself, whoever asks: a location of nothing else is never reached (scenario app-root). */
function answeredPaths(answers: readonly AnswerEffect[]): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const { when } of answers) {
    const { matches = [], ...others } = when ?? {};
    if (!isAlways(others)) continue;
    for (const { kind, path } of matches) if (kind === 'exact') paths.add(path);
  }
  return paths;
}

/** Whether an earlier pattern takes all of it: `/foo.*` and `/foo` are one pattern, of which nginx asks the longer text first. */
function isTaken({ kind, path }: Match, patterns: ReadonlySet<string>): boolean {
  const pattern = closedEnd(path);
  return kind === 'regex' && (patterns.has(pattern) || patterns.has(pattern.replace(/\/$/, '')));
}

/** A pattern without what nginx leaves open anyway. */
function closedEnd(pattern: string): string {
  return pattern.replace(/(?:\.\*|\(\.\*\))$/, '');
}

function takesAll({ kind, path }: Match): boolean {
  return kind === 'regex' && everyPath(path) !== undefined;
}

const rootMatch: readonly Match[] = [{ kind: 'prefix', path: '/' }];

/** For the routes of the whole host: the server answers some requests itself, and the locations follow with the others. */
const noForward: Effect = { kind: 'split', branches: [] };

function evasionAnswer(regex: string): Effect {
  return {
    kind: 'answer',
    phase: 'closed',
    when: { matches: [{ kind: 'whole', path: regex }] },
    answer: { status: 403 },
  };
}

/** @param taken each name with the highest number that was put behind it */
function rename(planned: PlannedRoute, taken: Map<string, number>): PlannedRoute {
  const wanted = planned.route.name;
  const last = taken.get(wanted);
  if (last === undefined) {
    taken.set(wanted, 1);
    return planned;
  }
  let count = last + 1;
  while (taken.has(`${wanted}-${count}`)) count++;
  const name = `${wanted}-${count}`;
  taken.set(wanted, count).set(name, 1);
  return { ...planned, route: { ...planned.route, name } };
}

function policiesFor(
  backend: ServiceBackend,
  when: Condition,
  policies: readonly DestinationEffect[],
): DestinationEffect[] {
  const key = backendKey(backend);
  return policies.filter((one) => backendKey(one.backend) === key && implies(when, one.when ?? {}));
}

/** The HTTPS server of the host: its certificate, else the default one if there is one for every host. */
function serverTlsOf({ effects }: ServerPlan, _options: Options): ServerTlsSettings | undefined {
  const patches = effects.filter((effect) => effect.kind === 'gateway').map(({ tls }) => tls);
  const merged: Partial<ServerTlsSettings> = Object.assign({}, ...patches);
  return merged.mode === undefined ? undefined : { ...merged, mode: merged.mode };
}

function httpServer(name: string, hosts: readonly string[], options: Options): GatewayServer {
  return {
    port: { number: options.gateway.httpPort, name: `http-${name}`.slice(0, 60), protocol: 'HTTP' },
    hosts,
  };
}

function httpsServers(
  name: string,
  hosts: Hosts,
  tls: ServerTlsSettings | undefined,
  options: Options,
): GatewayServer[] {
  if (tls === undefined) return [];
  const protocol = tls.mode === 'PASSTHROUGH' ? 'TLS' : 'HTTPS';
  return [
    {
      port: { number: options.gateway.httpsPort, name: `https-${name}`.slice(0, 60), protocol },
      hosts: hosts.tls,
      tls,
    },
    ...[...hosts.otherTls].map(([credentialName, names], index) => ({
      port: {
        number: options.gateway.httpsPort,
        name: `https-${index + 1}-${name}`.slice(0, 60),
        protocol: 'HTTPS' as const,
      },
      hosts: names,
      tls: { ...tls, credentialName },
    })),
  ];
}
