import { type Finding, finding } from '../domain/findings.ts';
import { originOf, qualifiedName } from '../domain/origin.ts';
import type { ClusterObject } from './cluster.ts';
import { isMapping } from './fields.ts';
import { differingDuplicate, equalDuplicate } from './findings/objects.ts';
import { type ReadSource, rawObject } from './source.ts';

/** Orders objects by namespace, name and place; their order in the input plays no part. */
export function inOrder<T extends ClusterObject>(objects: readonly T[]): T[] {
  return objects.toSorted(
    (a, b) =>
      compare(a.ref.namespace, b.ref.namespace) ||
      compare(a.ref.name, b.ref.name) ||
      compare(a.ref.kind, b.ref.kind) ||
      comparePlaces(a.source as ReadSource, b.source as ReadSource),
  );
}

export function comparePlaces(a: ReadSource, b: ReadSource): number {
  return compare(a.file, b.file) || (a.piece?.start ?? 0) - (b.piece?.start ?? 0);
}

/**
 * Keeps one of each object: the one with the highest resourceVersion, else the highest generation, else the first by content. So the
 * choice does not hang on the order of files and documents. The others are told.
 */
export function withoutDuplicates<T extends ClusterObject>(
  objects: readonly T[],
  report: (finding: Finding) => void,
): T[] {
  const groups = new Map<string, T[]>();
  for (const object of objects) {
    const key = identityOf(object);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [object]);
    else group.push(object);
  }
  return [...groups.values()].map((group) => (group.length === 1 ? group[0]! : pickOne(group, report)));
}

function identityOf(object: ClusterObject & { readonly apiVersion?: string }): string {
  const group = object.apiVersion?.split('/')[0] ?? '';
  return `${group} ${object.ref.kind} ${qualifiedName(object.ref)}`;
}

function pickOne<T extends ClusterObject>(group: readonly T[], report: (finding: Finding) => void): T {
  const candidates = group.map((object) => ({ object, ...contentOf(object.source as ReadSource) }));
  candidates.sort(
    (a, b) =>
      b.resourceVersion - a.resourceVersion ||
      b.generation - a.generation ||
      compare(a.text, b.text) ||
      comparePlaces(a.object.source as ReadSource, b.object.source as ReadSource),
  );
  const [used, ...others] = candidates;
  const { file, line } = used!.object.source.locate([]);
  for (const other of others) {
    const type = other.text === used!.text ? equalDuplicate : differingDuplicate;
    const args = { ref: other.object.ref, used: `${file}:${line}` };
    report(finding(type, args, { origin: originOf(other.object.source) }));
  }
  return used!.object;
}

function contentOf(source: ReadSource) {
  const raw = rawObject(source);
  const metadata = isMapping(raw) && isMapping(raw['metadata']) ? raw['metadata'] : {};
  return {
    text: canonical(raw),
    resourceVersion: Number(metadata['resourceVersion']) || 0,
    generation: Number(metadata['generation']) || 0,
  };
}

/** JSON with sorted keys: equal for equal values. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isMapping(value)) return JSON.stringify(value) ?? 'null';
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${entries.join(',')}}`;
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
