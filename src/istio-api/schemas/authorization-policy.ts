import {
  closed,
  exactlyOne,
  kindSchema,
  list,
  matching,
  oneOf,
  ref,
  type Schema,
  targetRefs,
  text,
  texts,
  workloadSelector,
} from './shapes.ts';

/** An address or a CIDR block; istiod parses it. */
const ipBlockList = list(
  matching('^(?:[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?:/[0-9]{1,3})?$', 'an IP address or a CIDR block'),
);
const ipBlocks = ref('ipBlocks');
const ports = ref('ports');
const portList = list(matching('^[1-9][0-9]{0,4}$', 'a port number'));

const source = closed(
  {
    principals: texts,
    notPrincipals: texts,
    requestPrincipals: texts,
    notRequestPrincipals: texts,
    namespaces: texts,
    notNamespaces: texts,
    ipBlocks,
    notIpBlocks: ipBlocks,
    remoteIpBlocks: ipBlocks,
    notRemoteIpBlocks: ipBlocks,
  },
  [],
  { minProperties: 1 },
);

const operation = closed(
  {
    hosts: texts,
    notHosts: texts,
    ports,
    notPorts: ports,
    methods: texts,
    notMethods: texts,
    paths: texts,
    notPaths: texts,
  },
  [],
  { minProperties: 1 },
);

const condition: Schema = {
  ...closed({ key: text, values: texts, notValues: texts }, ['key']),
  anyOf: [{ required: ['values'] }, { required: ['notValues'] }],
  description: 'an object with values or notValues',
};

const rule = closed({
  from: list(closed({ source }, ['source']), 1, { maxItems: 512 }),
  to: list(closed({ operation }, ['operation'])),
  when: list(condition),
});

const provider = closed({ name: text }, ['name']);

/** Every policy names whom it is for: one for all would reach every workload of its namespace. */
export const authorizationPolicy = kindSchema(
  'AuthorizationPolicy',
  ['security.istio.io/v1', 'security.istio.io/v1beta1'],
  {
    ...closed(
      {
        selector: workloadSelector,
        targetRefs,
        action: oneOf('ALLOW', 'DENY', 'AUDIT', 'CUSTOM'),
        provider,
        rules: list(rule, 1, { maxItems: 512 }),
      },
      ['action', 'rules'],
    ),
    ...exactlyOne('selector', 'targetRefs'),
    if: { properties: { action: { const: 'CUSTOM' } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ['provider'] },
    else: { not: { required: ['provider'] }, description: 'without provider where action is not CUSTOM' },
  },
  { ipBlocks: ipBlockList, ports: portList },
);
