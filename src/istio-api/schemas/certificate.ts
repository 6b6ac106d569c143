import {
  anyText,
  closed,
  count,
  dnsName,
  flag,
  kindSchema,
  list,
  map,
  matching,
  oneOf,
  text,
  texts,
} from './shapes.ts';

const host = matching(
  '^(?:\\*\\.)?[a-zA-Z0-9_](?:[-\\w]*[a-zA-Z0-9_])?(?:\\.[a-zA-Z0-9_](?:[-\\w]*[a-zA-Z0-9_])?)*$',
  'a DNS name',
);
const goDuration = matching('^(?:[0-9]+(?:h|m|s))+$', 'a duration');

/** cert-manager's Certificate, as it stands in the gateway's namespace. */
export const certificate = kindSchema(
  'Certificate',
  ['cert-manager.io/v1'],
  closed(
    {
      secretName: dnsName,
      issuerRef: closed({ name: text, kind: text, group: text }, ['name']),
      commonName: { type: 'string', minLength: 1, maxLength: 64 },
      dnsNames: list(host, 1, { uniqueItems: true }),
      duration: goDuration,
      renewBefore: goDuration,
      revisionHistoryLimit: count,
      usages: texts,
      isCA: flag,
      subject: closed({ organizations: texts, organizationalUnits: texts, countries: texts }),
      secretTemplate: closed({ annotations: map(anyText), labels: map(anyText) }),
      privateKey: closed({
        algorithm: oneOf('RSA', 'ECDSA', 'Ed25519'),
        encoding: oneOf('PKCS1', 'PKCS8'),
        size: count,
        rotationPolicy: oneOf('Always', 'Never'),
      }),
    },
    ['secretName', 'issuerRef', 'dnsNames'],
  ),
);
