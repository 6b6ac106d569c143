import type { ObservableField } from '../../domain/findings.ts';
import type { OutcomeStatus } from '../../domain/outcome.ts';

/** A directive that is known and not carried over: why, and what to do instead. */
export interface Treatment {
  readonly status: Extract<
    OutcomeStatus,
    'not-needed' | 'no-effect-today' | 'manual' | 'impossible' | 'closed'
  >;
  readonly reason: string;
  readonly remedy?: string;
  readonly fields?: readonly ObservableField[];
  /** With this first argument the directive asks for what the gateway does anyway. */
  readonly harmless?: readonly string[];
}

export const notNeeded = (reason: string): Treatment => ({ status: 'not-needed', reason });
export const noEffect = (reason: string): Treatment => ({ status: 'no-effect-today', reason });
export const manual = (
  reason: string,
  remedy: string,
  fields: readonly ObservableField[] = [],
  harmless: readonly string[] = [],
): Treatment => ({
  status: 'manual',
  reason,
  remedy,
  fields,
  harmless,
});
export const protection = (reason: string, harmless: readonly string[] = []): Treatment => ({
  status: 'closed',
  reason,
  harmless,
});

export const buffers = notNeeded('Envoy streams bodies and has buffers of its own.');
export const connections = notNeeded(
  'Envoy has connection settings of its own; nothing a client sees depends on it.',
);
export const logs = notNeeded(
  'Access logs of the gateway are a setting of the mesh (Telemetry API), off unless it turns them on.',
);
export const tuning = notNeeded('It tunes nginx itself.');
export const files = noEffect('The location is proxied, so nginx looks for no file there.');
export const lua = manual(
  'Lua cannot be translated.',
  'Write the logic into the application, a Wasm plugin, or an EnvoyFilter with Envoy’s Lua filter.',
  ['status'],
);
export const luaAccess = protection('access rules in Lua cannot be translated.');
export const cookies = manual(
  'a VirtualService cannot change cookies that the backend sets.',
  'Have the application set them right, or write an EnvoyFilter (Lua).',
  ['response-header:set-cookie'],
);
export const rates = manual(
  'rate limits are no part of the stable API.',
  'Use the annotations limit-rps and limit-connections, or write an EnvoyFilter with local_ratelimit.',
  ['status'],
);
export const firewall = manual(
  'Istio has no web application firewall of its own.',
  'Run Coraza as a WasmPlugin, or keep a firewall before the gateway.',
  ['status'],
);
export const bodies = manual(
  'Istio cannot change bodies.',
  'Have the application do it, or write an EnvoyFilter (Lua).',
);
export const compression = manual(
  'compression is no part of the stable API.',
  'Write an EnvoyFilter with Envoy’s compressor, or compress in the application.',
  ['response-header:content-encoding', 'response-header:vary'],
  ['off'],
);
export const caching = manual(
  'Istio has no cache of responses.',
  'Put a CDN before the gateway, or a cache before the application.',
  [],
  ['off'],
);
export const errorPages = manual(
  'Istio cannot put a page of another location in place of an error.',
  'Use custom-http-errors with its conversion, or have the application send its error pages.',
  ['status', 'response-header:content-type'],
  ['off'],
);
export const toUpstreamTls = manual(
  'TLS to the backend is defined in a DestinationRule.',
  'Use the annotations proxy-ssl-secret and its companions, which are converted.',
  [],
  ['off'],
);
export const serverTls = manual(
  'TLS of a host is defined in its Gateway.',
  'Set tls.minProtocolVersion and tls.cipherSuites on the server of the Gateway.',
  ['connection'],
);
export const clientAddress = manual(
  'whose word on the client’s address counts is a setting of the mesh.',
  'Set meshConfig.defaultConfig.gatewayTopology.numTrustedProxies.',
  ['request-header:x-forwarded-for', 'status'],
);
export const tracing = manual(
  'tracing is a setting of the mesh.',
  'Write a Telemetry resource for the gateway.',
);
export const otherUpstream = manual(
  'it replaces the backend of the Ingress.',
  'Write a route to that Service manually.',
  ['upstream', 'status', 'path'],
);
