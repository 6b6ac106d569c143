import type { Location, Match, NginxModel } from '../nginx/model.ts';
import type { Settings } from '../nginx/settings.ts';
import { annotationText, type NginxContext } from './nginx-context.ts';
import { rewriteTarget, substituted } from './nginx-rewrite.ts';
import { canonicalLocation, emptyRoute, type Route, type RouteRequest } from './route.ts';

/** What nginx answers with a redirect before it looks at backends. */
export function redirected(
  location: Location,
  match: Match,
  request: RouteRequest,
  { settings, model, patterns }: NginxContext,
): Route | undefined {
  for (const [name, usual, last] of [
    ['temporal-redirect', 302, 307],
    ['permanent-redirect', 301, 308],
  ] as const) {
    const url = annotationText(location, name);
    if (url === undefined || !schemes[name].test(url)) continue;
    const wanted = location.owner.annotations.get(`${name}-code`)?.value;
    const code = typeof wanted === 'number' && wanted >= 300 && wanted <= last ? wanted : usual;
    return redirect(code, url, request);
  }
  const target = rewriteTarget(location, match);
  if (target !== undefined && /^https?:\/\//i.test(target)) {
    return redirect(302, substituted(match, target, request.path, patterns) ?? target, request);
  }
  if (!request.tls && wantsHttps(location, settings, model)) {
    // `$request_uri`, with its query: a slash before that stays.
    const sent = request.sentPath ?? request.path;
    const keepsSlash =
      request.hasQuery === true || settings.of(location.owner, 'preserve-trailing-slash')?.value === true;
    const path = keepsSlash ? sent : sent.replace(/\/$/, '');
    const port = settings.of(location.owner, 'use-port-in-redirects')?.value === true ? ':443' : '';
    return redirect(redirectCode(settings), `https://${request.host}${port}${path}`, request);
  }
  return undefined;
}

/** What nginx takes for a URL (scenarios temporal-redirect, invalid-annotation-values). */
const schemes = {
  'temporal-redirect': /^https?:\/\/[^/]/i,
  'permanent-redirect': /^[a-z][a-z0-9+.-]*:\/\/[^/]/i,
};

/** lua_ingress.lua redirect_to_https: the location's own path is what spares it. */
function wantsHttps({ owner, server, path }: Location, settings: Settings, model: NginxModel): boolean {
  const spared = (settings.global('no-tls-redirect-locations') ?? '/.well-known/acme-challenge').split(',');
  if (spared.some((prefix) => prefix.trim() !== '' && path.startsWith(prefix.trim()))) return false;
  if (settings.of(owner, 'force-ssl-redirect')?.value === true) return true;
  if (settings.of(owner, 'ssl-redirect')?.value !== true || server.host === '') return false;
  const parent = `*${server.host.slice(server.host.indexOf('.'))}`;
  return (
    server.tls !== undefined ||
    model.servers.some(({ host, tls }) => host === parent && host !== server.host && tls !== undefined)
  );
}

export function redirectCode(settings: Settings): number {
  const code = Number(settings.global('http-redirect-code'));
  return [301, 302, 307, 308].includes(code) ? code : 308;
}

/** The other of `x` and `www.x`, where no Ingress has it, and where it leads (controller/nginx.go buildRedirects). */
export function wwwTargets({ servers }: NginxModel): ReadonlyMap<string, string> {
  const taken = new Set(servers.map(({ host }) => host));
  const targets = new Map<string, string>();
  for (const { host, locations } of servers) {
    const wanted = locations.some(
      ({ owner }) => owner.annotations.get('from-to-www-redirect')?.value === true,
    );
    if (!wanted || host === '' || host.startsWith('*.')) continue;
    const other = host.startsWith('www.') ? host.slice(4) : `www.${host}`;
    if (!taken.has(other)) targets.set(other, host);
  }
  return targets;
}

export function redirect(code: number, location: string, request: RouteRequest): Route {
  return answered(`${code} ${canonicalLocation(location, request)}`);
}

export function answered(answer: string): Route {
  return { ...emptyRoute, answer };
}
