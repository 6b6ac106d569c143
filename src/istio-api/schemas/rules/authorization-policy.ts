import type { KindRules } from '../crd.ts';
import { exactlyOne, matching } from '../shapes.ts';

/** An address or a CIDR block; istiod parses it. */
const block = matching(
  '^(?:[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?:/[0-9]{1,3})?$',
  'an IP address or a CIDR block',
);
const portNumber = matching('^[1-9][0-9]{0,4}$', 'a port number');

/** Every policy names whom it is for: one for all would reach every workload of its namespace. */
export const authorizationPolicy: KindRules = {
  without: ['targetRef'],
  rules: {
    '': {
      required: ['action', 'rules'],
      ...exactlyOne('selector', 'targetRefs'),
      if: { properties: { action: { const: 'CUSTOM' } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ['provider'] },
      else: { not: { required: ['provider'] }, description: 'without provider where action is not CUSTOM' },
    },
    provider: { required: ['name'] },
    'from[]': { required: ['source'] },
    'to[]': { required: ['operation'] },
    source: { minProperties: 1 },
    operation: { minProperties: 1 },
    'when[]': {
      anyOf: [{ required: ['values'] }, { required: ['notValues'] }],
      description: 'an object with values or notValues',
    },
    'source.ipBlocks[]': block,
    'source.notIpBlocks[]': block,
    'source.remoteIpBlocks[]': block,
    'source.notRemoteIpBlocks[]': block,
    'operation.ports[]': portNumber,
    'operation.notPorts[]': portNumber,
  },
};
