import type { Location } from '../nginx/model.ts';
import type { NginxContext } from './nginx-context.ts';
import { originsOf } from './nginx-cors.ts';
import { samplesOf } from './regex-samples.ts';
import { type Condition, exampleHost, type PathHint, type RouteHints } from './route.ts';

/** What is worth asking of a host, as nginx's model has it. */
export function nginxHints(host: string, { settings, servers }: NginxContext): RouteHints {
  const server = servers(exampleHost(host));
  if (server === undefined) return { paths: [], https: false, http: true, conditions: [] };
  const paths = server.locations.flatMap(({ matches, slashRedirectFrom }): PathHint[] => [
    ...matches,
    ...(slashRedirectFrom === undefined ? [] : [{ kind: 'exact' as const, path: slashRedirectFrom }]),
  ]);
  const conditions: Condition[] = server.locations.flatMap((location) => [
    ...canaryConditions(location),
    ...(settings.of(location.owner, 'enable-cors')?.value === true
      ? corsConditions(String(settings.of(location.owner, 'cors-allow-origin')?.value ?? '*'))
      : []),
  ]);
  return { paths, https: server.tls !== undefined, http: true, conditions };
}

function canaryConditions({ canary }: Location): Condition[] {
  if (canary === undefined) return [];
  const { byHeader, byHeaderValue, byHeaderPattern, byCookie } = canary;
  const header = byHeader?.toLowerCase();
  const values = [
    ...(byHeaderValue === undefined ? [] : [byHeaderValue]),
    ...(byHeaderPattern === undefined ? [] : samplesOf(byHeaderPattern).slice(0, 1)),
    'always',
    'never',
    'other',
  ];
  return [
    ...(header === undefined ? [] : values.map((value) => ({ headers: { [header]: value } }))),
    ...(byCookie === undefined
      ? []
      : ['always', 'never'].map((value) => ({ headers: { cookie: `a=b; ${byCookie}=${value}` } }))),
    ...(header === undefined || byCookie === undefined
      ? []
      : [{ headers: { [header]: 'never', cookie: `${byCookie}=always` } }]),
  ];
}

function corsConditions(origins: string): Condition[] {
  const callers = originsOf(origins).map((origin) =>
    origin === '*' ? 'https://any.invalid' : origin.replace('*.', 'any.'),
  );
  return [...new Set([...callers, 'https://other.invalid'])].flatMap((origin) => [
    { headers: { origin } },
    { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET' } },
  ]);
}
