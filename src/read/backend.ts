import { type FindingType, finding } from '../domain/findings.ts';
import { originOf, type Path } from '../domain/origin.ts';
import { shown } from '../text/shown.ts';
import type { Backend } from './cluster.ts';
import { fieldName, isMapping, type Mapping, mappingField, type Subject, textField } from './fields.ts';
import { badBackend, badPort, textPort } from './findings/ingress.ts';
import { isLabel, isPortName } from './names.ts';

/** A backend in the form of networking.k8s.io/v1. */
export function readBackend(subject: Subject, backend: Mapping, path: Path): Backend | undefined {
  if (backend['service'] === undefined && backend['resource'] !== undefined) {
    return readResource(subject, backend, path);
  }
  if (!isMapping(backend['service'])) {
    tell(subject, badBackend, { field: fieldName(path), reason: 'names no service' }, path);
    return undefined;
  }
  const at = [...path, 'service'];
  const port = mappingField(subject, backend['service'], 'port', at);
  const field =
    port['number'] === undefined || port['number'] === null || port['number'] === 0 ? 'name' : 'number';
  const value = port[field] === '' ? undefined : (port[field] ?? port['number']);
  return serviceBackend(
    subject,
    { name: textField(subject, backend['service'], 'name', at), at: [...at, 'name'] },
    { value, at: value === undefined ? [...at, 'port'] : [...at, 'port', field] },
    path,
  );
}

/** A backend in the form of the versions before v1: `serviceName` and `servicePort`. */
export function readOldBackend(subject: Subject, backend: Mapping, path: Path): Backend | undefined {
  return serviceBackend(
    subject,
    { name: textField(subject, backend, 'serviceName', path), at: [...path, 'serviceName'] },
    { value: backend['servicePort'] ?? undefined, at: [...path, 'servicePort'] },
    path,
  );
}

function readResource(subject: Subject, backend: Mapping, path: Path): Backend {
  const at = [...path, 'resource'];
  const resource = mappingField(subject, backend, 'resource', path);
  const part = (key: string) => textField(subject, resource, key, at) ?? '';
  const group = part('apiGroup');
  const name = `${part('kind')}/${part('name')}`;
  return {
    kind: 'resource',
    resource: group === '' ? name : `${group}/${name}`,
    origin: originOf(subject.source, ...path),
  };
}

function serviceBackend(
  subject: Subject,
  service: { readonly name: string | undefined; readonly at: Path },
  port: { readonly value: unknown; readonly at: Path },
  path: Path,
): Backend | undefined {
  const name = service.name ?? '';
  if (!isLabel(name)) {
    const reason = name === '' ? 'is missing' : `is ${shown(name)}, which is not the name of a Service`;
    tell(subject, badBackend, { field: fieldName(service.at), reason }, service.at);
    return undefined;
  }
  return {
    kind: 'service',
    name,
    port: readPort(subject, port.value, port.at),
    origin: originOf(subject.source, ...path),
  };
}

function readPort(subject: Subject, value: unknown, at: Path): number | string | undefined {
  const field = fieldName(at);
  if (isPort(value)) return value;
  if (typeof value === 'string' && isPortName(value)) return value;
  const number = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : undefined;
  if (isPort(number)) {
    tell(subject, textPort, { field, port: String(number) }, at);
    return number;
  }
  tell(subject, badPort, { field, port: value ?? undefined }, at);
  return undefined;
}

export function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535;
}

function tell<Args extends object>(subject: Subject, type: FindingType<Args>, args: Args, path: Path): void {
  const origin = originOf(subject.source, ...path);
  subject.report(finding(type, args, { origin, scope: { kind: 'ingress', ingress: subject.source.ref } }));
}
