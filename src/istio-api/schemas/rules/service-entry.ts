import type { KindRules } from '../crd.ts';
import { hostName, matching, oneOf, port, wildcardHost } from '../shapes.ts';

const portName = matching('^[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$', 'a port name');

/** What istiod's validation refuses (istio.io/istio, pkg/config/validation); resolution is always said. */
export const serviceEntry: KindRules = {
  rules: {
    '': {
      required: ['hosts', 'ports', 'resolution'],
      allOf: [
        {
          not: { required: ['workloadSelector', 'endpoints'] },
          description: 'an object with at most one of workloadSelector, endpoints',
        },
        {
          if: { properties: { resolution: { enum: ['NONE', 'DYNAMIC_DNS'] } } },
          // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
          then: {
            not: { required: ['endpoints'] },
            description: 'without endpoints where resolution is NONE or DYNAMIC_DNS',
          },
        },
        {
          if: {
            properties: { resolution: { enum: ['DNS', 'DNS_ROUND_ROBIN'] } },
            not: { required: ['endpoints'] },
          },
          // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
          then: { properties: { hosts: { items: hostName } } },
        },
      ],
    },
    hosts: { not: { contains: { const: '*' } } },
    'hosts[]': wildcardHost,
    'ports[]': { required: ['number', 'name', 'protocol'] },
    'ports[].number': port,
    'ports[].targetPort': port,
    'ports[].name': portName,
    'ports[].protocol': oneOf('HTTP', 'HTTPS', 'HTTP2', 'GRPC', 'TCP', 'TLS', 'MONGO'),
    'endpoints[]': { required: ['address'] },
    'endpoints[].address': hostName,
    'endpoints[].ports': { propertyNames: portName },
    'endpoints[].ports{}': port,
    workloadSelector: { required: ['labels'] },
  },
};
