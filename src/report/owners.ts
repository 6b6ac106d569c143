import type { Overview } from './overview.ts';

/**
 * Who owns the Ingresses of an overview: the values of a label on them, or on their Namespace where the input holds it;
 * sorted, '' for those without.
 */
export function ownersOf({ conversion, ingresses }: Overview, label: string): string[] {
  const byNamespace = new Map(
    conversion.cluster.related
      .filter(({ ref }) => ref.kind === 'Namespace')
      .map(({ ref, labels }) => [ref.name, labels.get(label)]),
  );
  const owners = ingresses.map(
    ({ ingress: { ingress } }) => ingress.labels.get(label) ?? byNamespace.get(ingress.ref.namespace) ?? '',
  );
  return [...new Set(owners)].sort();
}
