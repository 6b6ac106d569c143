import {
  closed,
  dnsName,
  flag,
  kindSchema,
  labels,
  list,
  matching,
  networking,
  oneOf,
  port,
  type Schema,
  text,
  texts,
} from './shapes.ts';

const tlsVersion = oneOf('TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3');
const label = '[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?';
const serverHost = matching(
  `^(?:(?:[.*]|${label})/)?(?:\\*|(?:\\*\\.|\\*-)?${label}(?:\\.${label})*\\.?)$`,
  'a host name, perhaps with a wildcard at its start and a namespace before it',
);

const tls: Schema = {
  ...closed({
    mode: oneOf('SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL', 'PASSTHROUGH'),
    httpsRedirect: flag,
    credentialName: dnsName,
    caCertCredentialName: dnsName,
    minProtocolVersion: tlsVersion,
    maxProtocolVersion: tlsVersion,
    cipherSuites: list(text, 1, { uniqueItems: true }),
    ecdhCurves: texts,
    subjectAltNames: texts,
    verifyCertificateHash: texts,
    verifyCertificateSpki: texts,
  }),
  allOf: [
    {
      if: { properties: { mode: { enum: ['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL'] } }, required: ['mode'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ['credentialName'] },
    },
    {
      if: { properties: { mode: { const: 'PASSTHROUGH' } }, required: ['mode'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: {
        not: { required: ['credentialName'] },
        description: 'without credentialName in the mode PASSTHROUGH',
      },
    },
  ],
};

const server: Schema = {
  ...closed(
    {
      name: text,
      bind: text,
      port: closed(
        {
          number: port,
          name: text,
          protocol: oneOf('HTTP', 'HTTP2', 'GRPC', 'HTTPS', 'TLS', 'TCP', 'MONGO'),
        },
        ['number', 'name', 'protocol'],
      ),
      hosts: list(serverHost, 1, { uniqueItems: true }),
      tls,
    },
    ['port', 'hosts'],
  ),
  if: { properties: { port: { properties: { protocol: { enum: ['HTTPS', 'TLS'] } } } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['tls'], properties: { tls: { required: ['mode'] } } },
  else: {
    properties: {
      tls: { not: { required: ['mode'] }, description: 'without mode on a port for plain text' },
    },
  },
};

export const gateway = kindSchema(
  'Gateway',
  networking,
  closed({ selector: labels, servers: list(server) }, ['selector', 'servers']),
);
