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
