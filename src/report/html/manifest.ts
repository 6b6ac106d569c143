import type { Origin } from '../../domain/origin.ts';
import { toYaml } from '../../emit/yaml.ts';
import type { IstioObject } from '../../istio-api/objects.ts';
import { placedBlocks } from '../../read/block-yaml.ts';
import type { Backend, Ingress } from '../../read/cluster.ts';
import { shorten, visible } from '../../text/escape.ts';

/** Longest annotation that is shown in full, in characters. */
const longestAnnotation = 20_000;
/** Longest line. */
const longestLine = 2_000;

export interface ShownManifest {
  readonly text: string;
  /** The line of an origin inside the Ingress, from 0; -1 where it is not shown. */
  lineOf(origin: Origin): number;
}

/** An Ingress as networking.k8s.io/v1 has it, without status and bookkeeping. */
export function ingressManifest(ingress: Ingress): ShownManifest {
  const { ref, annotations, labels } = ingress;
  const metadata = {
    name: ref.name,
    namespace: ref.namespace,
    labels: entriesOf(labels),
    annotations: entriesOf(annotations),
  };
  const object = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec: specOf(ingress) };
  const text = toYaml([object]).slice(4);
  const places = placesIn(ingress, text);
  return {
    text: safeLines(text),
    lineOf({ path }) {
      const [first, second, key] = path;
      const at =
        first === 'metadata' && second === 'annotations' && key !== undefined
          ? annotationAt(text, String(key))
          : (places.get(path.join('\0')) ?? -1);
      return at === -1 ? -1 : lineAt(text, at);
    },
  };
}

function specOf({ className, defaultBackend, tls, rules }: Ingress): object {
  return {
    ingressClassName: className,
    defaultBackend: defaultBackend === undefined ? undefined : backendOf(defaultBackend),
    tls:
      tls.length === 0
        ? undefined
        : tls.map(({ hosts, secretName }) => ({ hosts, secretName: secretName || undefined })),
    rules:
      rules.length === 0
        ? undefined
        : rules.map(({ host, paths }) => ({
            host: host || undefined,
            http: paths && {
              paths: paths.map(({ path, pathType, backend }) => ({
                path: path || undefined,
                pathType,
                backend: backendOf(backend),
              })),
            },
          })),
  };
}

/**
 * Where rules, paths and TLS entries begin. Our own writer indents by two and puts what is inside a value further right,
 * so a line break with so many spaces and a dash is the next entry of just that list.
 */
function placesIn({ tls, rules, defaultBackend }: Ingress, text: string): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const note = ({ path }: Origin, at: number): void => {
    places.set(path.join('\0'), at);
  };
  if (defaultBackend !== undefined) note(defaultBackend.origin, nextLine(text, '\n  defaultBackend:', 0));
  let at = nextLine(text, '\n  tls:', 0);
  for (const { origin } of tls) {
    at = nextLine(text, '\n    - ', at);
    note(origin, at);
  }
  at = nextLine(text, '\n  rules:', 0);
  for (const { origin, paths = [] } of rules) {
    at = nextLine(text, '\n    - ', at);
    note(origin, at);
    let inside = at;
    for (const path of paths) {
      inside = nextLine(text, '\n          - ', inside);
      note(path.origin, inside);
    }
  }
  return places;
}

/** The start of the line that begins so, after `from`. */
function nextLine(text: string, start: string, from: number): number {
  const at = text.indexOf(start, from);
  return at === -1 ? -1 : at + 1;
}

function annotationAt(text: string, key: string): number {
  const from = text.indexOf('\n  annotations:');
  if (from === -1) return -1;
  const plain = nextLine(text, `\n    ${key}: `, from);
  return plain === -1 ? (placedBlocks(text)?.startOf(['metadata', 'annotations', key]) ?? -1) : plain;
}

function lineAt(text: string, offset: number): number {
  let line = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

function entriesOf(entries: ReadonlyMap<string, string>): Record<string, string> | undefined {
  if (entries.size === 0) return undefined;
  return Object.fromEntries([...entries].map(([key, value]) => [key, shorten(value, longestAnnotation)]));
}

function backendOf(backend: Backend): object {
  if (backend.kind === 'resource') return { resource: backend.resource };
  const { name, port } = backend;
  const of = typeof port === 'number' ? { number: port } : { name: port };
  return { service: { name, port: port === undefined ? undefined : of } };
}

/** An object of the output. The users of an EnvoyFilter are for the cluster, not for a report. */
export function objectManifest(object: IstioObject): string {
  const shown = object.kind === 'EnvoyFilter' ? { ...object, spec: withoutUsers(object.spec) } : object;
  return safeLines(toYaml([shown]).slice(4));
}

function withoutUsers(value: unknown): object {
  const walk = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, inner]) => [
        key,
        key === 'users' ? '(not shown in reports)' : walk(inner),
      ]),
    );
  };
  return walk(value) as object;
}

/** Line breaks stay; whatever else cannot be seen is named. */
function safeLines(text: string): string {
  return /^[\n\x20-\x7e]*$/.test(text) && text.length < longestLine
    ? text
    : text
        .split('\n')
        .map((line) => visible(line, longestLine))
        .join('\n');
}
