import { findingType } from '../domain/findings.ts';
import { count } from '../text/count.ts';

const traffic = [
  'status',
  'upstream',
  'path',
  'method',
  'host',
  'location',
  'connection',
  'certificate',
] as const;

export interface Waiting {
  readonly name: string;
  /** Its Ingresses and hosts, and the first few of the latter. */
  readonly ingresses: number;
  readonly hosts: readonly string[];
  readonly why: string;
}

export const noGateway = findingType<Waiting>({
  code: 'controller/no-gateway',
  severity: 'error',
  fields: traffic,
  summary: 'A controller of the input has no Istio gateway, so its Ingresses are not converted.',
  message: ({ name, ingresses, hosts, why }) =>
    `The Ingresses of the controller ${name} aren't converted (${count(ingresses, 'Ingress', 'Ingresses')}; ${hostList(hosts)}): ${why}. The input has several controllers, and each one needs its own gateway, so that internal hosts don't appear on a public one.`,
  remedy: ({ name }) =>
    `Name its gateway by the namespace and the labels of its pods: --gateway-for ${name}=NAMESPACE/LABEL=VALUE, or in ingress2istio.yaml under controllers: {class: ${name}, gateway: {namespace: NAMESPACE, selector: {LABEL: VALUE}}}. Name the gateways of the other controllers, too. To convert only another one, say --controller CLASS.`,
});

export const overlappingGateways = findingType<{ one: string; other: string }>({
  code: 'controller/overlapping-gateways',
  severity: 'warning',
  fields: [],
  summary: 'The selectors of two gateways may select the same pods.',
  message: ({ one, other }) =>
    `The selectors of the gateways of ${one} and ${other} have no label with different values. A pod that has the labels of both serves the hosts of both.`,
  remedy: () => 'Make sure that no pod has the labels of both gateways, or add a label whose value differs.',
});

export const servedTwice = findingType<{
  ingress: string;
  controllers: readonly string[];
  converted: number;
}>({
  code: 'controller/served-twice',
  severity: 'warning',
  fields: [],
  summary: 'Several controllers serve the same Ingress.',
  message: ({ ingress, controllers, converted }) =>
    `The controllers ${controllers.join(' and ')} all serve the Ingress ${ingress} today. It is converted for ${
      converted === controllers.length ? 'each of their gateways' : 'those of them that have a gateway'
    }.`,
  remedy: () =>
    'If only one of them is meant, name its class in spec.ingressClassName, and give each controller a --controller-class of its own.',
});

export const unknownController = findingType<{ name: string; known: readonly string[] }>({
  code: 'controller/not-in-input',
  severity: 'warning',
  fields: [],
  summary: 'A gateway is named for a controller that the input does not have.',
  message: ({ name, known }) =>
    `A gateway is named for the controller ${name}, but the input has no such controller${
      known.length === 0 ? '' : `; it has ${known.join(', ')}`
    }.`,
  remedy: () => 'Fix the class, or add the workload of the controller or its IngressClass to the input.',
});

export const notChosen = findingType<{ name: string; known: readonly string[] }>({
  code: 'controller/not-chosen',
  severity: 'error',
  fields: traffic,
  summary: 'The controller that is to be converted is not in the input.',
  message: ({ name, known }) =>
    `--controller names ${name}, but the input has no such controller; it has ${known.join(', ')}. Nothing is converted.`,
  remedy: () => 'Name one of them, or leave --controller out.',
});

export const ambiguousController = findingType<{ name: string; workloads: readonly string[] }>({
  code: 'controller/ambiguous',
  severity: 'error',
  fields: traffic,
  summary: 'A class is named that several controllers serve.',
  message: ({ name, workloads }) =>
    `${name} is named as a controller, and several controllers serve that class: ${workloads.join(', ')}.`,
  remedy: () => 'Name the workload as namespace/name in place of the class.',
});

export const flagsForAll = findingType<{ flags: readonly string[] }>({
  code: 'controller/flags-for-all',
  severity: 'warning',
  fields: [],
  summary: 'Flags for the controller apply to several controllers.',
  message: ({ flags }) =>
    `The input has several controllers, and ${flags.join(' ')} applies to each of them.`,
  remedy: () =>
    'Give a controller flags of its own under controllers in the config file, or convert one controller at a time with --controller.',
});

export const controllerGatewayFindings = [
  flagsForAll,
  noGateway,
  overlappingGateways,
  servedTwice,
  unknownController,
  notChosen,
  ambiguousController,
];

function hostList(hosts: readonly string[]): string {
  if (hosts.length === 0) return 'no host of their own';
  const some = hosts
    .slice(0, 10)
    .map((host) => (host === '' ? '(any host)' : host))
    .join(', ');
  return hosts.length > 10 ? `hosts ${some}, and ${hosts.length - 10} more` : `hosts ${some}`;
}
