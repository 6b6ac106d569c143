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
