import { type Finding, finding, findingType } from '../findings.ts';
import type { Location, ModelIngress, Server } from '../nginx/model.ts';
import type { Settings } from '../nginx/settings.ts';
import { originOf } from '../read/origin.ts';
import { remembered } from '../remembered.ts';
import { claimAll, idle } from './claims.ts';
import type { Condition, Effect } from './effect.ts';
import type { Context, Feature } from './feature.ts';
import { plainHttp } from './headers/forwarded.ts';
import { redirectCodeOf } from './redirects.ts';

const trailingSlash = findingType<object>({
  code: 'ssl-redirect/trailing-slash',
  severity: 'note',
  fields: ['location'],
  summary: 'nginx takes a trailing slash off when it redirects to HTTPS, Istio keeps it.',
  message: () => 'Redirects to HTTPS keep a trailing slash of the URL, which nginx takes off.',
  remedy: () =>
    'Nothing, as a rule: the slash was in the URL that the client asked for. With EnvoyFilters allowed it is taken off, too.',
  url: 'https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#preserve-trailing-slash-in-redirects',
});

const names = ['ssl-redirect', 'force-ssl-redirect', 'preserve-trailing-slash', 'use-port-in-redirects'];

/** Plain HTTP to HTTPS (ingress-nginx 1.15.1, rootfs/etc/nginx/lua/lua_ingress.lua redirect_to_https). */
export const sslRedirect: Feature = {
  name: 'ssl-redirect',
  findings: [trailingSlash],
  location(location, context) {
    const { owner, server } = location;
    if (!redirectsToHttps(location, context)) return idle(owner, names, 'No redirect to HTTPS acts here.');
    const preserved = context.settings.of(owner, 'preserve-trailing-slash')?.value === true;
    const withPort = context.settings.of(owner, 'use-port-in-redirects')?.value === true;
    const redirectCode = redirectCodeOf(context.settings);
    const authority = soleName(server);
    const redirect = {
      scheme: 'https',
      ...(authority !== undefined && {
        authority: withPort ? `${authority}:${context.options.gateway.httpsPort}` : authority,
      }),
      ...(withPort && authority === undefined && { port: context.options.gateway.httpsPort }),
      redirectCode,
    };
    const when = plainHttp(context.settings);
    const effects: Effect[] = [{ kind: 'answer', phase: 'ssl-redirect', when, answer: { redirect } }];
    const exact = !preserved && context.options.envoyFilters === 'allow';
    if (exact) effects.unshift(...withoutTrailingSlash(location, when, redirect, authority));
    return {
      effects,
      claims: claimAll(owner, names, 'converted'),
      findings: preserved || exact ? [] : [slashTold(owner)],
    };
  },
};

/** Told once for an Ingress: at the annotation that asks for the redirect, else at its TLS entries. */
function slashTold({ annotations, ingress }: ModelIngress): Finding {
  const annotation = annotations.get('force-ssl-redirect') ?? annotations.get('ssl-redirect');
  const origin = annotation?.origin ?? originOf(ingress.source, 'spec', 'tls');
  return finding(trailingSlash, {}, { origin, scope: { kind: 'ingress', ingress: ingress.ref } });
}

/** Paths that stay on plain HTTP, by how they begin. */
const sparedPaths = remembered((settings: Settings): string[] =>
  (settings.global('no-tls-redirect-locations') ?? '/.well-known/acme-challenge')
    .split(',')
    .map((prefix) => prefix.trim())
    .filter((prefix) => prefix !== ''),
);

/** Whether a plain request to this location is sent to HTTPS. */
export function redirectsToHttps(location: Location, { settings, servers }: Context): boolean {
  const { owner, server } = location;
  if (sparedPaths(settings).some((prefix) => location.path.startsWith(prefix))) return false;
  if (settings.of(owner, 'force-ssl-redirect')?.value === true) return true;
  if (settings.of(owner, 'ssl-redirect')?.value !== true || server.host === '') return false;
  return server.tls !== undefined || wildcardParent(server, servers)?.tls !== undefined;
}

/** The certificate of `*.example.com` counts for `a.example.com` too (lua/certificate.lua configured_for_current_request). */
function wildcardParent(server: Server, servers: Context['servers']): Server | undefined {
  const dot = server.host.indexOf('.');
  if (dot < 0 || server.host.startsWith('*.')) return undefined;
  return servers.get(`*${server.host.slice(dot)}`);
}

/** nginx drops the port of the Host header; Envoy keeps it unless it is told a name, which only a host without aliases has. */
function soleName(server: Server): string | undefined {
  return server.host !== '' && !server.host.startsWith('*.') && server.aliases.length === 0
    ? server.host
    : undefined;
}

/**
 * One trailing slash of the URI goes, be it of the path or of the query. Envoy's path rewrite cannot empty a path, so `/`
 * has its Location written out.
 */
function withoutTrailingSlash(
  location: Location,
  plain: Condition,
  redirect: { readonly authority?: string; readonly redirectCode: number },
  authority: string | undefined,
): Effect[] {
  const effects: Effect[] = [];
  if (authority !== undefined && location.matches.some(({ path }) => path === '/')) {
    effects.push({
      kind: 'answer',
      phase: 'ssl-redirect',
      when: { ...plain, headers: { ...plain.headers, ':path': { exact: '/' } } },
      answer: {
        status: redirect.redirectCode,
        headers: { set: { location: `https://${redirect.authority ?? authority}` } },
      },
    });
  }
  effects.push(
    {
      kind: 'answer',
      phase: 'ssl-redirect',
      variant: 'slash',
      when: { ...plain, headers: { ...plain.headers, ':path': { regex: '[^?]*/' } } },
      answer: { redirect },
    },
    {
      kind: 'route-filter',
      purpose: 'trailing-slash',
      on: 'redirect',
      variant: 'slash',
      value: { redirect: { regex_rewrite: { pattern: { regex: '/$' }, substitution: '' } } },
    },
  );
  return effects;
}
