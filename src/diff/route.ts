/** One request that stands for many: what both systems are asked. */
export interface RouteRequest {
  /** Lower case, without a port. */
  readonly host: string;
  readonly tls: boolean;
  readonly method: string;
  /** In normal form: decoded, dots resolved, slashes merged. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The path as the client wrote it, without the query; undefined where that is `path`. */
  readonly sentPath?: string;
  /** Whether a query follows the path. */
  readonly hasQuery?: boolean;
}

/** The columns of the route table. Each cell is a text in one canonical form for both systems; '' says nothing. */
export const columns = [
  'answer',
  'backend',
  'rewrite',
  'timeout',
  'headers',
  'cors',
  'policy',
  'further',
] as const;
export type Column = (typeof columns)[number];

/** What becomes of a request. */
export type Route = Readonly<Record<Column, string>>;

/** A system as the view sees it. */
export interface RouteReader {
  /** Names of hosts, `*.` before a wildcard, `*` for all others. */
  readonly hosts: readonly string[];
  route(request: RouteRequest): Route;
  /** Requests that a host may treat in ways of their own. */
  hints(host: string): RouteHints;
}

export interface RouteHints {
  readonly paths: readonly PathHint[];
  /** Whether anybody asked for HTTPS. */
  readonly https: boolean;
  readonly http: boolean;
  /** Methods and headers that change what becomes of a request. */
  readonly conditions: readonly Condition[];
}

/** A way in which paths are matched. */
export interface PathHint {
  readonly kind: 'exact' | 'prefix' | 'regex';
  readonly path: string;
}

export interface Condition {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
}

export const emptyRoute: Route = {
  answer: '',
  backend: '',
  rewrite: '',
  timeout: '',
  headers: '',
  cors: '',
  policy: '',
  further: '',
};

/** The name by which a host is asked for: a wildcard by one of the names that it covers. */
export function exampleHost(host: string): string {
  if (host === '*') return 'any-other.invalid';
  return host.startsWith('*.') ? `any${host.slice(1)}` : host;
}

/** A Location without what the request itself says: scheme, host and usual port. */
export function canonicalLocation(location: string, { tls, host }: RouteRequest): string {
  const [, scheme = '', authority = '', rest = ''] = /^(https?):\/\/([^/?#]*)(.*)$/i.exec(location) ?? [];
  if (scheme === '') return location;
  if (rest === '') return canonicalLocation(`${location}/`, { tls, host } as RouteRequest);
  const usual = scheme.toLowerCase() === 'https' ? ':443' : ':80';
  const name = authority.toLowerCase().endsWith(usual)
    ? authority.toLowerCase().slice(0, -usual.length)
    : authority.toLowerCase();
  const same = scheme.toLowerCase() === (tls ? 'https' : 'http') && name === host;
  return same ? rest : `${scheme.toLowerCase()}://${name}${rest}`;
}

/** Shares of backends, each as a part of 100, sorted. */
export function shares(backends: readonly { readonly name: string; readonly weight: number }[]): string {
  const sum = new Map<string, number>();
  for (const { name, weight } of backends) sum.set(name, (sum.get(name) ?? 0) + weight);
  const total = [...sum.values()].reduce((all, weight) => all + weight, 0);
  const some = [...sum]
    .filter(([, weight]) => weight > 0 || sum.size === 1)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (some.length === 1) return some[0]![0];
  return some.map(([name, weight]) => `${name} ${round((weight / total) * 100)} %`).join(', ');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Headers as `name: value`, sorted, without those that are told of apart. */
export function headerCell(side: string, headers: ReadonlyMap<string, string>): string[] {
  return [...headers]
    .filter(([name]) => !platformHeaders.has(name) && !name.startsWith('access-control-'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${side} ${name}: ${value}`);
}

/**
 * What nginx tells every upstream of the client. It is a gap of the platform (platform/forwarded-headers), not of a route,
 * and told once.
 */
const platformHeaders: ReadonlySet<string> = new Set([
  'x-real-ip',
  'x-request-id',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-scheme',
  'x-scheme',
  'x-original-forwarded-for',
  'x-original-forwarded-host',
  'x-original-uri',
  'proxy',
  // Beside a client certificate, which the policy column tells of.
  'x-forwarded-client-cert',
  'ssl-client-cert',
  'ssl-client-issuer-dn',
  'ssl-client-subject-dn',
  'ssl-client-verify',
  // Of error pages.
  'x-code',
  'x-format',
  'x-ingress-name',
  'x-namespace',
  'x-service-name',
  'x-service-port',
]);

/** A list of names without regard to order and case. */
export function nameList(text: string): string {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  return [...new Set(names.filter((name) => name !== ''))].sort().join(' ');
}

export interface CorsAnswer {
  readonly origin: string;
  readonly credentials: boolean;
  readonly expose: string;
  /** Told on preflights: elsewhere no browser reads them. */
  readonly preflight:
    | { readonly methods: string; readonly headers: string; readonly maxAge: string }
    | undefined;
}

export function corsCell({ origin, credentials, expose, preflight }: CorsAnswer): string {
  return [
    `origin ${origin}`,
    ...(credentials ? ['credentials'] : []),
    ...(expose === '' ? [] : [`expose ${nameList(expose)}`]),
    ...(preflight === undefined
      ? []
      : [
          `methods ${nameList(preflight.methods)}`,
          `headers ${nameList(preflight.headers)}`,
          `max-age ${preflight.maxAge}`,
        ]),
  ].join(', ');
}
