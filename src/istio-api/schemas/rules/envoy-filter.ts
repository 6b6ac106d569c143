import type { KindRules } from '../crd.ts';
import { anyText, exactlyOne, port, type Schema } from '../shapes.ts';

const integer: Schema = { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };

/** Without a selector an EnvoyFilter in the root namespace would change every proxy of the mesh. Of a patch `value` is Envoy's own and stays open. */
export const envoyFilter: KindRules = {
  rules: {
    '': { required: ['configPatches'], ...exactlyOne('workloadSelector', 'targetRefs') },
    workloadSelector: { required: ['labels'] },
    priority: integer,
    'configPatches[]': { required: ['applyTo', 'patch'] },
    match: {
      not: {
        anyOf: [{ required: ['listener', 'routeConfiguration'] }, { required: ['listener', 'cluster'] }],
      },
      description: 'an object with at most one of listener, routeConfiguration, cluster',
    },
    'metadata{}': anyText,
    portNumber: port,
    destinationPort: port,
    filter: { required: ['name'] },
    subFilter: { required: ['name'] },
    patch: {
      required: ['operation'],
      if: { properties: { operation: { const: 'REMOVE' } } },
      else: { required: ['value'] },
    },
  },
};
