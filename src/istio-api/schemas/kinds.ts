import { authorizationPolicy } from './authorization-policy.ts';
import { certificate } from './certificate.ts';
import { destinationRule } from './destination-rule.ts';
import { envoyFilter } from './envoy-filter.ts';
import { gateway } from './gateway.ts';
import { kustomization } from './kustomization.ts';
import { meshConfig } from './mesh-config.ts';
import { proxyConfig } from './proxy-config.ts';
import { serviceEntry } from './service-entry.ts';
import type { Schema } from './shapes.ts';
import { telemetry } from './telemetry.ts';
import { virtualService } from './virtual-service.ts';
import { wasmPlugin } from './wasm-plugin.ts';

/**
 * Closed schemas of every kind that may be written, by kind. Fields and limits are those of Istio's custom resource definitions and
 * of istiod's validation (pkg/config/validation); where Envoy refuses what these let pass, the schema refuses it, too.
 */
export const schemas: Readonly<Record<string, Schema>> = {
  AuthorizationPolicy: authorizationPolicy,
  Certificate: certificate,
  DestinationRule: destinationRule,
  EnvoyFilter: envoyFilter,
  Gateway: gateway,
  Kustomization: kustomization,
  MeshConfig: meshConfig,
  ProxyConfig: proxyConfig,
  ServiceEntry: serviceEntry,
  Telemetry: telemetry,
  VirtualService: virtualService,
  WasmPlugin: wasmPlugin,
};
