import { listAt, recordAt, textsAt, valueAt } from '../domain/fields.ts';
import type { ClusterObject, ControllerWorkload } from './cluster.ts';
import type { Mapping } from './fields.ts';
import { containersOf } from './pod.ts';

const BINARY = /(?:^|\/)nginx-ingress-controller$/;
const IMAGE = /(?:^|[/-])(?:ingress-nginx\/controller|nginx-ingress-controller)(?:[-:@]|$)/;

/**
 * A Deployment, DaemonSet or Pod that runs ingress-nginx, with the flags of its container; undefined for any other. `--flag value`
 * becomes `--flag=value`, and `$(NAME)` is replaced where the manifest itself says what NAME is.
 */
export function readController(object: ClusterObject, body: Mapping): ControllerWorkload | undefined {
  const { containers, path: at } = containersOf(object, body);
  for (const [index, container] of containers.entries()) {
    const words = [...textsAt(container, 'command'), ...textsAt(container, 'args')].flatMap(shellWords);
    const binary = words.findIndex((word) => BINARY.test(word));
    if (binary === -1 && !IMAGE.test(String(container['image'] ?? ''))) continue;
    const known = environment(object, container);
    const flags = words.slice(binary + 1).map((word) => expand(word, known));
    const text = container['image'];
    const path = [...at, index, 'image'];
    return {
      ...object,
      args: joinFlags(flags),
      image: typeof text === 'string' ? { text, path } : undefined,
    };
  }
  return undefined;
}

/** The words of a `sh -c` line; any other argument is one word. */
function shellWords(argument: string): string[] {
  return /nginx-ingress-controller\s/.test(argument) ? argument.split(/\s+/) : [argument];
}

function environment({ ref }: ClusterObject, container: Mapping): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const entry of listAt(container, 'env')) {
    const { name, value } = recordAt(entry);
    const field = valueAt(entry, ['valueFrom', 'fieldRef', 'fieldPath']);
    const text = field === 'metadata.namespace' ? ref.namespace : value;
    if (typeof name === 'string' && typeof text === 'string') known.set(name, text);
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
