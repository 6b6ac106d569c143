import type { Mappings } from '../decode/mapping.ts';
import { type Mapping as Fields, isMapping } from '../read/fields.ts';
import { redactAnnotations, redactKey, redactName } from './annotations.ts';
import { isField, isOfApi } from './api-words.ts';
import { redactConfigMapData, redactPort } from './config-map.ts';
import type { Renaming } from './renaming.ts';
import { redactSecretData } from './secret.ts';
import { redactText } from './text.ts';
import { redactImage, redactPodSpec } from './workload.ts';

/** What is needed for each object. */
export interface Redaction {
  readonly mappings: Mappings;
  readonly renaming: Renaming;
}

/** An object of the input as it can be shared. What the server adds, and kubectl's copy of it, is left out. */
export function redactObject(body: Fields, redaction: Redaction): Fields {
  const { apiVersion, kind, metadata, status: _, ...rest } = body;
  const head = { apiVersion, kind, metadata: redactMetadata(metadata, redaction) };
  const { renaming } = redaction;
  if (kind === 'Secret') {
    const { data: _data, stringData: _text, ...others } = rest;
    return { ...head, ...redactFields(others, redaction), ...redactSecretData(rest, renaming) };
  }
  if (kind === 'ConfigMap') {
    const { data, binaryData: _binary } = rest;
    return { ...head, ...(isMapping(data) && { data: redactConfigMapData(data, renaming) }) };
  }
  if (kind === 'Pod') return { ...head, spec: redactPodSpec(rest['spec'], renaming) };
  if (kind === 'Deployment' || kind === 'DaemonSet')
    return { ...head, spec: redactWorkload(rest['spec'], redaction) };
  return { ...head, ...redactFields(rest, redaction) };
}

function redactMetadata(metadata: unknown, { mappings, renaming }: Redaction): unknown {
  if (!isMapping(metadata)) return metadata;
  const { name, generateName, namespace, creationTimestamp, labels, annotations } = metadata;
  const text = (value: unknown) => {
    if (typeof value !== 'string') return value;
    const name = redactText(value, 'name', renaming);
    return name === value ? renaming.name(name) : name;
  };
  return {
    ...('name' in metadata && { name: text(name) }),
    ...('generateName' in metadata && { generateName: text(generateName) }),
    ...('namespace' in metadata && { namespace: text(namespace) }),
    ...('creationTimestamp' in metadata && { creationTimestamp }),
    ...('labels' in metadata && {
      labels: isMapping(labels) ? redactLabels(labels, { mappings, renaming }) : labels,
    }),
    ...('annotations' in metadata && {
      annotations: isMapping(annotations) ? redactAnnotations(annotations, mappings, renaming) : annotations,
    }),
  };
}

const publicChart =
  /^(?:rke2-)?(?:ingress-nginx|nginx-ingress|istiod|gateway|base|istio-(?:discovery|ingress)|cert-manager)-v?\d+(?:\.\d+)*$/;
const release = /^v?\d+(?:\.\d+)*$/;

/** Labels; those of public charts tell which release runs. */
function redactLabels(labels: Fields, { mappings, renaming }: Redaction): Fields {
  return Object.fromEntries(
    Object.entries(labels).map(([key, value]) => [
      redactKey(key, mappings, renaming),
      typeof value !== 'string' || publicChart.test(value) || release.test(value)
        ? value
        : redactText(value, 'name', renaming),
    ]),
  );
}

function redactWorkload(spec: unknown, redaction: Redaction): Fields {
  if (!isMapping(spec)) return {};
  const template = isMapping(spec['template']) ? spec['template'] : {};
  const metadata = isMapping(template['metadata']) ? template['metadata'] : {};
  const labels = isMapping(metadata['labels']) ? { labels: redactLabels(metadata['labels'], redaction) } : {};
  return { template: { metadata: labels, spec: redactPodSpec(template['spec'], redaction.renaming) } };
}

const keyedByLabels = new Set(['labels', 'matchLabels', 'selector', 'nodeSelector']);
const keyedByHeaders = new Set(['set', 'add', 'headers', 'withoutHeaders', 'queryParams', 'requestHeaders']);

function redactFields(fields: Fields, redaction: Redaction, field = ''): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      redactFieldName(field, key, redaction),
      redactField(key, value, redaction, field),
    ]),
  );
}

function redactFieldName(parent: string, key: string, { mappings, renaming }: Redaction): string {
  if (keyedByHeaders.has(parent)) return redactText(key, 'value', renaming);
  if (keyedByLabels.has(parent) && !/^match(?:Labels|Expressions)$/.test(key))
    return redactKey(key, mappings, renaming);
  return isField(key) ? key : redactText(key, 'path', renaming);
}

function redactField(key: string, value: unknown, redaction: Redaction, parent: string): unknown {
  if (Array.isArray(value)) return value.map((item) => redactField(key, item, redaction, parent));
  if (isMapping(value)) return redactFields(value, redaction, key);
  return typeof value === 'string' ? redactTextField(key, value, redaction, parent) : value;
}

function redactTextField(key: string, value: string, { renaming }: Redaction, parent: string): string {
  if (isOfApi(key, value)) return value;
  if (key === 'path') return redactText(value, 'path', renaming);
  if (isPort(key, parent)) return redactPort(value, renaming);
  if (key === 'image') return redactImage(value, renaming);
  if (key === 'appProtocol') return redactPort(value, renaming);
  if (key === 'controller' || publicControllers.test(value)) return redactText(value, 'name', renaming);
  if (keyedByHeaders.has(parent)) return redactText(value, 'value', renaming);
  return redactName(value, renaming);
}

const publicControllers = /^k8s\.io\//;

function isPort(key: string, parent: string): boolean {
  return (
    key === 'servicePort' ||
    key === 'targetPort' ||
    (key === 'name' && (parent === 'port' || parent === 'ports'))
  );
}
