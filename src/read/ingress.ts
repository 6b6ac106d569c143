import { type FindingType, finding } from '../domain/findings.ts';
import { originOf, type Path } from '../domain/origin.ts';
import { readBackend, readOldBackend } from './backend.ts';
import type { Backend, ClusterObject, Ingress, PathRule, PathType, Rule, TlsEntry } from './cluster.ts';
import {
  fieldName,
  isMapping,
  listField,
  type Mapping,
  mappingEntries,
  mappingField,
  reportType,
  type Subject,
  textEntries,
  textField,
} from './fields.ts';
import * as findings from './findings/ingress.ts';
import { badValue } from './findings/objects.ts';
import { isObjectName, whyNotHost } from './names.ts';

const CURRENT = 'networking.k8s.io/v1';
const OLD: ReadonlySet<string> = new Set(['networking.k8s.io/v1beta1', 'extensions/v1beta1']);
const PATH_TYPES: ReadonlySet<string> = new Set(['Exact', 'Prefix', 'ImplementationSpecific']);

interface IngressSubject extends Subject {
  /** Whether it is written in one of the versions before networking.k8s.io/v1. */
  readonly old: boolean;
  readonly apiVersion: string;
}

/** Reads an Ingress of any version; a part that cannot be read is told and left out, the rest stays. */
export function readIngress(
  given: Subject,
  object: ClusterObject,
  body: Mapping,
  apiVersion: string,
): Ingress {
  const { source, report } = given;
  const subject: IngressSubject = { source, report, old: OLD.has(apiVersion), apiVersion };
  if (subject.old) tell(subject, findings.upgraded, { from: apiVersion }, ['apiVersion']);
  else if (apiVersion !== CURRENT)
    tell(subject, findings.unknownVersion, { version: apiVersion }, ['apiVersion']);

  const metadata = mappingField(subject, body, 'metadata', []);
  const spec = mappingField(subject, body, 'spec', []);
  const rulesGiven = listField(subject, spec, 'rules', ['spec']).length;
  const rules = readRules(subject, spec);
  let defaultBackend = readDefaultBackend(subject, spec);
  if (rulesGiven === 0 && defaultBackend === undefined) tell(subject, findings.noRules, {}, ['spec']);
  if (rulesGiven > 0 && rules.length === 0 && defaultBackend !== undefined) {
    tell(subject, findings.strayDefaultBackend, {}, defaultBackend.origin.path);
    defaultBackend = undefined;
  }
  // Field by field, here and in the other readers: V8 gives what `{ ...object }` makes a hidden class each time.
  return {
    ref: object.ref,
    source: object.source,
    annotations: object.annotations,
    labels: object.labels,
    createdAt: textField(subject, metadata, 'creationTimestamp', ['metadata']),
    className: textField(subject, spec, 'ingressClassName', ['spec']),
    defaultBackend,
    tls: readTls(subject, spec),
    rules,
  };
}

function readDefaultBackend(subject: IngressSubject, spec: Mapping): Backend | undefined {
  for (const field of ['defaultBackend', 'backend']) {
    if (spec[field] === undefined || spec[field] === null) continue;
    if ((field === 'backend') !== subject.old) tellMixed(subject, ['spec', field]);
    return backendAt(subject, spec, field, ['spec']);
  }
  return undefined;
}

function readTls(subject: IngressSubject, spec: Mapping): TlsEntry[] {
  return mappingEntries(subject, spec, 'tls', ['spec']).map(([entry, index]) => {
    const path = ['spec', 'tls', index];
    const hosts = textEntries(subject, entry, 'hosts', path)
      .filter(([host, at]) => isHost(subject, host, [...path, 'hosts', at], findings.badTlsHost))
      .map(([host]) => host);
    let secretName = textField(subject, entry, 'secretName', path) ?? '';
    if (secretName !== '' && !isObjectName(secretName)) {
      const at = [...path, 'secretName'];
      tell(
        subject,
        badValue,
        { field: fieldName(at), value: secretName, wanted: 'the name of a Secret' },
        at,
      );
      secretName = '';
    }
    return { hosts, secretName, origin: originOf(subject.source, ...path) };
  });
}

function readRules(subject: IngressSubject, spec: Mapping): Rule[] {
  const rules: Rule[] = [];
  for (const [rule, index] of mappingEntries(subject, spec, 'rules', ['spec'])) {
    const path = ['spec', 'rules', index];
    const given = rule['host'];
    if (given !== undefined && given !== null && typeof given === 'object') {
      reportType(subject, given, [...path, 'host'], 'a text');
      continue;
    }
    const host = textField(subject, rule, 'host', path) ?? '';
    if (host !== '' && !isHost(subject, host, [...path, 'host'], findings.badHost)) continue;
    rules.push({ host, paths: readPaths(subject, rule, path), origin: originOf(subject.source, ...path) });
  }
  return rules;
}

function readPaths(subject: IngressSubject, rule: Mapping, at: Path): PathRule[] | undefined {
  const given = rule['http'];
  if (given === undefined || given === null) return undefined;
  const http = mappingField(subject, rule, 'http', at);
  const paths: PathRule[] = [];
  for (const [entry, index] of mappingEntries(subject, http, 'paths', [...at, 'http'])) {
    const read = readPath(subject, entry, [...at, 'http', 'paths', index]);
    if (read !== undefined) paths.push(read);
  }
  return paths;
}

function readPath(subject: IngressSubject, entry: Mapping, at: Path): PathRule | undefined {
  if (isMapping(entry['path']) || Array.isArray(entry['path'])) {
    reportType(subject, entry['path'], [...at, 'path'], 'a text');
    return undefined;
  }
  const path = textField(subject, entry, 'path', at) ?? '';
  const pathType = readPathType(subject, entry, at);
  const backend = backendAt(subject, entry, 'backend', at);
  if (!isPath(subject, path, pathType, at) || backend === undefined) return undefined;
  return { path, pathType, backend, origin: originOf(subject.source, ...at) };
}

function readPathType(subject: IngressSubject, entry: Mapping, at: Path): PathType | undefined {
  const field = [...at, 'pathType'];
  const given = textField(subject, entry, 'pathType', at);
  if (given === undefined || given === '') {
    if (subject.old) return 'ImplementationSpecific';
    tell(subject, findings.missingPathType, { field: fieldName(field) }, field);
    return undefined;
  }
  if (PATH_TYPES.has(given)) return given as PathType;
  tell(subject, findings.badPathType, { field: fieldName(field), pathType: given }, field);
  return undefined;
}

/** Whether the path can be kept; what else Kubernetes holds against it is told (pkg/apis/networking/validation, validateHTTPIngressPath). */
function isPath(subject: Subject, path: string, pathType: PathType | undefined, at: Path): boolean {
  const field = fieldName([...at, 'path']);
  const strict = pathType === 'Exact' || pathType === 'Prefix';
  if (strict && !path.startsWith('/')) {
    tell(subject, findings.relativePath, { field, path, pathType }, [...at, 'path']);
    return false;
  }
  const reason = whyRefused(path, strict);
  if (reason !== undefined) tell(subject, findings.refusedPath, { field, path, reason }, [...at, 'path']);
  return true;
}

function whyRefused(path: string, strict: boolean): string | undefined {
  if (path !== '' && !path.startsWith('/')) return 'does not begin with "/"';
  if (!strict) return undefined;
  const part = ['//', '/./', '/../', '%2f', '%2F'].find((sequence) => path.includes(sequence));
  if (part !== undefined) return `holds "${part}"`;
  const end = ['/..', '/.'].find((suffix) => path.endsWith(suffix));
  return end === undefined ? undefined : `ends in "${end}"`;
}

function backendAt(subject: IngressSubject, parent: Mapping, key: string, at: Path): Backend | undefined {
  const path = [...at, key];
  const backend = parent[key];
  if (!isMapping(backend)) {
    const reason = backend === undefined || backend === null ? 'is missing' : 'is not a mapping';
    tell(subject, findings.badBackend, { field: fieldName(path), reason }, path);
    return undefined;
  }
  const inOldForm = 'serviceName' in backend || 'servicePort' in backend;
  if (inOldForm !== subject.old && (inOldForm || 'service' in backend)) tellMixed(subject, path);
  return inOldForm ? readOldBackend(subject, backend, path) : readBackend(subject, backend, path);
}

function isHost(
  subject: Subject,
  host: string,
  path: Path,
  type: FindingType<{ field: string; host: unknown; reason: string }>,
): boolean {
  const reason = whyNotHost(host);
  if (reason !== undefined) tell(subject, type, { field: fieldName(path), host, reason }, path);
  return reason === undefined;
}

function tellMixed(subject: IngressSubject, path: Path): void {
  tell(subject, findings.mixedVersions, { field: fieldName(path), version: subject.apiVersion }, path);
}

function tell<Args extends object>(subject: Subject, type: FindingType<Args>, args: Args, path: Path): void {
  const origin = originOf(subject.source, ...path);
  subject.report(finding(type, args, { origin, scope: { kind: 'ingress', ingress: subject.source.ref } }));
}
