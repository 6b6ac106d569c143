import type { Conversion } from '../../conversion/conversion.ts';
import { nginxReader } from '../../diff/nginx-routes.ts';
import { samplesOf } from '../../diff/regex-samples.ts';
import { type Condition, exampleHost } from '../../diff/route.ts';
import type { Location, Server } from '../../nginx/model.ts';
import type { Probe, ProbeRequest } from '../judge/probe.ts';

/** Requests for every location and what is just outside of it, in a stable order: first the paths themselves, then what is rarer. */
export function probesOfModel(conversion: Conversion): Probe[] {
  const nginx = nginxReader(conversion.model, conversion.cluster);
  const usual: ProbeRequest[] = [];
  const edges: ProbeRequest[] = [];
  const rare: ProbeRequest[] = [];
  for (const server of conversion.model.servers) {
    const host = exampleHost(server.host || '*');
    const { conditions } = nginx.hints(host);
    for (const location of server.locations) {
      for (const path of pathsOf(location)) {
        const ask = (more: Partial<ProbeRequest> = {}): ProbeRequest[] =>
          schemesOf(server).map((scheme) => ({ scheme, host, path, ...more }));
        usual.push(...ask());
        edges.push(...outside(path).flatMap((other) => ask({ path: other })));
        rare.push(...ask({ method: 'HEAD' }), ...conditionsFor(conditions, ask));
        rare.push(...ask({ protocol: 'websocket' }), ...overHttp2(location, { host, path }));
        if (isProtected(location)) rare.push(...oddSpellings(path).flatMap((other) => ask({ path: other })));
      }
    }
  }
  return named([...usual, ...edges, ...rare]);
}

/** Gives each request a name of its own; the same request is asked once. */
export function named(requests: readonly ProbeRequest[]): Probe[] {
  const found = new Map<string, Probe>();
  for (const request of requests) {
    const name = probeName(request);
    if (!found.has(name)) found.set(name, { name, request });
  }
  return [...found.values()];
}

function probeName({ method = 'GET', scheme, host, path, headers = {}, protocol }: ProbeRequest): string {
  const own = Object.entries(headers).map(([header, value]) => `${header}: ${value}`);
  const how = protocol === undefined || protocol === 'http1' ? [] : [protocol];
  const more = [...how, ...own];
  return `${method} ${scheme}://${host}${path}${more.length === 0 ? '' : ` (${more.join(', ')})`}`;
}

/** A host without a certificate is asked over HTTPS, too: nginx answers there with its own. */
function schemesOf({ host }: Server): readonly ('http' | 'https')[] {
  return host === '' ? ['http'] : ['http', 'https'];
}

function pathsOf({ matches, path }: Location): string[] {
  const regex = matches.some(({ kind }) => kind === 'regex');
  const texts = regex ? samplesOf(path).slice(0, 3) : [path];
  return [...new Set(texts.map(encoded))];
}

/** A path as it may stand in a request. */
function encoded(path: string): string {
  const text = path.startsWith('/') ? path : `/${path}`;
  return text.replace(/[^\w.~!$&'()*+,;=:@/%-]/gu, (character) => {
    try {
      return encodeURIComponent(character);
    } catch {
      return '';
    }
  });
}

/** With and without a slash at its end, one segment more, a longer name, the other case. */
function outside(path: string): string[] {
  const bare = path.replace(/\/$/, '');
  const other = path === path.toUpperCase() ? path.toLowerCase() : path.toUpperCase();
  return [path.endsWith('/') ? bare : `${path}/`, `${bare}/any`, `${bare}any`, other].filter(
    (one) => one !== path && one.startsWith('/'),
  );
}

function conditionsFor(
  conditions: readonly Condition[],
  ask: (more: Partial<ProbeRequest>) => ProbeRequest[],
): ProbeRequest[] {
  return conditions
    .slice(0, 12)
    .flatMap(({ method, headers }) => ask({ ...(method === undefined ? {} : { method }), headers }));
}

/** HTTP/2 where clients speak it, which is over HTTPS; of a gRPC route the health check that gRPC services share. */
function overHttp2(
  { owner: { annotations }, matches }: Location,
  { host, path }: Pick<ProbeRequest, 'host' | 'path'>,
): ProbeRequest[] {
  const scheme = 'https';
  const protocol = annotations.get('backend-protocol')?.value;
  if (protocol !== 'GRPC' && protocol !== 'GRPCS') return [{ scheme, host, path, protocol: 'http2' }];
  const isMet = matches.some(({ kind, path: own }) => kind === 'prefix' && healthCheck.startsWith(own));
  return [{ scheme, host, path: isMet ? healthCheck : path, method: 'POST', protocol: 'grpc' }];
}

/** https://github.com/grpc/grpc/blob/master/doc/health-checking.md */
const healthCheck = '/grpc.health.v1.Health/Check';

function isProtected({ owner: { annotations } }: Location): boolean {
  return ['auth-url', 'auth-type', 'allowlist-source-range', 'denylist-source-range'].some((name) =>
    annotations.has(name),
  );
}

/** Spellings that nginx resolves before it chooses a location. */
function oddSpellings(path: string): string[] {
  const first = path.charCodeAt(1);
  const spelled = Number.isNaN(first) ? [] : [`/%${first.toString(16)}${path.slice(2)}`];
  return [`/${path}`, `/any/..${path}`, ...spelled];
}
