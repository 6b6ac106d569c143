import { certificate } from './certificate.ts';
import { schemaOfCrd } from './crd.ts';
import { kustomization } from './kustomization.ts';
import { meshConfig } from './mesh-config.ts';
import { authorizationPolicy } from './rules/authorization-policy.ts';
import { destinationRule } from './rules/destination-rule.ts';
import { envoyFilter } from './rules/envoy-filter.ts';
import { gateway } from './rules/gateway.ts';
import { peerAuthentication, proxyConfig, sidecar, telemetry, wasmPlugin } from './rules/others.ts';
import { serviceEntry } from './rules/service-entry.ts';
import { virtualService } from './rules/virtual-service.ts';
import type { Schema } from './shapes.ts';

/**
 * Closed schemas of every kind that may be written, by kind. Fields are those of Istio's custom resource definitions; where istiod's
 * validation (pkg/config/validation) or Envoy refuses what these let pass, a rule refuses it, too.
 */
export function schemas(): Readonly<Record<string, Schema>> {
  return {
    AuthorizationPolicy: schemaOfCrd('AuthorizationPolicy', authorizationPolicy),
    Certificate: certificate,
    DestinationRule: schemaOfCrd('DestinationRule', destinationRule),
    EnvoyFilter: schemaOfCrd('EnvoyFilter', envoyFilter),
    Gateway: schemaOfCrd('Gateway', gateway),
    Kustomization: kustomization,
    MeshConfig: meshConfig,
    PeerAuthentication: schemaOfCrd('PeerAuthentication', peerAuthentication),
    ProxyConfig: schemaOfCrd('ProxyConfig', proxyConfig),
    ServiceEntry: schemaOfCrd('ServiceEntry', serviceEntry),
    Sidecar: schemaOfCrd('Sidecar', sidecar),
    Telemetry: schemaOfCrd('Telemetry', telemetry),
    VirtualService: schemaOfCrd('VirtualService', virtualService),
    WasmPlugin: schemaOfCrd('WasmPlugin', wasmPlugin),
  };
}
