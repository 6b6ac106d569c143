import { type Finding, finding } from '../domain/findings.ts';
import { originOf, type Path, ReadRef } from '../domain/origin.ts';
import { readIssuerDefault } from './cert-manager.ts';
import type {
  ClusterObject,
  ConfigMap,
  ControllerWorkload,
  Ingress,
  IngressClass,
  IssuerDefault,
  MeshWorkload,
  PlainObject,
  SecretSummary,
  Service,
} from './cluster.ts';
import { readController } from './controller.ts';
import {
  fieldName,
  isMapping,
  type Mapping,
  mappingField,
  reportType,
  type Subject,
  textField,
  textsField,
} from './fields.ts';
import { badName, missingName } from './findings/objects.ts';
import { readIngress } from './ingress.ts';
import { isClusterScoped, type Role } from './kinds.ts';
import { readMeshWorkload } from './mesh-workload.ts';
import { isLabel, isObjectName } from './names.ts';
import { readSecret } from './secret.ts';
import { readService } from './service.ts';
import { objectSource } from './source.ts';
import type { Piece } from './text.ts';

/** What the reader gathers, in the order of the text. */
export interface Collected {
  readonly ingresses: Ingress[];
  readonly ingressClasses: IngressClass[];
  readonly services: Service[];
  readonly secrets: SecretSummary[];
  readonly configMaps: ConfigMap[];
  readonly controllers: ControllerWorkload[];
  readonly meshWorkloads: MeshWorkload[];
  readonly issuerDefaults: IssuerDefault[];
  readonly istioObjects: PlainObject[];
  readonly related: PlainObject[];
  readonly others: Map<string, number>;
  readonly findings: Finding[];
}

export function nothingCollected(): Collected {
  return {
    ingresses: [],
    ingressClasses: [],
    services: [],
    secrets: [],
    configMaps: [],
    controllers: [],
    meshWorkloads: [],
    issuerDefaults: [],
    istioObjects: [],
    related: [],
    others: new Map(),
    findings: [],
  };
}

export function countOther(collected: Collected, kind: string): void {
  collected.others.set(kind, (collected.others.get(kind) ?? 0) + 1);
}

/** Reads one parsed object into `collected`. */
export function collect(
  collected: Collected,
  piece: Piece,
  identity: { readonly apiVersion: string; readonly kind: string; readonly role: Role },
  body: Mapping,
): void {
  const { apiVersion, kind, role } = identity;
  if (role === 'other') {
    countOther(collected, kind);
    return;
  }
  const report = (reported: Finding) => void collected.findings.push(reported);
  const metadata = isMapping(body['metadata']) ? body['metadata'] : {};
  const unnamed: Subject = { source: objectSource(piece, { kind, namespace: '', name: '' }), report };
  const ref = new ReadRef({
    kind,
    namespace: isClusterScoped(kind)
      ? ''
      : textField(unnamed, metadata, 'namespace', ['metadata']) || 'default',
    name: textField(unnamed, metadata, 'name', ['metadata']) ?? '',
  });
  const subject: Subject = { source: objectSource(piece, ref), report };
  if (!hasIdentity(subject, body)) return;
  const object: ClusterObject = {
    ref,
    source: subject.source,
    annotations: textsField(subject, metadata, 'annotations', ['metadata']),
    labels: textsField(subject, metadata, 'labels', ['metadata']),
  };

  switch (role) {
    case 'ingress':
      collected.ingresses.push(readIngress(subject, object, body, apiVersion));
      break;
    case 'ingress-class': {
      const spec = mappingField(subject, body, 'spec', []);
      const controller = textField(subject, spec, 'controller', ['spec']) ?? '';
      collected.ingressClasses.push({ ...object, controller });
      break;
    }
    case 'service':
      collected.services.push(readService(subject, object, body));
      break;
    case 'secret':
      collected.secrets.push(readSecret(subject, object, body));
      break;
    case 'config-map':
      collected.configMaps.push({ ...object, data: textsField(subject, body, 'data', []) });
      break;
    case 'workload': {
      const controller = readController(object, body);
      if (controller !== undefined) {
        collected.controllers.push(controller);
        break;
      }
      const mesh = readMeshWorkload(object, body);
      const issuer = readIssuerDefault(object, body);
      if (mesh !== undefined) collected.meshWorkloads.push(mesh);
      else if (issuer !== undefined) collected.issuerDefaults.push(issuer);
      else countOther(collected, kind);
      break;
    }
    case 'istio':
      collected.istioObjects.push({ ...object, apiVersion, body });
      break;
    case 'related':
      collected.related.push({ ...object, apiVersion, body });
      break;
  }
}

/** Whether the object can be told from others; without that it is told and left out. */
function hasIdentity(subject: Subject, body: Mapping): boolean {
  const { ref } = subject.source;
  const metadata = body['metadata'];
  if (metadata !== undefined && metadata !== null && !isMapping(metadata)) {
    reportType(subject, metadata, ['metadata'], 'a mapping');
  }
  if (ref.name === '') {
    const generated = isMapping(metadata) && typeof metadata['generateName'] === 'string';
    const origin = originOf(subject.source, 'metadata');
    subject.report(finding(missingName, { kind: ref.kind, generated }, { origin }));
    return false;
  }
  if (!isObjectName(ref.name)) return tellBadName(subject, ['metadata', 'name'], ref.name);
  if (ref.namespace !== '' && !isLabel(ref.namespace)) {
    return tellBadName(subject, ['metadata', 'namespace'], ref.namespace);
  }
  return true;
}

function tellBadName(subject: Subject, path: Path, value: string): false {
  const { kind } = subject.source.ref;
  const origin = originOf(subject.source, ...path);
  subject.report(finding(badName, { kind, field: fieldName(path), value }, { origin }));
  return false;
}
