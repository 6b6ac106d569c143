import { isSince } from '../../domain/release.ts';
import { memoize } from '../../memoize.ts';
import type { Location } from '../../nginx/model.ts';
import type { Settings } from '../../nginx/settings.ts';
import type { Condition } from '../../plan/answer-effect.ts';
import type { Effect } from '../../plan/effect.ts';
import type { Context } from '../feature.ts';

const client = '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%';
const scheme = '%REQ(X-FORWARDED-PROTO)%';

/** Whether nginx believes the X-Forwarded-* headers of whoever connects. */
export function trustsForwarded(settings: Settings): boolean {
  return settings.global('use-forwarded-headers')?.trim() === 'true';
}

/**
 * What tells a request over plain HTTP. Behind a trusted proxy it is what the proxy says, or a proxy that ends TLS would
 * be redirected for ever; Envoy writes X-Forwarded-Proto itself where it trusts nobody (istio/mesh numTrustedProxies).
 */
export function plainHttp(settings: Settings): Condition {
  return trustsForwarded(settings) ? { headers: { 'x-forwarded-proto': { exact: 'http' } } } : { tls: false };
}

/**
 * What nginx tells the upstream of the client, set so that nothing of the client's own gets through (ingress-nginx 1.15.1,
 * template/nginx.tmpl `proxy_set_header`, lua/lua_ingress.lua rewrite; scenarios forwarded-headers-default,
 * use-forwarded-headers). X-Forwarded-Proto is Envoy's; X-Request-ID and X-Original-Forwarded-For are in connection.ts.
 */
export function forwardedHeaders({ denied }: Location, context: Context): readonly Effect[] {
  return denied === undefined ? forwardedAlike(context) : [];
}

/** The same for all locations, so that their routes have the same objects. */
const forwardedAlike = memoize((context: Context): readonly Effect[] => {
  const { options, settings } = context;
  const effects: Effect[] = [];
  if (settings.global('proxy-add-original-uri-header')?.trim() === 'true') {
    const set = { 'x-original-uri': '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%' };
    effects.push({ kind: 'forward', patch: { request: { set } } });
  }
  if (!options.forwardedHeaders) return effects;
  const allowed = options.envoyFilters === 'allow';
  const common = {
    'x-real-ip': client,
    'x-forwarded-scheme': scheme,
    'x-scheme': scheme,
    ...(isSince(settings.release, '1.13.0') && {
      'x-original-forwarded-host': `%REQ(${forwardedHostHeader(settings)})%`,
    }),
  };
  const remove = allowed ? ['proxy'] : ['proxy', 'x-original-forwarded-for'];
  if (trustsForwarded(settings)) {
    const full = settings.global('compute-full-forwarded-for')?.trim() === 'true';
    const set = {
      ...common,
      ...(!full && { 'x-forwarded-for': client }),
      'x-forwarded-host': `%REQ(${forwardedHostHeader(settings)}?:AUTHORITY)%`,
    };
    effects.push({ kind: 'forward', patch: { request: { set, remove } } });
    return [...effects, ...portUnlessSaid(context)];
  }
  const { httpPort, httpsPort } = options.gateway;
  const set = {
    ...common,
    'x-forwarded-for': client,
    'x-forwarded-host': '%REQ(:AUTHORITY)%',
    'x-forwarded-port': String(httpPort),
  };
  effects.push(
    { kind: 'forward', patch: { request: { set, remove } } },
    {
      kind: 'forward',
      variant: 'secure',
      when: { tls: true },
      patch: { request: { set: { 'x-forwarded-port': String(httpsPort) } } },
    },
  );
  return effects;
});

/** The port of the connection for those whose proxy names none: a filter adds it, or routes of their own set it. */
function portUnlessSaid({ options }: Context): Effect[] {
  const schemes = [
    { variant: 'plain', tls: false, port: options.gateway.httpPort },
    { variant: 'secure', tls: true, port: options.gateway.httpsPort },
  ];
  if (options.envoyFilters !== 'allow')
    return schemes.map(({ variant, tls, port }) => ({
      kind: 'forward',
      variant: `${variant}-port`,
      when: { tls, withoutHeaders: { 'x-forwarded-port': {} } },
      patch: { request: { set: { 'x-forwarded-port': String(port) } } },
    }));
  return schemes.flatMap(({ variant, tls, port }): Effect[] => [
    { kind: 'forward', variant, when: { tls }, patch: {} },
    {
      kind: 'route-filter',
      purpose: 'forwarded-port',
      on: 'forwarded',
      variant,
      value: {
        request_headers_to_add: [
          { header: { key: 'x-forwarded-port', value: String(port) }, append_action: 'ADD_IF_ABSENT' },
        ],
      },
    },
  ]);
}

/** The Host of a request through a trusted proxy is the one that the proxy names; only with EnvoyFilters. */
export function forwardedHost({ owner, denied }: Location, { options, settings }: Context): Effect[] {
  if (denied !== undefined || options.envoyFilters !== 'allow' || !trustsForwarded(settings)) return [];
  if (owner.annotations.get('upstream-vhost') !== undefined) return [];
  const value = { route: { host_rewrite_header: forwardedHostHeader(settings).toLowerCase() } };
  return [{ kind: 'route-filter', purpose: 'forwarded-host', on: 'forwarded', value }];
}

export function forwardedForHeader(settings: Settings): string {
  return settings.global('forwarded-for-header')?.trim() ?? 'X-Forwarded-For';
}

function forwardedHostHeader(settings: Settings): string {
  return settings.global('forwarded-host-header')?.trim() ?? 'X-Forwarded-Host';
}
