import type { Labels } from '../domain/labels.ts';
import type { Cluster } from './cluster.ts';

/** The label that every namespace has: its name. */
export const nameLabel = 'kubernetes.io/metadata.name';

/** The labels of the Namespaces that the input has, by their names. */
export function namespaceLabels({ related }: Pick<Cluster, 'related'>): ReadonlyMap<string, Labels> {
  return new Map(
    related
      .filter(({ ref }) => ref.kind === 'Namespace')
      .map(({ ref, labels }) => [ref.name, new Map([...labels, [nameLabel, ref.name]])]),
  );
}
