import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { ConfigError } from '../domain/errors.ts';
import type { GivenOptions } from '../domain/options.ts';
import type { ObjectRef, ObjectSource, Path } from '../domain/origin.ts';
import type { Cluster, ConfigMap } from '../read/cluster.ts';

/**
 * The cluster with the ConfigMap of `--controller-config` in it, and options that name it as the controller's. The
 * text is a ConfigMap manifest, or plain `key: value` lines as in its `data`.
 * @throws {ConfigError} it is neither
 */
export function withControllerConfig(
  cluster: Cluster,
  options: GivenOptions,
  file: string,
  text: string,
): { readonly cluster: Cluster; readonly options: GivenOptions } {
  const map = readControllerConfig(file, text);
  const { namespace, name } = map.ref;
  return {
    cluster: {
      ...cluster,
      configMaps: [
        map,
        ...cluster.configMaps.filter(({ ref }) => ref.namespace !== namespace || ref.name !== name),
      ],
    },
    options: {
      ...options,
      controllerFlags: [...options.controllerFlags, `--configmap=${namespace}/${name}`],
    },
  };
}

function readControllerConfig(file: string, text: string): ConfigMap {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const fail = (offset: number, problem: string): ConfigError => {
    const { line, column } = place(offset);
    return new ConfigError(`${file}:${line}:${column} ${problem}`, wayOut);
  };
  const [error] = document.errors;
  if (error !== undefined) throw fail(error.pos[0], error.message.trim());
  const root = document.contents;
  if (!isMap(root)) throw new ConfigError(`${file} contains no key: value lines.`, wayOut);
  const manifest = root.has('kind') || root.has('apiVersion') || root.has('metadata');
  if (manifest && textOf(document.get('kind')) !== 'ConfigMap') {
    throw fail(root.range?.[0] ?? 0, 'is a manifest, but not of one ConfigMap.');
  }
  const entries = manifest ? root.get('data', true) : root;
  const data = new Map<string, string>();
  const offsets = new Map<string, number>();
  for (const { key, value } of isMap(entries) ? entries.items : []) {
    if (!isScalar(key)) throw fail(root.range?.[0] ?? 0, "has a key that isn't a string.");
    const name = String(key.value);
    offsets.set(name, key.range?.[0] ?? 0);
    if (!isScalar(value)) throw fail(key.range?.[0] ?? 0, `gives ${JSON.stringify(name)} no plain value.`);
    data.set(name, typeof value.value === 'string' ? value.value : (value.source ?? ''));
  }
  const ref: ObjectRef = {
    kind: 'ConfigMap',
    namespace: textOf(manifest ? document.getIn(['metadata', 'namespace']) : undefined) ?? 'ingress-nginx',
    name: textOf(manifest ? document.getIn(['metadata', 'name']) : undefined) ?? 'ingress-nginx-controller',
  };
  const source: ObjectSource = {
    ref,
    file,
    locate: (path: Path) => ({
      file,
      ...place(path[0] === 'data' ? (offsets.get(String(path[1])) ?? 0) : 0),
    }),
  };
  return { ref, source, annotations: new Map(), labels: new Map(), data };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const wayOut =
  'Give the ConfigMap of ingress-nginx as `kubectl get configmap ingress-nginx-controller -o yaml` prints it, or lines such as `proxy-read-timeout: "120"`.';
