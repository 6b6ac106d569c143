import { finding, findingType } from '../domain/findings.ts';
import { type LabelRequirement, meets } from '../domain/labels.ts';
import type { Cluster, Ingress } from '../read/cluster.ts';
import { nameLabel, namespaceLabels } from '../read/namespaces.ts';
import type { ControllerFlags, IngressState } from './model.ts';

const unknownNamespaces = findingType<{ selector: string; namespaces: readonly string[] }>({
  code: 'controller/namespace-unknown',
  severity: 'error',
  fields: [],
  summary: 'The controller watches namespaces by their labels, and the input does not show the labels.',
  message: ({ selector, namespaces }) =>
    `The controller watches only namespaces that match ${selector}, and the input doesn't show whether these do: ${namespaces.join(', ')}. Their Ingresses aren't converted, so that no host is served after the move that isn't served today.`,
  remedy: () =>
    'Add the Namespaces to the input, as kubectl get namespaces -o yaml writes them. To convert all Ingresses anyway, set --controller-flags "--watch-namespace-selector=".',
});

export const namespaceFindingTypes = [unknownNamespaces];

type Selection = Pick<ControllerFlags, 'watchNamespace' | 'watchNamespaceSelector'>;

/** Whether the controller watches a namespace; undefined where the input does not show it. */
export type Watched = (namespace: string) => boolean | undefined;

/** ingress-nginx 1.15.1, controller/store/store.go New: one namespace, or those whose labels match. */
export function watchedNamespaces(
  cluster: Pick<Cluster, 'related'>,
  { watchNamespace, watchNamespaceSelector }: Selection,
): Watched {
  if (watchNamespace !== '') return (namespace) => namespace === watchNamespace;
  if (watchNamespaceSelector === '') return () => true;
  const requirements = requirementsOf(watchNamespaceSelector);
  if (requirements === undefined) return () => undefined;
  const known = namespaceLabels(cluster);
  return (namespace) => {
    const labels = known.get(namespace);
    const judged = requirements.filter(({ key }) => labels !== undefined || key === nameLabel);
    const own = labels ?? new Map([[nameLabel, namespace]]);
    if (!judged.every((requirement) => meets(own, requirement))) return false;
    return judged.length === requirements.length ? true : undefined;
  };
}

/**
 * The state of Ingresses in namespaces of which the input does not show whether the controller watches them; undefined for the
 * others.
 */
export function waitingForNamespaces(
  watched: Watched,
  ingresses: readonly Ingress[],
  { watchNamespaceSelector: selector }: Selection,
): (ingress: Ingress) => IngressState | undefined {
  const all = new Set(ingresses.map(({ ref }) => ref.namespace));
  const namespaces = [...all].filter((namespace) => watched(namespace) === undefined).sort();
  const waiting: IngressState = {
    kind: 'waiting',
    reason: `the controller watches namespaces that match ${selector}, and the labels of this one are not known`,
    finding: finding(unknownNamespaces, { selector, namespaces }),
  };
  return ({ ref }) => (watched(ref.namespace) === undefined ? waiting : undefined);
}

/** `!key`, `key`, `key=value` or `key in (value, …)`, up to the comma after it. */
const requirement =
  /\s*(!?)\s*([\w./-]+)(?:\s*(==|=|!=|<|>)\s*([\w.-]*)|\s+(in|notin)\s*\(([\w.,\s-]*)\))?\s*(?:,|$)/y;

const operators: Readonly<Record<string, string>> = {
  '=': 'in',
  '==': 'in',
  '!=': 'notin',
  '<': 'lt',
  '>': 'gt',
};

/** The text form of a label selector (apimachinery, labels/selector.go Parse); undefined for what it would not read. */
function requirementsOf(selector: string): LabelRequirement[] | undefined {
  const requirements: LabelRequirement[] = [];
  const reader = new RegExp(requirement);
  while (reader.lastIndex < selector.length) {
    const [, not = '', key = '', sign, value = '', word, list = ''] = reader.exec(selector) ?? [];
    const comparison = sign === undefined ? word : operators[sign];
    if (key === '' || (not !== '' && comparison !== undefined)) return undefined;
    const operator = comparison ?? (not === '' ? 'exists' : 'doesnotexist');
    const values = word === undefined ? [value] : list.split(',').map((one) => one.trim());
    requirements.push({ key, operator, values });
  }
  return requirements;
}
