import type { Location, Match } from '../nginx/model.ts';
import type { ConfigMap } from '../read/cluster.ts';
import { annotationText, type NginxContext } from './nginx-context.ts';
import { rewriteTarget, substituted } from './nginx-rewrite.ts';
import { readSnippets } from './nginx-snippets.ts';
import { headerCell, type RouteRequest } from './route.ts';

const hsts = 'strict-transport-security';

/** Headers that nginx sets or takes away, towards the upstream and towards the client. */
export function headersOf(
  location: Location,
  match: Match,
  request: RouteRequest,
  context: NginxContext,
): string[] {
  const { settings, configMap, patterns } = context;
  const response = new Map<string, string>();
  const sent = new Map<string, string>();
  const put = (into: Map<string, string>, map: ConfigMap | undefined): void => {
    for (const [name, value] of map?.data ?? []) if (value !== '') into.set(name.toLowerCase(), value);
  };
  put(response, configMap(settings.global('add-headers') ?? ''));
  put(sent, configMap(settings.global('proxy-set-headers') ?? ''));
  // The template's own Host comes first, and counts (scenario global-add-headers).
  sent.delete('host');
  put(response, configMap(annotationText(location, 'custom-headers') ?? ''));
  const prefix = annotationText(location, 'x-forwarded-prefix');
  if (prefix !== undefined && rewriteTarget(location, match) !== undefined)
    sent.set('x-forwarded-prefix', substituted(match, prefix, request.path, patterns) ?? prefix);
  for (const name of (settings.global('hide-headers') ?? '').split(','))
    if (name.trim() !== '') response.set(name.trim().toLowerCase(), '(removed)');
  // The template's own: the users of basic auth are none of the application's business.
  if (annotationText(location, 'auth-type') !== undefined) sent.set('authorization', '(removed)');
  const snippets = readSnippets(location, request, context);
  for (const [name, value] of snippets.response) response.set(name, value);
  for (const [name, value] of snippets.request) sent.set(name, value);
  // By lua_ingress.lua, after all others.
  if (request.tls && settings.global('hsts')?.trim() !== 'false') {
    const age = settings.global('hsts-max-age')?.trim() ?? String(settings.usual('hsts-max-age'));
    const below = settings.global('hsts-include-subdomains')?.trim() === 'false' ? '' : '; includeSubDomains';
    const preload = settings.global('hsts-preload')?.trim() === 'true' ? '; preload' : '';
    const own = snippets.added.has(hsts) ? `, ${snippets.response.get(hsts)}` : '';
    response.set(hsts, `max-age=${age}${below}${preload}${own}`);
  }
  return [...headerCell('request', sent), ...headerCell('response', response)];
}
