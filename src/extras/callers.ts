import type { Conversion } from '../conversion/conversion.ts';
import { listAt, recordAt } from '../domain/fields.ts';
import { grouped } from '../domain/grouped.ts';
import { gatewayNamespaces } from '../domain/options.ts';
import { qualifiedName } from '../domain/origin.ts';
import type { Backend, Ingress, PlainObject } from '../read/cluster.ts';
import { visible } from '../text/escape.ts';
import type { Workload } from './workloads.ts';

/** A name or label of the input in a sentence, at most. */
const longest = 80;

/** Who else calls a workload, as far as the input shows it: a phrase each. */
export type Callers = (workload: Workload) => readonly string[];

/** NetworkPolicies that let somebody in, Ingresses of other controllers, and VirtualServices that are there already. */
export function callersIn(conversion: Conversion): Callers {
  const { cluster, model, objects } = conversion;
  const policies = grouped(
    cluster.related.filter(({ ref }) => ref.kind === 'NetworkPolicy'),
    ({ ref }) => [ref.namespace],
  );
  const foreign = model.ingresses.flatMap(({ ingress, state }) => (state.kind === 'served' ? [] : [ingress]));
  const ingresses = grouped(foreign, servicesOf);
  const written = new Set(
    objects.map(({ object: { kind, metadata } }) => `${kind} ${metadata.namespace}/${metadata.name}`),
  );
  const routes = cluster.istioObjects.filter(
    ({ ref }) => ref.kind === 'VirtualService' && !written.has(`VirtualService ${qualifiedName(ref)}`),
  );
  const domain = conversion.options.clusterDomain;
  const routed = grouped(routes, (rule) => destinationsOf(rule, domain));
  const ours = new Set([
    'ingress-nginx',
    ...cluster.controllers.map(({ ref }) => ref.namespace),
    ...gatewayNamespaces(conversion.options),
  ]);
  return (workload) => {
    const names = workload.services.map(({ ref }) => qualifiedName(ref));
    const hosts = workload.services.map(({ ref }) => `${ref.name}.${ref.namespace}.svc.${domain}`);
    const phrases = [
      ...names
        .flatMap((name) => ingresses.get(name) ?? [])
        .map(({ ref }) => `Ingress ${qualifiedName(ref)}, which ingress-nginx doesn't serve`),
      ...hosts
        .flatMap((host) => routed.get(host) ?? [])
        .map(({ ref }) => `callers that VirtualService ${qualifiedName(ref)} sends there`),
      ...(policies.get(workload.namespace) ?? [])
        .filter((policy) => isFor(policy, workload))
        .flatMap((policy) =>
          peersOf(policy, ours).map(
            (peer) => `${peer}, which NetworkPolicy ${qualifiedName(policy.ref)} admits`,
          ),
        ),
    ];
    return [...new Set(phrases)].sort();
  };
}

function servicesOf({ ref, defaultBackend, rules }: Ingress): string[] {
  const backends: Backend[] = [
    ...(defaultBackend === undefined ? [] : [defaultBackend]),
    ...rules.flatMap(({ paths = [] }) => paths.map(({ backend }) => backend)),
  ];
  return backends.flatMap((backend) =>
    backend.kind === 'service' ? [`${ref.namespace}/${backend.name}`] : [],
  );
}

/** Full names of the hosts that a VirtualService of the input sends to. */
function destinationsOf({ ref, body }: PlainObject, domain: string): string[] {
  return ['http', 'tls', 'tcp'].flatMap((protocol) =>
    listAt(body, 'spec', protocol).flatMap((rule) =>
      listAt(rule, 'route').flatMap((route) => {
        const host = recordAt(route, 'destination')['host'];
        if (typeof host !== 'string') return [];
        return [host.includes('.') ? host : `${host}.${ref.namespace}.svc.${domain}`];
      }),
    ),
  );
}

/** Whether it selects the pods, of which nothing but the Service's selector is known. */
function isFor({ body }: PlainObject, { selector }: Workload): boolean {
  const wanted = Object.entries(recordAt(body, 'spec', 'podSelector', 'matchLabels'));
  return wanted.every(([key, value]) => Object.hasOwn(selector, key) && selector[key] === value);
}

/** Those that it lets in, without ingress-nginx and the gateways. */
function peersOf({ ref, body }: PlainObject, ours: ReadonlySet<string>): string[] {
  return listAt(body, 'spec', 'ingress').flatMap((rule) => {
    const peers = listAt(rule, 'from');
    if (peers.length === 0) return ['everybody'];
    return peers.flatMap((peer) => {
      const block = recordAt(peer, 'ipBlock')['cidr'];
      if (typeof block === 'string') return [`addresses ${visible(block, longest)}`];
      const namespaces = recordAt(peer, 'namespaceSelector', 'matchLabels');
      if (Object.values(namespaces).some((value) => ours.has(String(value)))) return [];
      const pods = selectorText(recordAt(peer, 'podSelector'));
      const where =
        recordAt(peer)['namespaceSelector'] === undefined
          ? `namespace ${ref.namespace}`
          : selectorText(recordAt(peer, 'namespaceSelector'), 'every namespace', 'namespaces with ');
      return [`${pods === '' ? 'all pods' : `pods with ${pods}`} in ${where}`];
    });
  });
}

function selectorText(selector: Readonly<Record<string, unknown>>, empty = '', head = ''): string {
  const labels = Object.entries(recordAt(selector, 'matchLabels')).map(
    ([key, value]) => `${key}=${String(value)}`,
  );
  const expressions = listAt(selector, 'matchExpressions').map((one) => {
    const { key, operator } = recordAt(one);
    return `${String(key)} ${String(operator)}`;
  });
  const all = [...labels, ...expressions].sort();
  return all.length === 0 ? empty : `${head}${visible(all.join(', '), longest)}`;
}
