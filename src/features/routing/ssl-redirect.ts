import { type Finding, finding, findingType } from '../../domain/findings.ts';
import { originOf } from '../../domain/origin.ts';
import { quoteRegex } from '../../istio-api/patterns.ts';
import type { Redirect, StringMatch } from '../../istio-api/types.ts';
import { memoize } from '../../memoize.ts';
import { hasCertificate } from '../../nginx/certificates.ts';
import type { Location, ModelIngress, Server } from '../../nginx/model.ts';
import type { Settings } from '../../nginx/settings.ts';
import type { Condition } from '../../plan/answer-effect.ts';
import type { Effect } from '../../plan/effect.ts';
import { claimAll, idle } from '../claims.ts';
import type { Context, Feature } from '../feature.ts';
import { plainHttp } from '../headers/forwarded.ts';
import { redirectCodeOf } from './redirects.ts';
import { aliasHosts } from './server-alias.ts';

const trailingSlash = findingType<object>({
  code: 'ssl-redirect/trailing-slash',
  severity: 'note',
  fields: ['location'],
  summary: 'nginx takes a trailing slash off when it redirects to HTTPS, Istio keeps it.',
  message: () => 'Redirects to HTTPS keep a trailing slash of the URL, which nginx takes off.',
  remedy: () =>
    'Usually no action is needed: the slash was in the URL that the client requested. With EnvoyFilters allowed, the gateway removes it, too.',
  url: 'https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#preserve-trailing-slash-in-redirects',
});

const names = ['ssl-redirect', 'force-ssl-redirect', 'preserve-trailing-slash', 'use-port-in-redirects'];

/** Plain HTTP to HTTPS (ingress-nginx 1.15.1, rootfs/etc/nginx/lua/lua_ingress.lua redirect_to_https). */
export const sslRedirect: Feature = {
  name: 'ssl-redirect',
  findings: [trailingSlash],
  location(location, context) {
    const { owner, server } = location;
    const redirected = redirectedNames(location, context);
    if (redirected.length === 0) return idle(owner, names, 'No redirect to HTTPS acts here.');
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
    const plain = plainHttp(context.settings);
    const every = redirected.length === namesOf(server).length;
    const when = every ? plain : { ...plain, authority: anyAuthority(redirected) };
    const effects: Effect[] = [{ kind: 'answer', phase: 'ssl-redirect', when, answer: { redirect } }];
    const exact = !preserved && context.options.envoyFilters === 'allow';
    effects.unshift(
      ...(exact
        ? withoutTrailingSlash(location, when, redirect, authority)
        : preserved
          ? []
          : ownTrailingSlash(location, when, redirect)),
    );
    return {
      effects,
      claims: claimAll(owner, names, 'converted'),
      findings: preserved || exact ? [] : [slashTold(owner)],
    };
  },
};

/** Told once for an Ingress: at the annotation that asks for the redirect, else at its TLS entries. */
const slashTold = memoize(({ annotations, ingress }: ModelIngress): Finding => {
  const annotation = annotations.get('force-ssl-redirect') ?? annotations.get('ssl-redirect');
  const origin = annotation?.origin ?? originOf(ingress.source, 'spec', 'tls');
  return finding(trailingSlash, {}, { origin, scope: { kind: 'ingress', ingress: ingress.ref } });
});

/** Paths that stay on plain HTTP, by how they begin. */
const sparedPaths = memoize((settings: Settings): string[] =>
  (settings.global('no-tls-redirect-locations') ?? '/.well-known/acme-challenge')
    .split(',')
    .map((prefix) => prefix.trim())
    .filter((prefix) => prefix !== ''),
);

/** Whether a plain request for the host's own name to this location is sent to HTTPS. */
export function redirectsToHttps(location: Location, context: Context): boolean {
  return redirectedNames(location, context).includes(location.server.host);
}

/** Whether plain requests to this location are sent to HTTPS under whatever name of the host. */
export function redirectsEveryName(location: Location, context: Context): boolean {
  return redirectedNames(location, context).length === namesOf(location.server).length;
}

/** The names of the host, aliases among them, under which plain requests to a location are sent to HTTPS. */
function redirectedNames(location: Location, { settings, servers, cluster }: Context): readonly string[] {
  const { owner, server } = location;
  if (sparedPaths(settings).some((prefix) => location.path.startsWith(prefix))) return [];
  if (settings.of(owner, 'force-ssl-redirect')?.value === true) return namesOf(server);
  if (settings.of(owner, 'ssl-redirect')?.value !== true || server.host === '') return [];
  return namesOf(server).filter((name) => hasCertificate(server, name, servers, cluster));
}

function namesOf({ host, aliases }: Server): readonly string[] {
  return aliases.length === 0 ? [host] : [host, ...aliases.flatMap(({ name }) => aliasHosts(name) ?? [])];
}

/** The Host header of any of the names, which may have a port. */
function anyAuthority(hosts: readonly string[]): StringMatch {
  const patterns = hosts.map((host) =>
    host.startsWith('*.') ? `[^:]+${quoteRegex(host.slice(1))}` : quoteRegex(host),
  );
  return { regex: `(?i)${patterns.length === 1 ? patterns[0] : `(?:${patterns.join('|')})`}(?::[0-9]+)?` };
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

/** Without EnvoyFilters a redirect can name another path only where that is known: of a location's own path. */
function ownTrailingSlash(location: Location, plain: Condition, redirect: Redirect): Effect[] {
  const paths = new Set(
    location.matches.flatMap(({ kind, path }) => {
      if (kind === 'exact' && !path.endsWith('/')) return [];
      return /^(?:\/[A-Za-z0-9_-]+)+\/?$/.test(path) ? [path.replace(/\/$/, '')] : [];
    }),
  );
  return [...paths].map((path) => ({
    kind: 'answer',
    phase: 'ssl-redirect',
    variant: 'slash',
    when: { ...plain, headers: { ...plain.headers, ':path': { exact: `${path}/` } } },
    answer: { redirect: { ...redirect, uri: path } },
  }));
}
