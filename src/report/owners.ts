import { namespaceLabels } from '../read/namespaces.ts';
import type { Overview } from './overview.ts';

/**
 * Who owns the Ingresses of an overview: the values of a label on them, or on their Namespace where the input holds it;
 * sorted, '' for those without.
 */
export function ownersOf({ conversion, ingresses }: Overview, label: string): string[] {
  const byNamespace = namespaceLabels(conversion.cluster);
  const owners = ingresses.map(
    ({ ingress: { ingress } }) =>
      ingress.labels.get(label) ?? byNamespace.get(ingress.ref.namespace)?.get(label) ?? '',
  );
  return [...new Set(owners)].sort();
}
