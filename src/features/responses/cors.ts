import { findingType } from '../../domain/findings.ts';
import { isSince } from '../../domain/release.ts';
import { quoteRegex } from '../../istio-api/patterns.ts';
import type { CorsPolicy, StringMatch } from '../../istio-api/types.ts';
import type { Location } from '../../nginx/model.ts';
import type { Effect } from '../../plan/effect.ts';
import { literal } from '../../plan/format.ts';
import { claimAll, findingAt, idle } from '../claims.ts';
import type { Context, Feature } from '../feature.ts';

const names = [
  'enable-cors',
  'cors-allow-origin',
  'cors-allow-headers',
  'cors-allow-methods',
  'cors-allow-credentials',
  'cors-expose-headers',
  'cors-max-age',
];

const starCredentials = findingType<object>({
  code: 'cors/star-without-credentials',
  severity: 'note',
  fields: ['response-header:access-control-allow-credentials'],
  summary: 'Every origin is allowed, so credentials are not.',
  message: () =>
    'ingress-nginx sends Access-Control-Allow-Origin: * together with Access-Control-Allow-Credentials: true, which browsers refuse. With --no-cors-on-every-response the header with the credentials is removed.',
  remedy: () => 'Nothing, unless calls with credentials are wanted: then list the origins.',
  url: 'https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Access-Control-Allow-Credentials',
});

const preflightOnly = findingType<object>({
  code: 'cors/preflight-headers',
  severity: 'note',
  fields: [
    'response-header:access-control-allow-methods',
    'response-header:access-control-allow-headers',
    'response-header:access-control-max-age',
  ],
  summary: 'Allowed methods and headers are sent on preflights only.',
  message: () =>
    'nginx repeats the allowed methods, headers and the max-age on every response; Istio sends them on preflights, which is where browsers read them.',
  remedy: () => 'Usually no action is needed; without --no-cors-on-every-response they are sent everywhere.',
});

/** Cross-origin requests (ingress-nginx 1.15.1, annotations/cors/main.go, template/nginx.tmpl "cors"; scenarios cors-*). */
export const cors: Feature = {
  name: 'cors',
  findings: [starCredentials, preflightOnly],
  location(location, context) {
    const { owner } = location;
    // A denied location answers before `if ($cors …)` is there (template/nginx.tmpl isLocationAllowed).
    const settings = location.denied === undefined ? readCors(location, context) : undefined;
    if (settings === undefined)
      return idle(
        owner,
        names,
        'enable-cors is off, no origin is left to allow, or the location returns 503 without it.',
      );
    const effects =
      settings.origins === '*'
        ? anyOrigin(settings)
        : listedOrigins(settings, settings.origins, context.options.corsOnEveryResponse);
    return {
      effects,
      claims: claimAll(owner, names, 'converted'),
      findings: [
        ...(settings.everyone === '*' &&
        settings.origins === '*' &&
        settings.credentials &&
        !settings.literalStar
          ? [findingAt(starCredentials, {}, location, 'enable-cors')]
          : []),
        ...(settings.origins !== '*' && !context.options.corsOnEveryResponse
          ? [findingAt(preflightOnly, {}, location, 'enable-cors')]
          : []),
      ],
    };
  },
};

interface Cors {
  readonly origins: '*' | readonly string[];
  /** What all are told where `origins` is `*`. */
  readonly everyone: string;
  readonly methods: string;
  readonly headers: string;
  readonly expose: string | undefined;
  readonly maxAge: number;
  readonly credentials: boolean;
  /** Say `*` with credentials in so many words, as nginx does; harmless, since browsers refuse the pair. */
  readonly literalStar: boolean;
}

function readCors({ owner }: Location, { settings, options }: Context): Cors | undefined {
  if (owner.annotations.get('enable-cors')?.value !== true) return undefined;
  const text = (name: string): string | undefined => {
    const annotation = owner.annotations.get(name);
    if (annotation !== undefined) return annotation.raw.trim();
    const value = settings.of(owner, name)?.value;
    return value === undefined ? undefined : Array.isArray(value) ? value.join(', ') : String(value);
  };
  const listed = (text('cors-allow-origin') ?? '*')
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '');
  const every = listed.includes('*') || listed.length === 0;
  const single = isSince(settings.release, '1.0.5') ? undefined : onlyOrigin(text('cors-allow-origin') ?? '');
  const usable = listed.filter((origin) => isOrigin(origin, settings.release));
  if (!every && single === undefined && usable.length === 0) return undefined;
  const age = settings.of(owner, 'cors-max-age')?.value;
  return {
    origins: every || single !== undefined ? '*' : usable,
    everyone: single ?? '*',
    methods: text('cors-allow-methods') ?? 'GET, PUT, POST, DELETE, PATCH, OPTIONS',
    headers:
      text('cors-allow-headers') ??
      'DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization',
    expose: text('cors-expose-headers'),
    maxAge: typeof age === 'number' ? age : 1728000,
    credentials: settings.of(owner, 'cors-allow-credentials')?.value !== false,
    literalStar: options.corsOnEveryResponse,
  };
}

/** What counts as an origin: of any scheme since 1.12.0, `null` since 1.13.0 (annotations/cors/main.go, corsOriginRegex). */
function isOrigin(origin: string, release: string): boolean {
  if (origin === 'null') return isSince(release, '1.13.0');
  const scheme = isSince(release, '1.12.0') ? '[a-z]+' : 'https?';
  return new RegExp(`^${scheme}://(?:\\*\\.)?[A-Za-z0-9.-]*(?::[0-9]+)?$`).test(origin);
}

/** Before 1.0.5 one origin is sent to everyone, and `*` where it is none (ingress-nginx 1.0.4, annotations/cors/main.go). */
function onlyOrigin(text: string): string {
  return /^https?:\/\/[A-Za-z0-9.-]*(?::[0-9]+)?$/.test(text) ? text : '*';
}

function corsHeaders(settings: Cors, origin: string): Record<string, string> {
  const credentials =
    settings.credentials && (settings.origins !== '*' || settings.everyone !== '*' || settings.literalStar);
  return {
    'access-control-allow-origin': origin,
    ...(credentials && { 'access-control-allow-credentials': 'true' }),
    'access-control-allow-methods': literal(settings.methods),
    'access-control-allow-headers': literal(settings.headers),
    ...(settings.expose !== undefined &&
      settings.expose !== '' && { 'access-control-expose-headers': literal(settings.expose) }),
    'access-control-max-age': String(settings.maxAge),
  };
}

/** The header is written out: Istio's own policy would echo the caller's origin instead of saying `*` (istio/FACTS e). */
function anyOrigin(settings: Cors): Effect[] {
  const set = corsHeaders(settings, literal(settings.everyone));
  return [
    {
      kind: 'answer',
      phase: 'preflight',
      when: { method: { exact: 'OPTIONS' } },
      answer: { status: 204, headers: { set } },
    },
    { kind: 'response-headers', response: { set } },
  ];
}

/** Any OPTIONS of an allowed origin is answered with 204, whether it is a preflight or not. */
function listedOrigins(settings: Cors, origins: readonly string[], everywhere: boolean): Effect[] {
  const set = corsHeaders(settings, '%REQ(ORIGIN)%');
  const origin = anyOf(origins);
  const preflight: Effect = {
    kind: 'answer',
    phase: 'preflight',
    when: { method: { exact: 'OPTIONS' }, headers: { origin } },
    answer: { status: 204, headers: { set } },
  };
  if (everywhere)
    return [
      preflight,
      { kind: 'response-headers', variant: 'origin', when: { headers: { origin } }, response: { set } },
    ];
  const list = (text: string): string[] =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  const corsPolicy: CorsPolicy = {
    allowOrigins: origins.map(originMatch),
    allowMethods: list(settings.methods),
    allowHeaders: list(settings.headers),
    ...(settings.expose !== undefined && settings.expose !== '' && { exposeHeaders: list(settings.expose) }),
    maxAge: `${Math.max(settings.maxAge, 1)}s`,
    allowCredentials: settings.credentials,
  };
  return [preflight, { kind: 'forward', patch: { corsPolicy } }];
}

/** nginx compares origins without regard to case; `*.` stands for one label (template/template.go buildOriginRegex). */
function originRegex(origin: string): string {
  return quoteRegex(origin).replace('\\*\\.', '[A-Za-z0-9-]+\\.');
}

function originMatch(origin: string): StringMatch {
  return { regex: `(?i)${originRegex(origin)}` };
}

function anyOf(origins: readonly string[]): StringMatch {
  if (origins.length === 1) return originMatch(origins[0]!);
  return { regex: `(?i)(?:${origins.map(originRegex).join('|')})` };
}
