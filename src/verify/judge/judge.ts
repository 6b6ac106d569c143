import type { ObservableField } from '../../domain/findings.ts';
import { isNoise, meaningOf } from './noise.ts';
import type { Observation, Result, SideRequest } from './observation.ts';
import type { Probe } from './probe.ts';
import { describeCounts, sameShares, unanimous } from './shares.ts';

/** One field in which the two systems differ; null stands for "nothing", as in a header that is not there. */
export interface Difference {
  readonly field: ObservableField;
  readonly nginx: string | null;
  readonly istio: string | null;
}

/** Why a probe is not judged; undefined where it is. */
export function unjudged(probe: Probe, nginx: Observation): string | undefined {
  const result = nginx.results[probe.name];
  if (nginx.nginxTestErrors?.length) return 'nginx refused the whole configuration';
  if (result === undefined || result.status === undefined) return 'nginx did not answer';
  if (probe.volatile && probe.volatileFields === undefined) return 'volatile';
  return undefined;
}

/** The hosts that Services of type ExternalName stand for: `external/host:port` by `namespace/service:port`. */
export type ExternalNames = ReadonlyMap<string, string>;

/** The fields in which Istio's answer to a probe differs from nginx's, in the order in which a reader wants them. */
export function differences(
  probe: Probe,
  recorded: Result,
  answered: Result,
  externalNames: ExternalNames = new Map(),
): Difference[] {
  const [nginx, istio] = [legible(probe, recorded), legible(probe, answered)];
  const [before, after] = [renamed(nginx, externalNames, istio), renamed(istio, externalNames, nginx)];
  const volatile = probe.volatileFields ?? [];
  return compare(before, after).filter(
    ({ field }) => !volatile.includes(field) && !(field === 'share' && volatile.includes('upstream')),
  );
}

function compare(nginx: Result, istio: Result): Difference[] {
  if (istio.status === undefined) {
    return [{ field: 'connection', nginx: `status ${nginx.status}`, istio: istio.error ?? 'no answer' }];
  }
  return [
    ...repeatedDifferences(nginx, istio),
    ...lastDifferences(nginx, istio),
    ...sideDifferences(nginx, istio),
    ...certificateDifferences(nginx, istio),
  ];
}

/** Shares of repeated requests: of the upstreams among the requests that reached one, and of the statuses. */
function repeatedDifferences(nginx: Result, istio: Result): Difference[] {
  const found: Difference[] = [];
  const add = (field: ObservableField, before: Record<string, number>, after: Record<string, number>) => {
    if (!sameShares(before, after)) {
      found.push({ field, nginx: describeCounts(before), istio: describeCounts(after) });
    }
  };
  if (!unanimous(nginx.statuses) || !unanimous(istio.statuses)) {
    add('status', { ...nginx.statuses }, { ...istio.statuses });
  }
  const [before, after] = [reached(nginx), reached(istio)];
  if (before && after && !(unanimous(before) && unanimous(after))) add('share', before, after);
  return found;
}

function reached({ counts }: Result): Record<string, number> | undefined {
  return counts && Object.fromEntries(Object.entries(counts).filter(([upstream]) => upstream !== 'null'));
}

/**
 * The last of several answers says something only where it is of the same kind in both systems; which of several
 * upstreams gave it is chance.
 */
function lastDifferences(nginx: Result, istio: Result): Difference[] {
  const mixed = [nginx.statuses, nginx.counts, istio.statuses, istio.counts].some(
    (counts) => !unanimous(counts),
  );
  if (!mixed) return answerDifferences(nginx, istio);
  const sameKind = nginx.status === istio.status && (nginx.upstream === null) === (istio.upstream === null);
  return sameKind ? answerDifferences(nginx, istio).filter(({ field }) => field !== 'upstream') : [];
}

/** `https://a.example` and `https://a.example/` are one URI (RFC 3986, 6.2.3), and every client asks for the same. */
function sameRoot(location: string | undefined): string | undefined {
  return location?.replace(/^([a-z]+:\/\/[^/?#]+)(?=$|[?#])/i, '$1/');
}

function answerDifferences(nginx: Result, istio: Result): Difference[] {
  const found: Difference[] = [];
  const add = (
    field: ObservableField,
    before: string | null | undefined,
    after: string | null | undefined,
  ) => {
    if ((before ?? null) !== (after ?? null))
      found.push({ field, nginx: before ?? null, istio: after ?? null });
  };
  add('status', String(nginx.status), String(istio.status));
  add('location', sameRoot(nginx.location), sameRoot(istio.location));
  add('upstream', nginx.upstream, istio.upstream);
  const [before, after] = [nginx.upstreamRequest, istio.upstreamRequest];
  if (before && after) {
    add('path', pathOf(before.path), pathOf(after.path));
    // Of a connection that was upgraded, the upstream tells the path alone.
    if (before.method !== undefined && after.method !== undefined) {
      add('method', before.method, after.method);
      add('host', before.host, after.host);
      found.push(...headerDifferences('request', before.headers, after.headers, false));
    }
  }
  const local = nginx.upstream === null || istio.upstream === null;
  const requested = nginx.upstream === istio.upstream ? undefined : askedHeader(before ?? after);
  found.push(
    ...headerDifferences('response', nginx.headers, istio.headers, local).filter(
      ({ field }) => field !== `response-header:${requested}`,
    ),
  );
  return found;
}

/** The header that the upstream was asked to send: where another one answers, or none, that is what the difference tells. */
function askedHeader(request: Result['upstreamRequest']): string | undefined {
  const requested = request?.headers['x-echo-set-header'];
  return typeof requested === 'string' ? requested.split(':')[0]!.trim().toLowerCase() : undefined;
}

/** An answer without a body (HEAD) or with a compressed one does not tell its upstream; the upstream's own record does. */
function legible(probe: Probe, result: Result): Result {
  const method = probe.request.method ?? 'GET';
  if (result.upstream !== null || !(method === 'HEAD' || result.headers['content-encoding'])) return result;
  const others = result.otherUpstreamRequests ?? [];
  const index = others.findLastIndex((request) => request.method === method);
  if (index < 0) return result;
  const { upstream, ...upstreamRequest } = others[index]!;
  return { ...result, upstream, upstreamRequest, otherUpstreamRequests: others.toSpliced(index, 1) };
}

/** Calls upstreams outside the cluster by their host, or, as the other side does that, just `external`. */
function renamed(result: Result, externalNames: ExternalNames, other: Result): Result {
  const bare = [...upstreamsOf(result), ...upstreamsOf(other)].includes('external');
  const name = (upstream: string) => {
    const external = externalNames.get(upstream) ?? upstream;
    return bare && external.startsWith('external/') ? 'external' : external;
  };
  const { counts, otherUpstreamRequests } = result;
  return {
    ...result,
    upstream: result.upstream === null ? null : name(result.upstream),
    ...(counts && { counts: sumBy(Object.entries(counts), name) }),
    ...(otherUpstreamRequests && {
      otherUpstreamRequests: otherUpstreamRequests.map((request) => ({
        ...request,
        upstream: name(request.upstream),
      })),
    }),
  };
}

function upstreamsOf({ upstream, counts, otherUpstreamRequests }: Result): (string | null)[] {
  const others = (otherUpstreamRequests ?? []).map((request) => request.upstream);
  return [upstream, ...Object.keys(counts ?? {}), ...others];
}

function sumBy(
  entries: readonly (readonly [string, number])[],
  name: (key: string) => string,
): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [key, count] of entries) sums[name(key)] = (sums[name(key)] ?? 0) + count;
  return sums;
}

/** The path, without the address of the echo server with which a recorded TCP answer begins. */
function pathOf(path: string): string {
  return path.replace(/^127(\.\d+){3} /, '');
}

function headerDifferences(
  where: 'request' | 'response',
  nginx: Result['headers'],
  istio: Result['headers'],
  local: boolean,
): Difference[] {
  const names = [...new Set([...Object.keys(nginx), ...Object.keys(istio)])].sort();
  return names
    .filter((name) => !isNoise(where, name, local))
    .flatMap((name) => {
      const meaning = (headers: Result['headers']) =>
        headers[name] === undefined ? null : meaningOf(where, name, headers[name]);
      const [before, after] = [meaning(nginx), meaning(istio)];
      return before === after
        ? []
        : [{ field: `${where}-header:${name}` as const, nginx: before, istio: after }];
    });
}

/**
 * Auth checks, mirrors and further tries: which upstream was asked for what, whatever the order. A request that got an
 * answer here, and was tried there, is no difference of its own: the status or the upstream tells it.
 */
function sideDifferences(nginx: Result, istio: Result): Difference[] {
  // A mirror without a path of its own gets one with the Ingress's uid.
  const text = ({ upstream, method, path }: SideRequest) =>
    `${method} ${upstream} ${path.replace(/^\/_mirror-[^/?]*/, '/_mirror-UID')}`;
  const side = (result: Result, other: Result) => {
    const texts = (result.otherUpstreamRequests ?? []).map(text);
    const answered =
      other.upstreamRequest && text({ ...other.upstreamRequest, upstream: other.upstream ?? '' });
    const index = result.upstream === other.upstream ? -1 : texts.indexOf(answered ?? '');
    return (index < 0 ? texts : texts.toSpliced(index, 1)).sort().join(', ');
  };
  const [before, after] = [side(nginx, istio), side(istio, nginx)];
  return before === after ? [] : [{ field: 'side-requests', nginx: before || null, istio: after || null }];
}

function certificateDifferences(nginx: Result, istio: Result): Difference[] {
  const [before, after] = [nginx.serverCert, istio.serverCert];
  if (before === undefined || after === undefined || before === after) return [];
  return [{ field: 'certificate', nginx: before, istio: after }];
}

/** Whether a request got to an upstream through Istio that nginx itself answered with 401, 403 or, in a denied location, 503. */
export function isOpen(probe: Probe, nginx: Result, istio: Result, denied: boolean): boolean {
  const [before, after] = [legible(probe, nginx), legible(probe, istio)];
  const closed = before.status === 401 || before.status === 403 || (before.status === 503 && denied);
  return closed && before.upstream === null && after.upstream !== null;
}
