import type { KindRules } from '../crd.ts';
import { dnsName, matching, oneOf, port } from '../shapes.ts';

const label = '[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?';

/** What istiod's validation refuses (istio.io/istio, pkg/config/validation). Certificates are named, and never files of the gateway's pods. */
export const gateway: KindRules = {
  without: [
    'port.targetPort',
    'defaultEndpoint',
    'tls.serverCertificate',
    'tls.privateKey',
    'tls.caCertificates',
  ],
  rules: {
    '': { required: ['selector', 'servers'] },
    selector: { $ref: '#/$defs/labels' },
    'servers[]': {
      if: { properties: { port: { properties: { protocol: { enum: ['HTTPS', 'TLS'] } } } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ['tls'], properties: { tls: { required: ['mode'] } } },
      else: {
        properties: {
          tls: { not: { required: ['mode'] }, description: 'without mode on a port for plain text' },
        },
      },
    },
    'port.number': port,
    'port.protocol': oneOf('HTTP', 'HTTP2', 'GRPC', 'HTTPS', 'TLS', 'TCP', 'MONGO'),
    'servers[].hosts': { uniqueItems: true },
    'servers[].hosts[]': matching(
      `^(?:(?:[.*]|${label})/)?(?:\\*|(?:\\*\\.|\\*-)?${label}(?:\\.${label})*\\.?)$`,
      'a host name, perhaps with a wildcard at its start and a namespace before it',
    ),
    // The other modes are for traffic inside of the mesh.
    'tls.mode': oneOf('SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL', 'PASSTHROUGH'),
    'tls.credentialName': dnsName,
    'tls.caCertCredentialName': dnsName,
    'tls.cipherSuites': { uniqueItems: true },
    'servers[].tls': {
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
    },
  },
};
