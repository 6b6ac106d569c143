import { builtInMappings } from '../../src/decode/mappings.ts';
import type { Location, NginxModel, Server } from '../../src/nginx/model.ts';
import { settingsReader } from '../../src/nginx/settings.ts';
import { placesOf } from '../../src/verify/judge/location.ts';
import type { Result } from '../../src/verify/judge/observation.ts';
import type { Probe } from '../../src/verify/judge/probe.ts';
import { convertScenario } from './converted.ts';
import type { Scenario } from './scenario.ts';

/** Who gives an answer: an upstream, the error backend, or nginx itself, in the order of its phases. */
export const answerers = [
  'backend',
  'error backend',
  'nginx: malformed request',
  'nginx: unknown host',
  'nginx: www redirect',
  'nginx: denied server',
  'nginx: app-root',
  'nginx: body limit',
  'nginx: slash redirect',
  'nginx: denied location',
  'nginx: preflight',
  'nginx: redirect or snippet',
  'nginx: HTTPS redirect',
  'nginx: no backend',
  'nginx: access list',
  'nginx: authentication',
  'nginx: failed backend',
  'nginx: built-in backend',
] as const;
export type Answerer = (typeof answerers)[number];

/** What may come along with an answer: families of response headers, then requests beside the answered one. */
export const families = [
  'HSTS',
  'CORS',
  'custom-headers',
  'add-headers',
  'more_set_headers',
  'add_header',
  'affinity cookie',
  'mirror',
  'auth request',
] as const;
export type Family = (typeof families)[number];

/** How many recorded probes show a family with an answer, and without it, where it is configured. */
export interface Count {
  readonly present: number;
  readonly absent: number;
}

export type Coverage = ReadonlyMap<Answerer, ReadonlyMap<Family, Count>>;

/** What the recordings show of who answers and what comes along; empty cells are unproven. */
export function coverageOfRecordings(scenarios: readonly Scenario[]): Coverage {
  const counts = new Map<Answerer, Map<Family, { present: number; absent: number }>>();
  for (const scenario of scenarios) {
    const { model } = convertScenario(scenario, 'default');
    const placeOf = placesOf(model);
    for (const probe of scenario.probes) {
      const result = scenario.nginx.results[probe.name];
      if (result?.status === undefined || probe.request.method === 'HEAD') continue;
      const { server, location } = placeOf(probe.request.host, probe.request.path);
      const who = answererOf(probe, result, server, location);
      const row = counts.get(who) ?? new Map();
      counts.set(who, row);
      for (const [family, present] of familiesOf(probe, result, location, model, scenario)) {
        const count = row.get(family) ?? { present: 0, absent: 0 };
        count[present ? 'present' : 'absent']++;
        row.set(family, count);
      }
    }
  }
  return counts;
}

function answererOf(
  { request }: Probe,
  result: Result,
  server: Server | undefined,
  location: Location | undefined,
): Answerer {
  const { status = 0, upstream, upstreamRequest } = result;
  if (upstream !== null) return upstreamRequest?.headers['x-code'] ? 'error backend' : 'backend';
  const redirects = status >= 300 && status < 400;
  if (status === 400 || status === 414 || (status === 405 && request.method === 'TRACE'))
    return 'nginx: malformed request';
  if (server === undefined) return redirects ? 'nginx: www redirect' : 'nginx: unknown host';
  if (server.denied !== undefined) return 'nginx: denied server';
  if (status === 413) return 'nginx: body limit';
  if (status === 502 || status === 504) return 'nginx: failed backend';
  if (status === 401) return 'nginx: authentication';
  if (status === 403) return 'nginx: access list';
  if (status === 204 && request.method === 'OPTIONS') return 'nginx: preflight';
  if (location?.denied !== undefined) return 'nginx: denied location';
  if (status === 503) return 'nginx: no backend';
  if (status === 404) return 'nginx: built-in backend';
  const path = request.path.replace(/\?.*$/, '');
  if (status === 301 && location?.slashRedirectFrom === path) return 'nginx: slash redirect';
  if (status === 302 && path === '/' && isAppRoot(server)) return 'nginx: app-root';
  return status === 308 && request.scheme === 'http' && result.location?.startsWith('https:')
    ? 'nginx: HTTPS redirect'
    : 'nginx: redirect or snippet';
}

function isAppRoot({ locations }: Server): boolean {
  return locations.some(({ owner }) => owner.annotations.has('app-root'));
}

/** The families that the place of a probe is configured for, and whether its answer has them. */
function familiesOf(
  { request }: Probe,
  result: Result,
  location: Location | undefined,
  { controller }: NginxModel,
  { objects }: Scenario,
): (readonly [Family, boolean])[] {
  const settings = settingsReader(controller, builtInMappings());
  const annotation = (name: string) => location?.owner.annotations.get(name)?.value;
  const has = (name: string) => result.headers[name.toLowerCase()] !== undefined;
  const found: [Family, boolean][] = [];
  const headers = (family: Family, names: readonly string[]) => {
    if (names.length > 0) found.push([family, names.some(has)]);
  };
  if (request.scheme === 'https' && settings.global('hsts') !== 'false')
    headers('HSTS', ['strict-transport-security']);
  if (annotation('enable-cors') === true) headers('CORS', ['access-control-allow-origin']);
  const keysOf = (reference: unknown) => {
    const [namespace, name] = String(reference ?? '').split('/');
    const map = objects.find(
      ({ kind, metadata }) =>
        kind === 'ConfigMap' && metadata?.name === name && (metadata?.namespace ?? 'default') === namespace,
    );
    return Object.keys((map?.['data'] ?? {}) as object);
  };
  headers('custom-headers', keysOf(annotation('custom-headers')));
  headers('add-headers', keysOf(settings.global('add-headers')));
  const snippet = String(annotation('configuration-snippet') ?? '');
  headers(
    'more_set_headers',
    [...snippet.matchAll(/more_set_headers ["']?([\w-]+):/g)].map(([, name]) => name!),
  );
  headers(
    'add_header',
    [...snippet.matchAll(/add_header ([\w-]+) /g)].map(([, name]) => name!),
  );
  if (location?.upstream?.affinity !== undefined) headers('affinity cookie', ['set-cookie']);
  const side = (family: Family, target: unknown) => {
    if (target === undefined) return;
    const [, name, namespace] = /:\/\/([^./]+)\.([^./]+)\.svc/.exec(String(target)) ?? [];
    const upstream = name === undefined ? 'external' : `${namespace}/${name}:`;
    const others = result.otherUpstreamRequests ?? [];
    found.push([family, others.some((other) => other.upstream.startsWith(upstream))]);
  };
  side('mirror', annotation('mirror-target'));
  side('auth request', annotation('auth-url'));
  return found;
}

/** The table of RESULTS.md: `with`/`without` by answerer and family, and below it what no recording shows. */
export function coverageTable(coverage: Coverage): string[] {
  const cell = (count: Count | undefined) => (count === undefined ? '' : `${count.present}/${count.absent}`);
  const unproven = answerers.map((who) => ({
    who,
    missing: families.filter((family) => coverage.get(who)?.get(family) === undefined),
  }));
  return [
    `| Who answers | ${families.join(' | ')} |`,
    `|---|${families.map(() => '--:').join('|')}|`,
    ...answerers.map(
      (who) => `| ${who} | ${families.map((family) => cell(coverage.get(who)?.get(family))).join(' | ')} |`,
    ),
    '',
    'No recording shows:',
    '',
    ...unproven
      .filter(({ missing }) => missing.length > 0)
      .map(({ who, missing }) => `- ${who}: ${missing.join(', ')}`),
  ];
}
