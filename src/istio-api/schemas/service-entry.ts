import {
  closed,
  count,
  exportTo,
  hostName,
  kindSchema,
  labels,
  list,
  map,
  matching,
  networking,
  oneOf,
  port,
  type Schema,
  text,
  texts,
  wildcardHost,
} from './shapes.ts';

const portName = matching('^[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$', 'a port name');
const servicePort = closed(
  {
    number: port,
    name: portName,
    protocol: oneOf('HTTP', 'HTTPS', 'HTTP2', 'GRPC', 'TCP', 'TLS', 'MONGO'),
    targetPort: port,
  },
  ['number', 'name', 'protocol'],
);

const spec: Schema = {
  ...closed(
    {
      hosts: list(wildcardHost, 1, { maxItems: 256, not: { contains: { const: '*' } } }),
      addresses: list(text, 1, { maxItems: 256 }),
      ports: list(servicePort, 1, { maxItems: 256 }),
      location: oneOf('MESH_EXTERNAL', 'MESH_INTERNAL'),
      resolution: oneOf('NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS'),
      endpoints: list(
        closed(
          {
            address: hostName,
            ports: map(port, portName),
            labels,
            locality: text,
            network: text,
            weight: count,
          },
          ['address'],
        ),
      ),
      workloadSelector: closed({ labels }, ['labels']),
      subjectAltNames: texts,
      exportTo,
    },
    ['hosts', 'ports', 'resolution'],
  ),
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
};

export const serviceEntry = kindSchema('ServiceEntry', networking, spec);
