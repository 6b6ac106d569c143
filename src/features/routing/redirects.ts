import { finding, findingType } from '../../domain/findings.ts';
import { isSince } from '../../domain/release.ts';
import { quoteRegex } from '../../istio-api/patterns.ts';
import type { ModelIngress, Server } from '../../nginx/model.ts';
import type { Settings } from '../../nginx/settings.ts';
import { toEnvoyFormat } from '../../nginx/variables.ts';
import type { Effect } from '../../plan/effect.ts';
import { literal } from '../../plan/format.ts';
import { type Claim, type FeatureResult, nothing } from '../../plan/result.ts';
import { claimAll, findingOf, hasAny, idle } from '../claims.ts';
import type { Context, Feature } from '../feature.ts';
import { variablesIn } from '../headers/variables.ts';
import { anotherName, isSecure } from './another-name.ts';

const wwwNotCovered = findingType<{ host: string; other: string }>({
  code: 'redirect/www-without-certificate',
  severity: 'note',
  fields: ['status', 'location', 'connection'],
  summary: 'The www redirect only works over plain HTTP.',
  message: ({ host, other }) =>
    `The certificate of ${host} does not cover ${other}, so the redirect from ${other} only works over plain HTTP, as it does for browsers today.`,
  remedy: () => 'Add the name to the certificate.',
});

const unknownVariable = findingType<{ name: string; variable: string }>({
  code: 'redirect/variable',
  severity: 'error',
  fields: ['status', 'location', 'response-header:content-type'],
  summary: 'A redirect leads to a place that Envoy cannot name.',
  message: ({ name, variable }) =>
    `The value of ${name} contains $${variable}, for which Envoy has no counterpart. The route returns 503 until you choose an option.`,
  remedy: () => 'Write the redirect without the variable, or answer it in the application.',
});

const names = [
  'permanent-redirect',
  'permanent-redirect-code',
  'temporal-redirect',
  'temporal-redirect-code',
];

/** permanent-redirect, temporal-redirect, app-root and from-to-www-redirect (ingress-nginx 1.15.1, annotations/redirect, annotations/rewrite). */
export const redirects: Feature = {
  name: 'redirect',
  findings: [wwwNotCovered, unknownVariable],
  server(server, context) {
    const results = [appRoot(server), fromToWww(server, context)];
    return {
      effects: results.flatMap(({ effects }) => effects),
      claims: results.flatMap(({ claims }) => claims),
      findings: results.flatMap(({ findings }) => findings),
    };
  },
  location(place, context) {
    const { owner } = place;
    const { settings } = context;
    if (!hasAny(owner, names)) return nothing;
    const target = redirectOf(owner);
    if (target === undefined)
      return idle(
        owner,
        names,
        'ingress-nginx accepts only http and https URLs for temporal-redirect, and an invalid one disables the other, too.',
      );
    const { url, status } = target;
    const relative = settings.of(owner, 'relative-redirects')?.value === true;
    const used = [target.name, target.code];
    // Only where values are not validated does a `$` get here, and nginx takes it for a variable.
    const format = toEnvoyFormat(url, variablesIn(place, context, 'response'));
    if (!format.ok) {
      const args = { name: target.name, variable: format.variable };
      return {
        effects: [{ kind: 'answer', phase: 'closed', answer: { status: 503 } }],
        claims: claimAll(owner, names, 'manual'),
        findings: [findingOf(unknownVariable, args, owner, target.name)],
      };
    }
    return {
      effects: [
        {
          kind: 'answer',
          phase: 'redirect',
          answer: { status, headers: { set: { location: absolute(url, format.value, relative) } } },
        },
      ],
      claims: [
        ...claimAll(owner, used, 'converted'),
        ...claimAll(
          owner,
          names.filter((name) => !used.includes(name)),
          'no-effect-today',
          { reason: 'temporal-redirect comes first.' },
        ),
      ],
      findings: [],
    };
  },
};

/**
 * Where all requests of an Ingress are sent, if anywhere: temporal-redirect counts first, and its URL alone is looked at
 * (ingress-nginx 1.15.1, annotations/redirect/redirect.go; scenario invalid-annotation-values).
 */
export function redirectOf({
  annotations,
}: ModelIngress): { name: string; code: string; url: string; status: number } | undefined {
  const temporal = annotations.get('temporal-redirect')?.value;
  const permanent = annotations.get('permanent-redirect')?.value;
  const kind =
    temporal !== undefined
      ? {
          name: 'temporal-redirect',
          code: 'temporal-redirect-code',
          url: String(temporal),
          usual: 302,
          last: 307,
        }
      : {
          name: 'permanent-redirect',
          code: 'permanent-redirect-code',
          url: String(permanent ?? ''),
          usual: 301,
          last: 308,
        };
  if (kind.url === '' || (temporal !== undefined && !/^https?:\/\/[^/]/i.test(kind.url))) return undefined;
  const wanted = annotations.get(kind.code)?.value;
  const status = typeof wanted === 'number' && wanted >= 300 && wanted <= kind.last ? wanted : kind.usual;
  return { name: kind.name, code: kind.code, url: kind.url, status };
}

/** nginx writes scheme and host before a path, unless relative-redirects is on. */
function absolute(url: string, format: string, relative: boolean): string {
  return relative || !url.startsWith('/') ? format : `%REQ(X-FORWARDED-PROTO)%://%REQ(:AUTHORITY)%${format}`;
}

/** Rendered before any location, so before all protection (template/nginx.tmpl; scenario app-root). */
function appRoot(server: Server): FeatureResult {
  const claims: Claim[] = [];
  const effects: Effect[] = [];
  for (const location of server.locations) {
    const annotation = location.owner.annotations.get('app-root');
    if (annotation === undefined || claims.some((claim) => claim.annotation === annotation)) continue;
    const path = String(annotation.value);
    if (effects.length > 0 || !path.startsWith('/')) {
      claims.push({
        annotation,
        status: 'no-effect-today',
        reason: 'Another location of the host sets it, or its path does not begin with a slash.',
      });
      continue;
    }
    effects.push({
      kind: 'answer',
      phase: 'app-root',
      when: { matches: [{ kind: 'exact', path: '/' }] },
      answer: {
        status: 302,
        headers: { set: { location: `%REQ(X-FORWARDED-PROTO)%://%REQ(:AUTHORITY)%${literal(path)}` } },
      },
    });
    claims.push({ annotation, status: 'converted' });
  }
  return { effects, claims, findings: [] };
}

/** A server for the other of `x` and `www.x`, unless an Ingress has it (controller/nginx.go buildRedirects; scenario from-to-www-redirect). */
function fromToWww(server: Server, context: Context): FeatureResult {
  const { servers, settings } = context;
  const annotations = [
    ...new Set(server.locations.flatMap(({ owner }) => owner.annotations.get('from-to-www-redirect') ?? [])),
  ];
  const wanted = annotations.filter(({ value }) => value === true);
  const { host } = server;
  const claims = annotations
    .filter(({ value }) => value !== true)
    .map((annotation): Claim => ({ annotation, status: 'no-effect-today', reason: 'It is off.' }));
  if (wanted.length === 0) return { effects: [], claims, findings: [] };
  const other = host.startsWith('www.') ? host.slice(4) : `www.${host}`;
  if (host === '' || host.startsWith('*.') || servers.has(other)) {
    const reason = 'The other name belongs to an Ingress, or the host has no name to redirect to.';
    return {
      effects: [],
      claims: [
        ...claims,
        ...wanted.map((annotation): Claim => ({ annotation, status: 'no-effect-today', reason })),
      ],
      findings: [],
    };
  }
  const named = anotherName(other, server, context);
  const covered = isSecure(named);
  const redirectCode = redirectCodeOf(settings);
  const authority = { regex: `(?i)${quoteRegex(other)}(?::[0-9]+)?` };
  const redirect = (tls: boolean): Effect => ({
    kind: 'answer',
    phase: 'www',
    place: 'http',
    when: { authority, tls },
    answer: { redirect: { authority: `${host}${portOf(tls, context)}`, redirectCode } },
  });
  const effects: Effect[] = [
    ...named.map((effect): Effect => (effect.kind === 'host' ? { ...effect, redirects: true } : effect)),
    redirect(false),
    redirect(true),
  ];
  const reported =
    covered || server.tls === undefined
      ? []
      : [
          finding(
            wwwNotCovered,
            { host, other },
            { origin: wanted[0]!.origin, scope: { kind: 'host', host } },
          ),
        ];
  return {
    effects,
    claims: [...claims, ...wanted.map((annotation): Claim => ({ annotation, status: 'converted' }))],
    findings: reported,
  };
}

/** Before 1.12.0 only a port for HTTPS other than 443 is named, whatever the scheme (ingress-nginx 1.11.5, template/nginx.tmpl; 1.15.1, lua/nginx/ngx_srv_redirect.lua). */
function portOf(tls: boolean, { settings, options, model }: Context): string {
  const { httpPort, httpsPort } = options.gateway;
  if (isSince(settings.release, '1.12.0')) return `:${tls ? httpsPort : httpPort}`;
  return model.controller.flags.httpsPort === 443 ? '' : `:${httpsPort}`;
}

/** `http-redirect-code`, of which nginx takes these four; else 308 (template/configmap.go). */
export function redirectCodeOf(settings: Settings): number {
  const code = Number(settings.global('http-redirect-code'));
  return [301, 302, 307, 308].includes(code) ? code : 308;
}
