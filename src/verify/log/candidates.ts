import type { Conversion } from '../../conversion/conversion.ts';
import { builtInMappings } from '../../decode/mappings.ts';
import { wwwTargets } from '../../diff/nginx-redirects.ts';
import { nginxReader } from '../../diff/nginx-routes.ts';
import { type Condition, exampleHost, type RouteReader, type RouteRequest } from '../../diff/route.ts';
import type { Location, Server } from '../../nginx/model.ts';
import { settingsReader } from '../../nginx/settings.ts';
import { hostName, normalPath, placesOf } from '../judge/location.ts';
import { assumptionsFor, type Expected, isErrorUpstream } from './explained.ts';
import { memoized } from './memoized.ts';
import type { LogRecord } from './record.ts';
import { snippetAnswers } from './snippet-answers.ts';
import { serversByUpstream, upstreamNamesOf } from './upstreams.ts';

/** A request that a line of the log may stand for. */
export interface Candidate {
  /** The server's name, `*` for hosts that no Ingress names. */
  readonly host: string;
  readonly request: RouteRequest;
  readonly expected: Expected;
}

export interface Candidates {
  /** Those with which the model explains the line; where there are none, those that come closest. */
  readonly all: readonly Candidate[];
  readonly explained: boolean;
}

/** Most hosts that are looked at for one kind of line. */
const mostHosts = 6;

/** The first hosts that fit. */
function some(servers: readonly Server[], fits: (server: Server) => boolean): Server[] {
  const found: Server[] = [];
  for (const server of servers) {
    if (fits(server)) found.push(server);
    if (found.length === mostHosts) break;
  }
  return found;
}

/** Whether a server may answer like this before it chooses a location, or lose the upstream's name. */
function answersEarly(
  { denied, locations }: Server,
  snippets: ReadonlySet<number>,
  { status, path, tries }: LogRecord,
): boolean {
  const has = (name: string): boolean => locations.some(({ owner }) => owner.annotations.has(name));
  if (snippets.has(status)) return true;
  if (tries !== undefined && tries > 0) return has('mirror-target');
  switch (status) {
    case 301:
      return locations.some(({ slashRedirectFrom }) => slashRedirectFrom === path);
    case 302:
      return (path === '/' && has('app-root')) || has('auth-tls-secret');
    case 403:
      return denied !== undefined || has('auth-tls-secret');
    case 400:
    case 495:
    case 496:
      return has('auth-tls-secret');
    default:
      return tries === undefined && has('mirror-target');
  }
}

/** Finds the requests that may have led to a line. */
export function candidateFinder({ model, cluster }: Conversion): (record: LogRecord) => Candidates {
  const nginx = nginxReader(model, cluster);
  const routeOf = memoized(nginx);
  const settings = settingsReader(model.controller, builtInMappings());
  const placeOf = placesOf(model);
  const byUpstream = serversByUpstream(model.servers);
  const conditions = conditionsByHost(nginx);
  const snippets = snippetAnswers(model, settings);
  const www = [...wwwTargets(model).keys()];
  const errorPages = (location: Location | undefined): ReadonlySet<number> => {
    const own = location === undefined ? undefined : settings.of(location.owner, 'custom-http-errors')?.value;
    const written = own ?? settings.global('custom-http-errors') ?? '';
    return new Set(
      [written]
        .flat()
        .flatMap((value) => String(value).split(','))
        .map(Number),
    );
  };

  const early = (record: LogRecord): string[] =>
    some(model.servers, (server) => answersEarly(server, snippets(server), record)).map(nameOf);
  const nameOf = ({ host }: Server): string => (host === '' ? '*' : host);

  const hostsOf = (record: LogRecord): readonly string[] => {
    const { host, path, upstream, redirected } = record;
    if (host !== undefined) return [hostName(host)];
    if (upstream === undefined) return [...some(model.servers, () => true).map(nameOf), '*'];
    if (upstream === '') return [...www, ...early(record), '*'];
    if (upstream === '-') return [...early(record), '*'];
    const isOwn = isErrorUpstream(upstream);
    const fits = (server: Server): boolean => {
      const { location } = placeOf(exampleHost(nameOf(server)), path);
      return redirected || location === undefined || upstreamNamesOf(location).includes(upstream);
    };
    const servers = isOwn && redirected ? model.servers : (byUpstream.get(upstream) ?? []);
    return [...some(servers, fits).map(nameOf), ...(isOwn ? ['*'] : [])];
  };

  return (record) => {
    const explained: (Candidate & { readonly assumptions: number })[] = [];
    const others: Candidate[] = [];
    for (const host of new Set(hostsOf(record))) {
      const name = record.host === undefined ? exampleHost(host) : host;
      const { server, location } = placeOf(name, record.path);
      const path = normalPath(record.path) ?? record.path;
      const ask = (tls: boolean, condition: Condition): Candidate => {
        const request: RouteRequest = {
          host: name,
          tls,
          method: record.method || 'GET',
          path,
          headers: condition.headers,
          ...(path === record.path ? {} : { sentPath: record.path }),
          hasQuery: record.hasQuery,
        };
        const expected = {
          route: routeOf(request),
          location,
          errorPages: errorPages(location),
          snippets: snippets(server),
          mirrored: server?.locations.some(({ owner }) => owner.annotations.has('mirror-target')) === true,
        };
        return { host: server?.host || (www.includes(host) ? host : '*'), request, expected };
      };
      for (const [rank, tls] of (record.tls === undefined ? schemesFor(server) : [record.tls]).entries()) {
        const plain = ask(tls, { headers: {} });
        const first = assumptionsFor(plain.expected, record);
        if (first !== undefined) {
          explained.push({ ...plain, assumptions: first + rank + (host === '*' ? 2 : 0) });
          continue;
        }
        const other = conditions(name)
          .filter(({ method }) => method === undefined || method === record.method)
          .map((condition) => ask(tls, condition))
          .find(({ expected }) => assumptionsFor(expected, record) !== undefined);
        if (other !== undefined) explained.push({ ...other, assumptions: rank + 1 + (host === '*' ? 2 : 0) });
        else others.push(plain);
      }
    }
    explained.sort((a, b) => a.assumptions - b.assumptions);
    return explained.length > 0 ? { all: explained, explained: true } : { all: others, explained: false };
  };
}

/** HTTPS first where the host has a certificate, and HTTP where it has none. */
function schemesFor(server: Server | undefined): readonly boolean[] {
  return server?.tls === undefined ? [false, true] : [true, false];
}

function conditionsByHost(nginx: RouteReader): (host: string) => readonly Condition[] {
  const known = new Map<string, readonly Condition[]>();
  return (host) => {
    const found = known.get(host) ?? nginx.hints(host).conditions;
    known.set(host, found);
    return found;
  };
}
