import { wwwTargets } from '../../diff/nginx-redirects.ts';
import { nginxReader } from '../../diff/nginx-routes.ts';
import { askedName, type Condition, type RouteReader, type RouteRequest } from '../../diff/route.ts';
import type { Conversion } from '../../conversion.ts';
import { builtInMappings } from '../../decode/mappings.ts';
import type { Location, Server } from '../../nginx/model.ts';
import { settingsOf } from '../../nginx/settings.ts';
import { hostName, normalPath, placesOf } from '../judge/location.ts';
import { assumptionsFor, type Expected, isErrorUpstream } from './explained.ts';
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

/** Most hosts that are looked at for one kind of line; what fits more of them is told of as fitting many. */
const mostHosts = 12;

/** Finds the requests that may have led to a line. */
export function candidateFinder({ model, cluster }: Conversion): (record: LogRecord) => Candidates {
  const nginx = nginxReader(model, cluster);
  const settings = settingsOf(model.controller, builtInMappings());
  const placeOf = placesOf(model);
  const byUpstream = serversByUpstream(model.servers);
  const conditions = conditionsByHost(nginx);
  const snippets = snippetAnswers(model, settings);
  const www = [...wwwTargets(model).keys()];
  const errorPages = (location: Location | undefined): ReadonlySet<number> => {
    const own = location === undefined ? undefined : settings.of(location.owner, 'custom-http-errors')?.value;
    const written = own ?? settings.global('custom-http-errors') ?? '';
    return new Set([written].flat().flatMap((value) => String(value).split(',')).map(Number));
  };

  const hostsOf = (record: LogRecord): readonly string[] => {
    if (record.host !== undefined) return [hostName(record.host)];
    const { upstream } = record;
    const isAny = upstream === undefined || upstream === '' || upstream === '-';
    const isOwn = isAny || isErrorUpstream(upstream);
    const fits = ({ host }: Server): boolean => {
      const { location } = placeOf(askedName(host || '*'), record.path);
      return isAny || record.redirected || location === undefined || upstreamNamesOf(location).includes(upstream);
    };
    const servers = isOwn ? model.servers : (byUpstream.get(upstream) ?? []);
    const named = servers.filter(fits).map(({ host }) => (host === '' ? '*' : host));
    return [...(upstream === '' ? www : []), ...named, ...(isOwn ? ['*'] : [])];
  };

  return (record) => {
    const explained: (Candidate & { readonly assumptions: number })[] = [];
    const others: Candidate[] = [];
    for (const host of [...new Set(hostsOf(record))].slice(0, mostHosts)) {
      const name = record.host === undefined ? askedName(host) : host;
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
          route: nginx.route(request),
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
