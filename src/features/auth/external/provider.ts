import type { Finding } from '../../../domain/findings.ts';
import type { Location } from '../../../nginx/model.ts';
import { toConstant, toEnvoyFormat } from '../../../nginx/variables.ts';
import type { Effect } from '../../../plan/effect.ts';
import { claimAll, findingAt } from '../../claims.ts';
import type { Context } from '../../feature.ts';
import { redirectsToHttps } from '../../routing/ssl-redirect.ts';
import { type Lists, matching, notMatching } from '../address-lists.ts';
import { type AuthCheck, authCheckOf } from './check.ts';
import { provider, signInLeft, takenHeaders } from './findings.ts';
import type { AuthService } from './service.ts';
import type { SnippetSettings } from './snippet.ts';
import { constantsOf } from './template.ts';

export type ProviderResult =
  | { readonly ok: true; readonly effects: readonly Effect[]; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly reason: string };

const chosen = new WeakMap<Context, string | undefined>();

/**
 * The question that the named provider asks. Istio takes one CUSTOM provider for a gateway, so it is the one that most
 * locations ask; a location that asks another would be let in by the wrong service.
 */
function chosenQuestion(context: Context): string | undefined {
  if (chosen.has(context)) return chosen.get(context);
  const counts = new Map<string, number>();
  for (const { locations } of context.model.servers) {
    for (const location of locations) {
      const check = authCheckOf(location, context);
      if (check === undefined) continue;
      const question = questionOf(check, location);
      counts.set(question, (counts.get(question) ?? 0) + 1);
    }
  }
  const [first] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  chosen.set(context, first?.[0]);
  return first?.[0];
}

/** What a provider would have to be told; locations with the same text can share one. */
function questionOf(check: AuthCheck, location: Location): string {
  const { url, responseHeaders, headers, requestRedirect, snippet } = check;
  const host = url.includes('$') ? location.server.host : '';
  return JSON.stringify([
    url,
    host,
    [...responseHeaders].sort(),
    [...headers],
    requestRedirect,
    snippet?.text,
  ]);
}

/** istiod refuses `*` alone, and with it every request of the policy. */
const clientHeaders = [
  'accept',
  'accept-*',
  'authorization',
  'content-type',
  'cookie',
  'origin',
  'referer',
  'sec-*',
  'user-agent',
  'x-*',
];

/** A CUSTOM policy over the location, and the entry of MeshConfig that it names (istio/FACTS r8). */
export function providerEffects(
  name: string,
  check: AuthCheck,
  service: AuthService,
  snippet: SnippetSettings,
  location: Location,
  context: Context,
  lists: Lists | undefined,
): ProviderResult {
  const { owner } = location;
  if (questionOf(check, location) !== chosenQuestion(context))
    return {
      ok: false,
      reason: 'Istio allows one extension provider for a gateway, and other locations already use it',
    };
  if (service.subset?.startsWith('auth-https'))
    return { ok: false, reason: 'an extension provider does not speak TLS with a Service of the cluster' };
  if (!snippet.clientHeaders)
    return { ok: false, reason: 'its question must not have the headers of the client' };
  const constants = constantsOf(location);
  const prefix = toConstant(service.path.replace(/\?.*$/s, ''), { host: undefined, constants });
  if (prefix === undefined || service.path.includes('?'))
    return { ok: false, reason: 'an extension provider takes neither a query nor a variable in its URL' };
  const additional: [string, string][] = [
    ['x-original-method', '%REQ(:METHOD)%'],
    ['x-original-url', '%REQ(X-FORWARDED-PROTO)%://%REQ(:AUTHORITY)%%REQ(:PATH)%'],
    ['x-sent-from', 'nginx-ingress-controller'],
  ];
  for (const [header, value] of [
    ['X-Auth-Request-Redirect', check.requestRedirect] as const,
    ...check.headers,
    ...snippet.headers,
  ]) {
    const format = toEnvoyFormat(value, {
      host: undefined,
      constants: snippet.constants,
      use: 'request',
      istioVersion: context.options.istioVersion,
    });
    if (!format.ok) return { ok: false, reason: `$${format.variable} in ${header} has no counterpart` };
    additional.push([header.toLowerCase(), format.value]);
  }
  const entry = {
    name,
    envoyExtAuthzHttp: {
      service: service.host,
      port: service.port,
      timeout: '60s',
      statusOnError: '500',
      ...(prefix !== '/' && { pathPrefix: prefix.replace(/\/$/, '') }),
      includeRequestHeadersInCheck: clientHeaders,
      includeAdditionalHeadersInCheck: Object.fromEntries(
        additional.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
      ),
      ...(check.responseHeaders.length > 0 && {
        headersToUpstreamOnAllow: [...new Set(check.responseHeaders.map((h) => h.toLowerCase()))].sort(),
      }),
      headersToDownstreamOnAllow: ['set-cookie'],
      headersToDownstreamOnDeny: ['content-type', 'location', 'set-cookie', 'www-authenticate'],
    },
  };
  const annotation = owner.annotations.get('auth-url');
  const findings: Finding[] = [
    findingAt(provider, { path: location.path, name, url: check.url }, location, 'auth-url'),
  ];
  if (check.responseHeaders.length > 0)
    findings.push(
      findingAt(
        {
          ...takenHeaders,
          fields: check.responseHeaders.map((header) => `request-header:${header.toLowerCase()}` as const),
        },
        { headers: check.responseHeaders },
        location,
        'auth-response-headers',
      ),
    );
  if (check.signIn !== undefined)
    findings.push(
      findingAt(signInLeft, { path: location.path, signIn: check.signIn }, location, 'auth-signin'),
    );
  const effects: Effect[] = [
    {
      kind: 'policy',
      purpose: 'ext-auth',
      action: 'CUSTOM',
      provider: name,
      ...(lists && { from: foreigners(lists, context) }),
      ...(owner.annotations.get('enable-cors')?.value === true && { notMethods: ['OPTIONS'] }),
      exceptPlainHttp: redirectsPlainHttp(location, context),
      annotations: claimAll(owner, ['auth-url'], 'converted').map((claim) => claim.annotation),
      origin: annotation?.origin ?? check.origin ?? location.origin,
    },
    {
      kind: 'mesh',
      fragment: { extensionProviders: [entry] },
      origins: [annotation?.origin ?? check.origin ?? location.origin],
    },
    ...service.effects,
  ];
  return { ok: true, effects, findings };
}

/** Those who are asked although an address would do (satisfy any). */
function foreigners({ allow, deny }: Lists, context: Context) {
  return [notMatching(allow, context), ...(deny.length === 0 ? [] : [matching(deny, context)])];
}

/** Plain HTTP only meets the redirect to HTTPS, which answers everybody. */
function redirectsPlainHttp(location: Location, context: Context): boolean {
  const served =
    location.server.tls?.certificate.kind === 'secret' || context.options.defaultCertificate !== undefined;
  return served && redirectsToHttps(location, context);
}
