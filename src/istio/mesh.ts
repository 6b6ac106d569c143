import { type Finding, finding, findingType } from '../domain/findings.ts';
import type { Options } from '../domain/options.ts';
import { type Origin, qualifiedName } from '../domain/origin.ts';
import type { IstioObject } from '../istio-api/objects.ts';
import { meshConfigKind } from '../istio-api/objects.ts';
import type { MeshEffect } from '../plan/effect.ts';
import type { Emitted } from '../plan/emitted.ts';
import type { Step } from '../plan/step.ts';
import { canonical } from '../text/json.ts';

const meshConflict = findingType<{ field: string; kept: string; lost: string }>({
  code: 'mesh/conflict',
  severity: 'error',
  fields: [],
  summary: 'Two parts of the input need different values of one mesh setting.',
  message: ({ field, kept, lost }) =>
    `The mesh setting ${field} is needed as ${kept} and as ${lost}; ${kept} was written.`,
  remedy: () => 'Decide for one of the two, or serve the Ingresses through two gateways.',
});

export const meshFindingTypes = [meshConflict];

/** One object of all the mesh settings that features rely on, and the step that says who needs them. */
export function meshConfig(
  effects: readonly MeshEffect[],
  options: Options,
): {
  readonly objects: readonly Emitted[];
  readonly steps: readonly Step[];
  readonly findings: readonly Finding[];
} {
  if (effects.length === 0) return { objects: [], steps: [], findings: [] };
  const fragments = new Map<string, MeshEffect[]>();
  const seen = new Map<object, MeshEffect[]>();
  for (const effect of effects) {
    const known = seen.get(effect.fragment);
    if (known !== undefined) {
      known.push(effect);
      continue;
    }
    const key = canonical(effect.fragment);
    const same = fragments.get(key) ?? [];
    same.push(effect);
    fragments.set(key, same);
    seen.set(effect.fragment, same);
  }
  const findings: Finding[] = [];
  let spec: Record<string, unknown> = {};
  for (const [, [first]] of [...fragments].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { fragment, origins } = first!;
    spec = merge(spec, fragment, [], (path, kept, lost) => {
      const args = { field: path.join('.'), kept: canonical(kept), lost: canonical(lost) };
      findings.push(finding(meshConflict, args, { origin: origins[0] }));
    });
  }
  const origins = distinct(effects.flatMap((effect) => effect.origins));
  const object: IstioObject = {
    apiVersion: 'ingress2istio/v1',
    kind: meshConfigKind,
    metadata: { name: 'mesh-config', namespace: options.gateway.namespace },
    spec,
  };
  const from = [
    ...new Set(origins.filter(isOfIngress).map(({ source }) => qualifiedName(source.ref))),
  ].sort();
  const step: Step = {
    kind: 'mesh-config',
    key: 'mesh-config',
    title: `Set in the mesh configuration: ${[...leaves(spec, '')].sort().join(', ')}`,
    commands: [
      'helm upgrade istiod istio/istiod --namespace istio-system --reuse-values -f mesh/mesh-config.yaml',
    ],
    origins,
  };
  return { objects: [{ object, file: 'mesh/mesh-config', from }], steps: [step], findings };
}

/** The settings that several gateways need, as one object, and what contradicts. */
export function joinMesh(objects: readonly Emitted[]): {
  readonly object: Emitted | undefined;
  readonly findings: readonly Finding[];
} {
  const [first, ...others] = objects;
  if (first === undefined || others.length === 0) return { object: first, findings: [] };
  const findings: Finding[] = [];
  let spec = first.object.spec as Record<string, unknown>;
  for (const { object } of others) {
    spec = merge(spec, object.spec as Record<string, unknown>, [], (path, kept, lost) => {
      const args = { field: path.join('.'), kept: canonical(kept), lost: canonical(lost) };
      findings.push(finding(meshConflict, args));
    });
  }
  const from = [...new Set(objects.flatMap((one) => one.from))].sort();
  return { object: { ...first, object: { ...first.object, spec }, from }, findings };
}

type Told = (path: readonly string[], kept: unknown, lost: unknown) => void;

/** Objects are merged field by field; lists are joined, by name where their entries have one; of two other values the first stays. */
function merge(
  base: Readonly<Record<string, unknown>>,
  added: Readonly<Record<string, unknown>>,
  path: readonly string[],
  conflict: Told,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(added)) {
    const known = Object.hasOwn(merged, name) ? merged[name] : undefined;
    const at = [...path, name];
    if (known === undefined) merged[name] = value;
    else if (Array.isArray(known) && Array.isArray(value)) merged[name] = join(known, value, at, conflict);
    else if (isRecord(known) && isRecord(value)) merged[name] = merge(known, value, at, conflict);
    else if (canonical(known) !== canonical(value)) conflict(at, known, value);
  }
  return merged;
}

function join(
  known: readonly unknown[],
  added: readonly unknown[],
  path: readonly string[],
  conflict: Told,
): unknown[] {
  const joined = [...known];
  for (const entry of added) {
    const text = canonical(entry);
    if (joined.some((other) => canonical(other) === text)) continue;
    const name = isRecord(entry) ? entry['name'] : undefined;
    const same = joined.find((other) => name !== undefined && isRecord(other) && other['name'] === name);
    if (same === undefined) joined.push(entry);
    else conflict([...path, String(name)], same, entry);
  }
  return joined.sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
}

function* leaves(value: unknown, path: string): Iterable<string> {
  if (!isRecord(value)) {
    yield path;
    return;
  }
  for (const [name, part] of Object.entries(value))
    yield* leaves(part, path === '' ? name : `${path}.${name}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOfIngress({ source }: Origin): boolean {
  return source.ref.kind === 'Ingress';
}

function distinct(origins: readonly Origin[]): Origin[] {
  const byPlace = new Map<string, Origin>();
  for (const origin of origins) {
    const { file, ref } = origin.source;
    byPlace.set(JSON.stringify([file, ref, origin.path]), origin);
  }
  return [...byPlace].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, origin]) => origin);
}
