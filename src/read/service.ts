import { finding } from '../domain/findings.ts';
import { originOf, type Path } from '../domain/origin.ts';
import { isPort } from './backend.ts';
import type { ClusterObject, Service, ServicePort } from './cluster.ts';
import {
  fieldName,
  type Mapping,
  mappingEntries,
  mappingField,
  type Subject,
  textField,
  textsField,
} from './fields.ts';
import { badValue } from './findings/objects.ts';
import { isObjectName } from './names.ts';

export function readService(subject: Subject, object: ClusterObject, body: Mapping): Service {
  const spec = mappingField(subject, body, 'spec', []);
  const ports: ServicePort[] = [];
  for (const [entry, index] of mappingEntries(subject, spec, 'ports', ['spec'])) {
    const port = readServicePort(subject, entry, ['spec', 'ports', index]);
    if (port !== undefined) ports.push(port);
  }
  return {
    ref: object.ref,
    source: object.source,
    annotations: object.annotations,
    labels: object.labels,
    type: textField(subject, spec, 'type', ['spec']) ?? 'ClusterIP',
    externalName: readExternalName(subject, spec),
    headless: spec['clusterIP'] === 'None',
    externalTrafficPolicy: textField(subject, spec, 'externalTrafficPolicy', ['spec']),
    selector: textsField(subject, spec, 'selector', ['spec']),
    ports,
  };
}

function readServicePort(subject: Subject, entry: Mapping, at: Path): ServicePort | undefined {
  const port = entry['port'];
  if (!isPort(port)) {
    tellBad(subject, [...at, 'port'], port, 'a port number');
    return undefined;
  }
  const targetPort = entry['targetPort'];
  return {
    name: textField(subject, entry, 'name', at),
    port,
    targetPort: typeof targetPort === 'number' || typeof targetPort === 'string' ? targetPort : undefined,
    protocol: textField(subject, entry, 'protocol', at) ?? 'TCP',
    appProtocol: textField(subject, entry, 'appProtocol', at),
  };
}

/** A name, or an address, which Kubernetes takes as one; a final dot is allowed. */
function readExternalName(subject: Subject, spec: Mapping): string | undefined {
  const name = textField(subject, spec, 'externalName', ['spec']);
  if (name === undefined || name === '') return undefined;
  if (isObjectName(name.toLowerCase().replace(/\.$/, ''))) return name;
  tellBad(subject, ['spec', 'externalName'], name, 'a host name');
  return undefined;
}

function tellBad(subject: Subject, path: Path, value: unknown, wanted: string): void {
  const origin = originOf(subject.source, ...path);
  subject.report(
    finding(badValue, { field: fieldName(path), value: value ?? 'missing', wanted }, { origin }),
  );
}
