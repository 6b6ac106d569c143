import { loadAll } from 'js-yaml';
import { builtInMappings, controllerOptions } from '../../src/decode/mappings.ts';
import {
  mediaTypes,
  publicDirectives,
  publicHeaders,
  publicNames,
  publicValues,
  publicVariables,
} from '../../src/redact/public-words.ts';

/** A word of the input in the output, and where it is. */
export interface Leak {
  readonly word: string;
  readonly place: string;
}

/** A string of a document, a key or a value, and the keys on the way to it. */
interface Leaf {
  readonly path: readonly string[];
  readonly text: string;
}

/**
 * What of `input` is left in `output`, found without the redactor: by walking both as plain YAML. In hosts, names and paths of the
 * output no word of the input's hosts, names, paths, Secrets, labels and values may be, whatever it means; anywhere else, only words of
 * nginx, HTTP and Kubernetes.
 */
export function leaksOf(input: string, output: string): Leak[] {
  const before = leavesOf(input);
  const words = new Set(before.filter(isOwners).flatMap(({ text }) => wordsIn(text)));
  const leaks: Leak[] = [];
  for (const leaf of leavesOf(output)) {
    const strict = isNamed(leaf);
    for (const word of wordsIn(leaf.text)) {
      if (!words.has(word)) continue;
      if (strict ? !isPublicName(leaf, word) : !isPublicWord(leaf, word))
        leaks.push({ word, place: `${leaf.path.join('.')}: ${leaf.text.slice(0, 120)}` });
    }
  }
  return leaks;
}

function leavesOf(text: string): Leaf[] {
  const leaves: Leaf[] = [];
  const walk = (value: unknown, path: readonly string[]): void => {
    if (typeof value === 'string') leaves.push({ path, text: value });
    else if (Array.isArray(value)) for (const item of value) walk(item, path);
    else if (typeof value === 'object' && value !== null)
      for (const [key, item] of Object.entries(value)) {
        if (isFreeKey(path)) leaves.push({ path: [...path, '(key)'], text: key });
        walk(item, [...path, key]);
      }
  };
  for (const document of loadAll(text)) walk(withPlainData(document), []);
  return leaves.filter(({ path }) => path[0] !== 'status' && path.at(-1) !== lastApplied);
}

/** A Secret's data as text: of certificates and keys, what is text in their bytes. */
function withPlainData(document: unknown): unknown {
  const { kind, data, stringData } = (document ?? {}) as Readonly<Record<string, unknown>>;
  if (kind !== 'Secret') return document;
  const plain = (entries: unknown, read: (value: string) => string) =>
    Object.fromEntries(Object.entries(entries ?? {}).map(([key, value]) => [key, read(String(value))]));
  return {
    ...(document as object),
    data: plain(data, (value) => textIn(Buffer.from(value, 'base64').toString())),
    stringData: plain(stringData, textIn),
  };
}

function textIn(text: string): string {
  const [, inner] = /-----BEGIN [A-Z ]+-----([^-]+)-----END/.exec(text) ?? [];
  if (inner === undefined) return text;
  return (
    Buffer.from(inner, 'base64')
      .toString('latin1')
      .match(/[a-z\d*-]+(?:\.[a-z\d-]+)+/gi) ?? []
  ).join(' ');
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Maps whose keys somebody chose. */
function isFreeKey(path: readonly string[]): boolean {
  return ['data', 'stringData', 'labels', 'annotations', 'selector', 'matchLabels'].includes(
    path.at(-1) ?? '',
  );
}

const ofApi = [
  'apiVersion',
  'kind',
  'fieldPath',
  'pathType',
  'type',
  'protocol',
  'creationTimestamp',
  'controller',
];

function isOwners({ path }: Leaf): boolean {
  return !ofApi.includes(path.at(-1) ?? '');
}

/** Hosts, names and paths: where nothing but what the owner wrote can be. */
function isNamed({ path }: Leaf): boolean {
  const field = path.at(-1) ?? '';
  return (
    ['host', 'hosts', 'path', 'secretName', 'serviceName', 'namespace', 'externalName'].includes(field) ||
    (field === 'name' && !path.includes('containers') && !path.includes('ports') && !path.includes('port'))
  );
}

/** One letter or digit tells nothing. */
function wordsIn(text: string): string[] {
  const own = text
    .replaceAll('/.well-known/acme-challenge', '')
    .replaceAll('$apr1$redacted$', '')
    .replaceAll(/%[\da-f]{2}/gi, '%');
  return (own.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).filter((word) => word.length > 1);
}

function isPublicName({ text, path }: Leaf, word: string): boolean {
  const field = path.at(-1) ?? '';
  if (publicNames.has(text)) return true;
  if (/\.svc(?:\.cluster\.local)?$/.test(text) && ['svc', 'cluster', 'local'].includes(word)) return true;
  return word === 'www' && (field === 'host' || field === 'hosts') && text.startsWith('www.');
}

/** Kinds, versions and types that come with Kubernetes, Istio and cert-manager. */
const apiNames =
  /^(?:(?:(?:[a-z.]*(?:k8s|istio|cert-manager)\.io|apps|extensions)\/)?v\d\w*|Ingress(?:Class)?|Service|Secret|ConfigMap|Deployment|DaemonSet|Pod|Namespace|Certificate|NetworkPolicy|VirtualService|Gateway|Prefix|Exact|ImplementationSpecific|Opaque|kubernetes\.io\/tls|TCP|ExternalName|metadata\.name(?:space)?)$/;

const controllerKeys = new Set(controllerOptions().map(({ name }) => name));

const publicParts = new Set(
  [publicNames, publicValues, publicHeaders, publicDirectives, publicVariables, mediaTypes]
    .flatMap((words) => [...words])
    .flatMap((word) => [word, ...word.toLowerCase().split(/[^\p{L}\p{N}]+/u)])
    .concat(
      'www',
      'svc',
      'cluster',
      'local',
      'text',
      'application',
      'image',
      'font',
      'http',
      'tlsv1',
      'sslv3',
    ),
);

function isPublicWord({ path, text }: Leaf, word: string): boolean {
  // Numbers decide: ports, times, sizes, statuses.
  if (/^\d{1,6}[a-z]{0,2}$/.test(word) || (/^\d+$/.test(word) && isMeasure(path)) || publicParts.has(word))
    return true;
  if (/^(?:ecdhe|dhe|rsa|ecdsa|aes\d*|gcm|chacha20|poly1305|sha\d*|md5|des|anull|high|low)$/.test(word))
    return true;
  if (/CN=/.test(text) && word === 'cn') return true;
  const field = path.at(-1) ?? '';
  if (ofApi.includes(field)) return apiNames.test(text);
  if (field === '(key)') {
    const [domain = '', name = ''] = text.split('/');
    const inDomain = /(?:^|\.)(?:kubernetes|k8s)\.io$/.test(domain) && !wordsIn(name).includes(word);
    return inDomain || publicKey.test(text) || controllerKeys.has(text);
  }
  if (path.includes('containers')) return isOfContainer(field, text, word);
  return false;
}

/** Sizes and times in whole numbers: of annotations and options that contain nothing else, and of the API. */
function isMeasure(path: readonly string[]): boolean {
  const name = (path.at(-1) ?? '').replace(/^.*\//, '');
  const type = builtInMappings().find(name)?.value.type;
  return type === 'int' || type === 'size' || type === 'seconds' || controllerKeys.has(name);
}

const publicKey =
  /^(?:(?:nginx\.ingress|ingress|app|ingressclass|service\.beta|external-dns\.alpha)\.kubernetes\.io\/[^/]*|kubernetes\.io\/(?:ingress\..*|tls-acme|metadata\.name)|(?:[a-z-]+\.)*(?:k8s\.io|cert-manager\.io|helm\.sh|istio\.io|argoproj\.io|fluxcd\.io)\/.*|app|istio|k8s-app|tier|version|component|release|name|chart|tls\.(?:crt|key)|ca\.(?:crt|crl)|auth)$/;

function isOfContainer(field: string, text: string, word: string): boolean {
  if (field === 'image') return publicImageWords.has(word);
  if (field === 'name') return /^POD_NAME(?:SPACE)?$/.test(text);
  const value = text.replace(/^--?[a-z][\w-]*=?/, '').replaceAll(/\$\(POD_NAME(?:SPACE)?\)|k8s\.io\//g, '');
  return !wordsIn(value).includes(word);
}

const publicImageWords = new Set(
  'registry k8s io quay docker gcr ghcr istio release ingress nginx controller pilot proxyv2 jetstack cert manager sha256 v1'.split(
    ' ',
  ),
);
