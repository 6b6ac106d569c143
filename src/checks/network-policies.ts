import { listAt, recordAt, textsAt } from '../domain/fields.ts';
import { finding, findingType } from '../domain/findings.ts';
import { grouped } from '../domain/grouped.ts';
import { type Labels, meets } from '../domain/labels.ts';
import { originOf, qualifiedName } from '../domain/origin.ts';
import type { PlainObject } from '../read/cluster.ts';
import { nameLabel, namespaceLabels } from '../read/namespaces.ts';
import type { Check, Output } from './check.ts';

const closedToGateway = findingType<{ policy: string; gateway: string }>({
  code: 'check/network-policy',
  severity: 'warning',
  fields: ['status', 'upstream'],
  summary: 'A NetworkPolicy admits ingress-nginx, but not the pods of the gateway.',
  message: ({ policy, gateway }) =>
    `NetworkPolicy ${policy} admits ingress-nginx, but not the namespace ${gateway} of the gateway; requests through it time out with 503.`,
  remedy: ({ gateway }) =>
    `Admit the namespace ${gateway} as well, by the label kubernetes.io/metadata.name, before the cut-over.`,
});

/** Policies add up: what one of a namespace admits for all its pods, the others cannot close. */
export const networkPolicies: Check = {
  name: 'network-policies',
  findings: [closedToGateway],
  run(output) {
    const gateway = output.options.gateway.namespace;
    const policies = output.cluster.related.filter(
      ({ ref, body }) => ref.kind === 'NetworkPolicy' && restrictsIngress(body),
    );
    const labels = labelsOf(output);
    const controllers = new Set([
      'ingress-nginx',
      ...output.cluster.controllers.map(({ ref }) => ref.namespace),
    ]);
    controllers.delete(gateway);
    return [...grouped(policies, ({ ref }) => [ref.namespace])].flatMap(([namespace, group]) => {
      const admits = (policy: PlainObject, from: string) =>
        admitsNamespace(policy.body, namespace, from, labels(from));
      if (group.some((policy) => forAllPods(policy.body) && admits(policy, gateway))) return [];
      return group
        .filter((policy) => !admits(policy, gateway) && [...controllers].some((from) => admits(policy, from)))
        .map((policy) =>
          finding(
            closedToGateway,
            { policy: qualifiedName(policy.ref), gateway },
            { origin: originOf(policy.source, 'spec', 'ingress') },
          ),
        );
    });
  },
};

/** The labels of a namespace: those of the input, else the ones that its name lets expect. */
function labelsOf({ cluster }: Output): (namespace: string) => Labels {
  const known = namespaceLabels(cluster);
  return (namespace) =>
    known.get(namespace) ??
    new Map(
      [nameLabel, 'name', 'app.kubernetes.io/name', 'app.kubernetes.io/instance'].map((key) => [
        key,
        namespace,
      ]),
    );
}

function restrictsIngress(body: unknown): boolean {
  const types = textsAt(body, 'spec', 'policyTypes');
  return types.length === 0 || types.includes('Ingress');
}

function forAllPods(body: unknown): boolean {
  return isEmpty(recordAt(body, 'spec', 'podSelector'));
}

/** True where some rule lets pods of the namespace in, whatever their labels and the port. */
function admitsNamespace(body: unknown, own: string, namespace: string, labels: Labels): boolean {
  return listAt(body, 'spec', 'ingress').some((rule) => {
    const peers = listAt(rule, 'from');
    if (peers.length === 0) return true;
    return peers.some((peer) => {
      const fields = recordAt(peer);
      if (fields['ipBlock'] !== undefined)
        return /^(?:0\.0\.0\.0|::)\/0$/.test(String(recordAt(peer, 'ipBlock')['cidr']));
      if (fields['namespaceSelector'] === undefined) return own === namespace;
      return selects(recordAt(peer, 'namespaceSelector'), labels);
    });
  });
}

/** A label selector, as in apimachinery's LabelSelectorAsSelector. */
function selects(selector: Readonly<Record<string, unknown>>, labels: Labels): boolean {
  const wanted = Object.entries(recordAt(selector, 'matchLabels'));
  return (
    wanted.every(([key, value]) => labels.get(key) === value) &&
    listAt(selector, 'matchExpressions').every((expression) => {
      const { key, operator } = recordAt(expression);
      const values = textsAt(expression, 'values');
      return meets(labels, { key: String(key), operator: String(operator).toLowerCase(), values });
    })
  );
}

function isEmpty(selector: Readonly<Record<string, unknown>>): boolean {
  return (
    Object.keys(recordAt(selector, 'matchLabels')).length === 0 &&
    listAt(selector, 'matchExpressions').length === 0
  );
}
