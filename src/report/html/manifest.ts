import { toYaml } from '../../emit/yaml.ts';
import type { IstioObject } from '../../istio/objects.ts';
import { blockOffset } from '../../read/block-lines.ts';
import type { Backend, Ingress } from '../../read/cluster.ts';
import type { Origin, Path } from '../../read/origin.ts';
import { shorten, visible } from '../escape.ts';

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
  const { ref, annotations, labels, className, defaultBackend, tls, rules } = ingress;
  const shown = new Map<string, Path>();
  const note = (origin: Origin, ...path: Path): void => {
    shown.set(origin.path.join('\0'), path);
  };
  for (const [index, entry] of tls.entries()) note(entry.origin, 'spec', 'tls', index);
  for (const [index, rule] of rules.entries()) {
    note(rule.origin, 'spec', 'rules', index);
    for (const [number, path] of (rule.paths ?? []).entries())
      note(path.origin, 'spec', 'rules', index, 'http', 'paths', number);
  }
  if (defaultBackend !== undefined) note(defaultBackend.origin, 'spec', 'defaultBackend');
  const spec = {
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
  const metadata = {
    name: ref.name,
    namespace: ref.namespace,
    labels: entriesOf(labels),
    annotations: entriesOf(annotations),
  };
  const text = toYaml([{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec }]).slice(4);
  return {
    text: safeLines(text),
    lineOf({ path }) {
      const [first, second, key] = path;
      const inAnnotation = first === 'metadata' && second === 'annotations' && key !== undefined;
      const at = inAnnotation ? path.slice(0, 3) : shown.get(path.join('\0'));
      if (at === undefined) return -1;
      const offset = blockOffset(text, at);
      return offset === undefined ? -1 : lineAt(text, offset);
    },
  };
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
