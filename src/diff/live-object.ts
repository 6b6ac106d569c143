import { isMapping, type Mapping } from '../read/fields.ts';

/** What an API server, kubectl or a GitOps tool adds to an object; nobody who wrote the object wrote this. */
const serverMetadata = new Set([
  'managedFields',
  'resourceVersion',
  'uid',
  'creationTimestamp',
  'generation',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);
const toolAnnotations =
  /^(?:kubectl\.kubernetes\.io\/last-applied-configuration|argocd\.argoproj\.io\/tracking-id|kustomize\.toolkit\.fluxcd\.io\/.*)$/;
const toolLabels =
  /^(?:argocd\.argoproj\.io\/instance|kustomize\.toolkit\.fluxcd\.io\/.*|app\.kubernetes\.io\/managed-by)$/;

/** An object as somebody wrote it: without what the server adds, keys sorted, empty maps of metadata left out. */
export function asWritten(object: Mapping): Mapping {
  const { status: _status, metadata, ...rest } = object;
  const kept = isMapping(metadata) ? metadata : {};
  const written: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(kept)) {
    if (serverMetadata.has(key)) continue;
    if ((key === 'annotations' || key === 'labels') && isMapping(value)) {
      const foreign = key === 'annotations' ? toolAnnotations : toolLabels;
      const own = Object.entries(value).filter(([name]) => !foreign.test(name));
      if (own.length > 0) written[key] = Object.fromEntries(own);
    } else if (value !== null && value !== undefined) {
      written[key] = value;
    }
  }
  return sorted({ ...rest, metadata: written }) as Mapping;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .filter((key) => value[key] !== undefined)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

/** A field that two objects do not share, as in `spec.http[2].timeout`. */
export interface FieldChange {
  readonly path: string;
  /** Undefined: the field is not there. */
  readonly before: unknown;
  readonly after: unknown;
}

/** Field by field; lists of entries with unique names (routes, servers, subsets) are compared by name, others by place. */
export function fieldChanges(before: unknown, after: unknown, path = ''): FieldChange[] {
  if (isMapping(before) && isMapping(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) =>
      fieldChanges(ownValue(before, key), ownValue(after, key), joined(path, key)),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) return listChanges(before, after, path);
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

function listChanges(before: readonly unknown[], after: readonly unknown[], path: string): FieldChange[] {
  const [one, other] = [namesOf(before), namesOf(after)];
  if (one === undefined || other === undefined) {
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) =>
      fieldChanges(before[index], after[index], `${path}[${index}]`),
    ).flat();
  }
  const names = [...new Set([...one.keys(), ...other.keys()])];
  const changes = names.flatMap((name) => fieldChanges(one.get(name), other.get(name), `${path}[${name}]`));
  const shared = (list: ReadonlyMap<string, unknown>, rest: ReadonlyMap<string, unknown>) =>
    [...list.keys()].filter((name) => rest.has(name));
  const [orderBefore, orderAfter] = [shared(one, other), shared(other, one)];
  return orderBefore.every((name, index) => name === orderAfter[index])
    ? changes
    : [...changes, { path: `${path} (order)`, before: orderBefore, after: orderAfter }];
}

/** Entries by their `name`; undefined where not each has one of its own. */
function namesOf(list: readonly unknown[]): Map<string, unknown> | undefined {
  const named = new Map<string, unknown>();
  for (const entry of list) {
    const name = isMapping(entry) ? entry['name'] : undefined;
    if (typeof name !== 'string' || named.has(name)) return undefined;
    named.set(name, entry);
  }
  return named;
}

function ownValue(object: Mapping, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function joined(path: string, key: string): string {
  const step = /^[A-Za-z_][\w-]*$/.test(key) ? key : JSON.stringify(key);
  return path === '' ? step : step.startsWith('"') ? `${path}[${step}]` : `${path}.${step}`;
}
