import type { ClusterObject, ControllerWorkload } from './cluster.ts';
import { isMapping, type Mapping } from './fields.ts';

const BINARY = /(?:^|\/)nginx-ingress-controller$/;
const IMAGE = /(?:^|[/-])(?:ingress-nginx\/controller|nginx-ingress-controller)(?:[-:@]|$)/;

/**
 * A Deployment, DaemonSet or Pod that runs ingress-nginx, with the flags of its container; undefined for any other. `--flag value`
 * becomes `--flag=value`, and `$(NAME)` is replaced where the manifest itself says what NAME is.
 */
export function readController(object: ClusterObject, body: Mapping): ControllerWorkload | undefined {
  const spec = at(body, 'spec');
  const [pod, podPath] =
    object.ref.kind === 'Pod'
      ? [spec, ['spec']]
      : [at(spec, 'template', 'spec'), ['spec', 'template', 'spec']];
  const containers = pod['containers'];
  if (!Array.isArray(containers)) return undefined;
  for (const [index, container] of containers.entries()) {
    if (!isMapping(container)) continue;
    const words = [...texts(container['command']), ...texts(container['args'])].flatMap(shellWords);
    const binary = words.findIndex((word) => BINARY.test(word));
    if (binary === -1 && !IMAGE.test(String(container['image'] ?? ''))) continue;
    const known = environment(object, container);
    const flags = words.slice(binary + 1).map((word) => expand(word, known));
    const text = container['image'];
    const path = [...podPath, 'containers', index, 'image'];
    return {
      ...object,
      args: joinFlags(flags),
      image: typeof text === 'string' ? { text, path } : undefined,
    };
  }
  return undefined;
}

function at(value: Mapping, ...keys: string[]): Mapping {
  let inner: unknown = value;
  for (const key of keys) inner = isMapping(inner) ? inner[key] : undefined;
  return isMapping(inner) ? inner : {};
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

/** The words of a `sh -c` line; any other argument is one word. */
function shellWords(argument: string): string[] {
  return /nginx-ingress-controller\s/.test(argument) ? argument.split(/\s+/) : [argument];
}

function environment({ ref }: ClusterObject, container: Mapping): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  const entries = Array.isArray(container['env']) ? container['env'].filter(isMapping) : [];
  for (const entry of entries) {
    const field = at(entry, 'valueFrom', 'fieldRef')['fieldPath'];
    const value = field === 'metadata.namespace' ? ref.namespace : entry['value'];
    if (typeof entry['name'] === 'string' && typeof value === 'string') known.set(entry['name'], value);
  }
  return known;
}

function expand(word: string, known: ReadonlyMap<string, string>): string {
  return word.replace(/\$\(([A-Za-z_][A-Za-z0-9_]*)\)/g, (whole, name: string) => known.get(name) ?? whole);
}

function joinFlags(words: readonly string[]): string[] {
  const flags: string[] = [];
  for (const word of words) {
    const last = flags.at(-1);
    if (word.startsWith('-') || last === undefined || last.includes('=')) flags.push(word);
    else flags[flags.length - 1] = `${last}=${word}`;
  }
  return flags.filter((flag) => flag.startsWith('-') && flag !== '--');
}
