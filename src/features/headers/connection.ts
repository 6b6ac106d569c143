import type { Settings } from '../../nginx/settings.ts';
import { inside } from '../../read/origin.ts';
import type { Effect } from '../effect.ts';
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

/** nginx trusts every address by default and takes the leftmost entry; Envoy counts proxies from the right. */
function trustedProxies({ settings, options, model }: Context): Effect[] {
  const proxyProtocol = settings.global('use-proxy-protocol')?.trim() === 'true';
  const forwarded =
    trustsForwarded(settings) || (settings.global('enable-real-ip')?.trim() === 'true' && !proxyProtocol);
  if (!forwarded && !proxyProtocol) return [];
  const { configOrigin } = model.controller;
  const keys = [
    ...(forwarded ? ['use-forwarded-headers'] : []),
    ...(proxyProtocol ? ['use-proxy-protocol'] : []),
  ];
  const gatewayTopology = {
    ...(forwarded && { numTrustedProxies: Math.max(1, options.mesh.numTrustedProxies) }),
    ...(proxyProtocol && { proxyProtocol: {} }),
  };
  const origins = configOrigin === undefined ? [] : keys.map((key) => inside(configOrigin, key));
  return [{ kind: 'mesh', fragment: { defaultConfig: { gatewayTopology } }, origins }];
}
