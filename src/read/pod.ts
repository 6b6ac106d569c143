import { listAt, recordAt } from '../domain/fields.ts';
import type { Path } from '../domain/origin.ts';
import type { ClusterObject } from './cluster.ts';
import type { Mapping } from './fields.ts';

/** The containers of a Pod, or of the template of a workload, and the place of their list in the object. */
export function containersOf(
  { ref }: ClusterObject,
  body: Mapping,
): { readonly containers: readonly Mapping[]; readonly path: Path } {
  const path = ref.kind === 'Pod' ? ['spec', 'containers'] : ['spec', 'template', 'spec', 'containers'];
  return { containers: listAt(body, ...path).map((container) => recordAt(container)), path };
}

/** Labels and service account of a Pod, or of those that a workload makes. */
export function identityOf(
  { ref, labels }: ClusterObject,
  body: Mapping,
): { readonly podLabels: ReadonlyMap<string, string>; readonly serviceAccount: string | undefined } {
  const isPod = ref.kind === 'Pod';
  const template = recordAt(body, 'spec', 'template', 'metadata', 'labels');
  const named = recordAt(body, ...(isPod ? ['spec'] : ['spec', 'template', 'spec']))['serviceAccountName'];
  return {
    podLabels: isPod ? labels : new Map(Object.entries(template).map(([key, value]) => [key, String(value)])),
    serviceAccount: typeof named === 'string' && named !== '' ? named : undefined,
  };
}
