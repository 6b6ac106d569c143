import {
  closed,
  count,
  flag,
  hostName,
  kindSchema,
  list,
  map,
  oneOf,
  port,
  type Schema,
  text,
  texts,
} from './shapes.ts';

const duration: Schema = { type: 'string', pattern: '^[0-9]+(?:\\.[0-9]+)?(?:ms|s|m|h)$' };

/** An HTTP service that answers external auth (MeshConfig.ExtensionProvider.EnvoyExternalAuthorizationHttpProvider). */
const extAuthHttp = closed(
  {
    service: hostName,
    port,
    timeout: duration,
    pathPrefix: text,
    failOpen: flag,
    clearRouteCache: flag,
    statusOnError: text,
    includeRequestHeadersInCheck: texts,
    includeAdditionalHeadersInCheck: map(text),
    includeRequestBodyInCheck: closed({
      maxRequestBytes: count,
      allowPartialMessage: flag,
      packAsBytes: flag,
    }),
    headersToUpstreamOnAllow: texts,
    headersToDownstreamOnAllow: texts,
    headersToDownstreamOnDeny: texts,
  },
  ['service', 'port'],
);

const extensionProvider = closed(
  {
    name: text,
    envoyExtAuthzHttp: extAuthHttp,
    opentelemetry: closed({ service: hostName, port, maxTagLength: count }, ['service', 'port']),
    envoyFileAccessLog: closed({ path: text, logFormat: { type: 'object' } }),
  },
  ['name'],
);

/** Settings of the mesh itself: those of MeshConfig that are written. The object is ours; the output has it as Helm values. */
export const meshConfig = kindSchema(
  'MeshConfig',
  ['ingress2istio/v1'],
  closed({
    pathNormalization: closed({
      normalization: oneOf('BASE', 'NONE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES'),
    }),
    defaultConfig: closed({
      gatewayTopology: closed({ numTrustedProxies: count, proxyProtocol: closed({}) }),
    }),
    extensionProviders: list(extensionProvider),
    defaultHttpRetryPolicy: { type: 'object' },
    enableTracing: flag,
    accessLogFile: text,
  }),
);
