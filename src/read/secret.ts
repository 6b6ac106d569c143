import { X509Certificate } from 'node:crypto';
import { finding } from '../domain/findings.ts';
import { originOf } from '../domain/origin.ts';
import type { ClusterObject, SecretSummary } from './cluster.ts';
import { isMapping, type Mapping, mappingField, type Subject, textField } from './fields.ts';
import { badCertificate } from './findings/objects.ts';
import { whyNotHost } from './names.ts';

const CERTIFICATE = 'tls.crt';
const AUTHORITY = 'ca.crt';

/** kubectl's copy of what was applied, with all values. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Takes a Secret's type, the names of its keys and the names in its certificate; no other value leaves this function. */
export function readSecret(subject: Subject, object: ClusterObject, body: Mapping): SecretSummary {
  const hasData = isMapping(body['data']) || isMapping(body['stringData']);
  const data = mappingField(subject, body, 'data', []);
  const stringData = mappingField(subject, body, 'stringData', []);
  const certificate = readCertificate(subject, data, stringData);
  return {
    ref: object.ref,
    source: object.source,
    annotations: withoutValues(object.annotations),
    labels: object.labels,
    type: textField(subject, body, 'type', []) ?? 'Opaque',
    keys: hasData ? [...new Set([...Object.keys(data), ...Object.keys(stringData)])].sort() : undefined,
    certificateNames: certificate.names,
    brokenCertificate: certificate.broken,
  };
}

function withoutValues(annotations: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  if (!annotations.has(LAST_APPLIED)) return annotations;
  return new Map([...annotations].filter(([name]) => name !== LAST_APPLIED));
}

function readCertificate(
  subject: Subject,
  data: Mapping,
  stringData: Mapping,
): { names: readonly string[] | undefined; broken: boolean } {
  const parsed = [CERTIFICATE, AUTHORITY].map((key) => parseCertificate(subject, key, data, stringData));
  const own = parsed[0];
  return {
    names: own === undefined || own === 'broken' ? undefined : namesOf(own),
    broken: parsed.includes('broken'),
  };
}

function parseCertificate(
  subject: Subject,
  name: string,
  data: Mapping,
  stringData: Mapping,
): X509Certificate | 'broken' | undefined {
  const plain = stringData[name];
  const encoded = data[name];
  // As on the API server, stringData wins.
  const pem =
    typeof plain === 'string'
      ? plain
      : typeof encoded === 'string'
        ? Buffer.from(encoded, 'base64')
        : undefined;
  if (pem === undefined || pem.length === 0) return undefined;
  try {
    return new X509Certificate(pem);
  } catch {
    const origin = originOf(subject.source, typeof plain === 'string' ? 'stringData' : 'data', name);
    subject.report(finding(badCertificate, { ref: subject.source.ref }, { origin }));
    return 'broken';
  }
}

/** The DNS names, or the common name where there is none; only what can be a host. */
function namesOf({ subjectAltName, subject }: X509Certificate): readonly string[] {
  const alternatives = (subjectAltName ?? '').split(', ').filter((name) => name.startsWith('DNS:'));
  const common = (subject ?? '').split('\n').filter((part) => part.startsWith('CN='));
  const names =
    alternatives.length > 0 ? alternatives.map((name) => name.slice(4)) : common.map((part) => part.slice(3));
  return names.map((name) => name.toLowerCase()).filter((name) => whyNotHost(name) === undefined);
}
