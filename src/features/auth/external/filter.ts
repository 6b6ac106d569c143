import type { Effect, HttpFilterEffect } from '../../../plan/effect.ts';
import type { AuthCheck } from './check.ts';
import { filterSource } from './filter-source.ts';
import type { AuthService } from './service.ts';
import type { SnippetSettings } from './snippet.ts';
import { toTemplate } from './template.ts';

/** Release of Istio whose Envoy (1.35) hands a route's settings to a Lua filter: `filter_context`. */
export const filterSince = '1.27';

const name = 'ingress2istio.external-auth';
const lua = 'type.googleapis.com/envoy.extensions.filters.http.lua.v3';

const luaFilter: { readonly name: string } & Record<string, unknown> = {
  name,
  typed_config: {
    '@type': `${lua}.Lua`,
    default_source_code: { inline_string: filterSource },
    clear_route_cache: false,
  },
};

/**
 * The filter acts only on routes that bring settings for it, and stands behind limits and passwords, as in nginx. It is not
 * `disabled`: Envoy leaves such a filter out by the route that it finds first, and a filter before this one may give the
 * request another path and with it another route (features/paths.ts).
 */
const filter: HttpFilterEffect = {
  kind: 'http-filter',
  purpose: 'external-auth',
  before: 'router',
  priority: 50,
  filter: luaFilter,
};

export type FilterResult =
  | { readonly ok: true; readonly effects: readonly Effect[] }
  | { readonly ok: false; readonly reason: string };

/** nginx's own question, asked by a Lua filter on the location's routes. */
export function filterEffects(
  check: AuthCheck,
  service: AuthService,
  snippet: SnippetSettings,
  free: readonly Effect[],
  outside: readonly string[],
): FilterResult {
  const refused: string[] = [];
  const words = (text: string, what: string): string => {
    const result = toTemplate(text, snippet.constants);
    if (!result.ok) refused.push(`$${result.variable} in ${what} has no counterpart`);
    return result.ok ? result.words : '';
  };
  const headers = questionHeaders(check, snippet).map(
    ([header, value]) => [header.toLowerCase(), words(value, header)] as const,
  );
  const settings = {
    cluster: `outbound|${service.port}|${service.subset ?? ''}|${service.host}`,
    method: snippet.method ?? check.method ?? 'GET',
    host: words(service.hostHeader, 'auth-url'),
    path: words(service.path, 'auth-url'),
    headers: Object.fromEntries(headers.sort(([a], [b]) => (a < b ? -1 : 1))),
    take: check.responseHeaders.map((header) => header.toLowerCase()),
    ...(check.signIn !== undefined && { sign_in: words(absolute(check.signIn), 'auth-signin') }),
    ...(check.signIn !== undefined && outside.length > 0 && { outside }),
    ...(check.alwaysSetCookie && { always_set_cookie: true }),
    ...(!snippet.clientHeaders && { client_headers: false }),
    ...(free.length > 0 && { satisfy_any: true }),
  };
  if (refused.length > 0) return { ok: false, reason: refused[0]! };
  const value = {
    typed_per_filter_config: { [name]: { '@type': `${lua}.LuaPerRoute`, filter_context: settings } },
  };
  return {
    ok: true,
    effects: [
      ...free,
      filter,
      { kind: 'route-filter', purpose: 'external-auth', on: 'checked', value },
      { kind: 'guard', key: JSON.stringify(settings) },
      ...service.effects,
    ],
  };
}

/** Later ones win. An empty value takes the client's own header away. */
function questionHeaders(check: AuthCheck, snippet: SnippetSettings): (readonly [string, string])[] {
  return [
    ...(check.method === undefined
      ? []
      : ([
          ['X-Original-URI', '$request_uri'],
          ['X-Scheme', '$pass_access_scheme'],
        ] as [string, string][])),
    ['X-Original-URL', '$scheme://$http_host$request_uri'],
    ['X-Original-Method', '$request_method'],
    ['X-Sent-From', 'nginx-ingress-controller'],
    ['X-Real-IP', '$remote_addr'],
    ['X-Forwarded-For', '$remote_addr'],
    ['X-Auth-Request-Redirect', check.requestRedirect],
    ...check.headers,
    ...snippet.headers,
  ];
}

/** nginx makes a Location of a path by itself (absolute_redirect). */
function absolute(url: string): string {
  return url.startsWith('/') ? `$scheme://$host${url}` : url;
}
