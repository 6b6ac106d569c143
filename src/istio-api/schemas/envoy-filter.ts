import {
  anyText,
  closed,
  exactlyOne,
  kindSchema,
  labels,
  list,
  map,
  oneOf,
  port,
  type Schema,
  targetRefs,
  text,
} from './shapes.ts';

const filter = closed({ name: text, subFilter: closed({ name: text }, ['name']) });

const listener = closed({
  name: text,
  portName: text,
  portNumber: port,
  listenerFilter: text,
  filterChain: closed({
    name: text,
    sni: text,
    applicationProtocols: text,
    transportProtocol: text,
    destinationPort: port,
    filter,
  }),
});

const routeConfiguration = closed({
  name: text,
  portNumber: port,
  portName: text,
  gateway: text,
  vhost: closed({
    name: text,
    domainName: text,
    route: closed({ name: text, action: oneOf('ANY', 'ROUTE', 'REDIRECT', 'DIRECT_RESPONSE') }),
  }),
});

const match: Schema = {
  ...closed({
    context: oneOf('ANY', 'GATEWAY', 'SIDECAR_INBOUND', 'SIDECAR_OUTBOUND'),
    proxy: closed({ proxyVersion: text, metadata: map(anyText) }),
    listener,
    routeConfiguration,
    cluster: closed({ name: text, portNumber: port, service: text, subset: text }),
  }),
  not: { anyOf: [{ required: ['listener', 'routeConfiguration'] }, { required: ['listener', 'cluster'] }] },
  description: 'an object with at most one of listener, routeConfiguration, cluster',
};

const operations = ['MERGE', 'ADD', 'REMOVE', 'INSERT_BEFORE', 'INSERT_AFTER', 'INSERT_FIRST', 'REPLACE'];

/** `value` is Envoy's own configuration and stays open. */
const patch: Schema = {
  ...closed(
    {
      operation: oneOf(...operations),
      value: { type: 'object' },
      filterClass: oneOf('AUTHN', 'AUTHZ', 'STATS'),
    },
    ['operation'],
  ),
  if: { properties: { operation: { const: 'REMOVE' } } },
  else: { required: ['value'] },
};

const applyTo = oneOf(
  'LISTENER',
  'FILTER_CHAIN',
  'NETWORK_FILTER',
  'HTTP_FILTER',
  'ROUTE_CONFIGURATION',
  'VIRTUAL_HOST',
  'HTTP_ROUTE',
  'CLUSTER',
  'EXTENSION_CONFIG',
  'BOOTSTRAP',
  'LISTENER_FILTER',
);

/** Without a selector an EnvoyFilter in the root namespace would change every proxy of the mesh. */
export const envoyFilter = kindSchema(
  'EnvoyFilter',
  ['networking.istio.io/v1alpha3'],
  closed(
    {
      workloadSelector: closed({ labels }, ['labels']),
      targetRefs,
      priority: { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
      configPatches: list(closed({ applyTo, match, patch }, ['applyTo', 'patch'])),
    },
    ['configPatches'],
    exactlyOne('workloadSelector', 'targetRefs'),
  ),
);
