import { type Finding, finding, findingType } from '../../domain/findings.ts';
import type { Options } from '../../domain/options.ts';
import { inside } from '../../domain/origin.ts';
import { isSince } from '../../domain/release.ts';
import type { Settings } from '../../nginx/settings.ts';
import type { Effect } from '../../plan/effect.ts';
import type { Context } from '../feature.ts';
import { forwardedForHeader, trustsForwarded } from './forwarded.ts';

/**
 * What the gateway does with the headers of every request before it looks at them: as nginx's connection handling, for
 * all hosts of the gateway alike. Only with EnvoyFilters, but for the count of trusted proxies, which is the mesh's.
 */
export function connectionEffects(context: Context): Effect[] {
  const { settings, options } = context;
  const effects = trustedProxies(context);
  if (options.envoyFilters !== 'allow') return effects;
  effects.push({
    kind: 'connection-manager',
    purpose: 'request-id',
    value: { preserve_external_request_id: true },
  });
  effects.push({
    kind: 'connection-manager',
    purpose: 'dotted-hosts',
    value: { strip_trailing_host_dot: true },
  });
  if (dropsUnderscores(settings)) {
    const value = { common_http_protocol_options: { headers_with_underscores_action: 'DROP_HEADER' } };
    effects.push({ kind: 'connection-manager', purpose: 'underscore-headers', value });
  }
  if (options.forwardedHeaders) effects.push(originalForwardedFor(settings));
  return effects;
}

/** `underscores_in_headers off` and `ignore_invalid_headers on` are the defaults (ingress-nginx 1.15.1, config.go). */
export function dropsUnderscores(settings: Settings): boolean {
  return (
    settings.global('enable-underscores-in-headers')?.trim() !== 'true' &&
    settings.global('ignore-invalid-headers')?.trim() !== 'false'
  );
}

/**
 * The client's own X-Forwarded-For, taken before Envoy adds the address of the connection: routes see the header only
 * after that. Envoy leaves a header with an empty value out.
 */
function originalForwardedFor(settings: Settings): Effect {
  const name = 'x-original-forwarded-for';
  const value = `%REQ(${forwardedForHeader(settings).toUpperCase()})%`;
  return {
    kind: 'connection-manager',
    purpose: 'original-forwarded-for',
    value: {
      early_header_mutation_extensions: [
        {
          name: 'ingress2istio.original-forwarded-for',
          typed_config: {
            '@type':
              'type.googleapis.com/envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation',
            mutations: [
              { remove: name },
              { append: { header: { key: name, value }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' } },
            ],
          },
        },
      ],
    },
  };
}

export const trustedProxiesTold = findingType<{ proxies: number }>({
  code: 'headers/trusted-proxies',
  severity: 'warning',
  fields: [
    'status',
    'upstream',
    'location',
    'path',
    'method',
    'host',
    'request-header:x-real-ip',
    'request-header:x-forwarded-for',
    'request-header:x-forwarded-host',
    'request-header:x-forwarded-port',
  ],
  summary:
    "Whose X-Forwarded-For is believed is counted in proxies, which the controller's ConfigMap does not say.",
  message: ({ proxies }) =>
    `With use-forwarded-headers or enable-real-ip nginx takes the leftmost address of X-Forwarded-For for the client, whoever wrote it; Istio counts trusted proxies from the right, and ${proxies} is written under mesh/. Lists of addresses look at the client only if the number is said.`,
  remedy: () =>
    'Count the proxies in front of the gateway and say so with --trusted-proxies; an address that a client makes up is then no longer believed.',
  url: 'https://istio.io/latest/docs/ops/configuration/traffic-management/network-topologies/',
});

/** nginx trusts every address by default and takes the leftmost entry; Envoy counts proxies from the right. */
function trustedProxies({ settings, options, model }: Context): Effect[] {
  const proxyProtocol = usesProxyProtocol(settings);
  const forwarded = countsProxies(settings);
  if (!forwarded && !proxyProtocol) return [];
  const { configOrigin } = model.controller;
  const keys = [
    ...(forwarded ? ['use-forwarded-headers'] : []),
    ...(proxyProtocol ? ['use-proxy-protocol'] : []),
  ];
  const gatewayTopology = {
    ...(forwarded && { numTrustedProxies: proxiesOf(options) }),
    ...(proxyProtocol && { proxyProtocol: {} }),
  };
  const origins = configOrigin === undefined ? [] : keys.map((key) => inside(configOrigin, key));
  return [{ kind: 'mesh', fragment: { defaultConfig: { gatewayTopology } }, origins }];
}

function usesProxyProtocol(settings: Settings): boolean {
  return settings.global('use-proxy-protocol')?.trim() === 'true';
}

/** Before 1.13.0 PROXY protocol alone tells the address where both are on (ingress-nginx 1.12.0, template/nginx.tmpl, real_ip_header). */
function countsProxies(settings: Settings): boolean {
  if (usesProxyProtocol(settings) && !isSince(settings.release, '1.13.0')) return false;
  if (trustsForwarded(settings)) return true;
  return settings.global('enable-real-ip')?.trim() === 'true' && !usesProxyProtocol(settings);
}

function proxiesOf(options: Options): number {
  return Math.max(1, options.mesh.numTrustedProxies);
}

/** Told once: nobody but the user knows how many proxies stand before the gateway. */
export function connectionFindings({ settings, options, model }: Context): Finding[] {
  const { configOrigin } = model.controller;
  if (!countsProxies(settings) || configOrigin === undefined) return [];
  const key = trustsForwarded(settings) ? 'use-forwarded-headers' : 'enable-real-ip';
  return [
    finding(
      trustedProxiesTold,
      { proxies: proxiesOf(options) },
      { origin: inside(configOrigin, key), scope: { kind: 'requests', which: 'client-forwarded-headers' } },
    ),
  ];
}
