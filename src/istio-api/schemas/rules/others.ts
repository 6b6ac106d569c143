import type { KindRules } from '../crd.ts';
import { anyText, exactlyOne, matching, port, type Schema } from '../shapes.ts';

const notBoth: Schema = {
  not: { required: ['selector', 'targetRefs'] },
  description: 'an object with at most one of selector, targetRefs',
};

/** What istiod's validation refuses. */
export const telemetry: KindRules = {
  without: ['targetRef'],
  rules: {
    '': notBoth,
    'providers[]': { required: ['name'] },
    'customTags{}': exactlyOne('literal', 'environment', 'header', 'formatter'),
    defaultValue: anyText,
    filter: { required: ['expression'] },
    randomSamplingPercentage: { type: 'number', minimum: 0, maximum: 100 },
  },
};

export const wasmPlugin: KindRules = {
  without: ['targetRef'],
  rules: {
    '': { required: ['url'], ...notBoth },
    url: matching('^(?:(?:https?|file|oci)://)?[^\\s:/][^\\s]*$|^file:///[^\\s]+$', 'an address of a module'),
    sha256: matching('^[0-9a-f]{64}$', 'a SHA-256 in hexadecimal digits'),
    priority: { type: 'integer' },
    'env[].value': anyText,
    'ports[].number': port,
  },
};

export const proxyConfig: KindRules = { rules: { 'environmentVariables{}': anyText } };

/** For named pods only: one without a selector is for a whole namespace, or the mesh. */
export const peerAuthentication: KindRules = {
  rules: {
    '': { required: ['selector', 'mtls'] },
    mtls: { required: ['mode'] },
    // istiod takes port numbers as keys, and only with a selector.
    portLevelMtls: { propertyNames: { pattern: '^[1-9][0-9]{0,4}$' } },
  },
};

/** ValidateSidecar: hosts are `namespace/name`, and something has to be said of the traffic. */
export const sidecar: KindRules = {
  without: ['ingress', 'inboundConnectionPool'],
  rules: {
    '': { required: ['workloadSelector', 'egress'] },
    workloadSelector: { required: ['labels'] },
    'egress[].hosts[]': matching(
      '^(?:[.*~]|[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)/(?:\\*|(?:\\*\\.)?[A-Za-z0-9](?:[-A-Za-z0-9.]*[A-Za-z0-9])?)$',
      'namespace/host, each perhaps `*`',
    ),
    'egress[].port.number': port,
    'egressProxy.port.number': port,
  },
};
