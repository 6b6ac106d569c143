import { addressCommand, tries } from '../report/plan.ts';
import { visible } from '../text/escape.ts';
import { shellWord } from '../text/shell.ts';
import type { Checklist } from './checklist.ts';

/** A line of a shell script that a wave is looked at with. */
type Commands = readonly string[];

/** Writes the objects of the wave and applies them. */
export function applyCommands({ number }: Pick<Checklist, 'number'>): Commands {
  return [
    `ingress2istio convert INPUT --select wave=${number} --output istio`,
    'istioctl analyze --all-namespaces --recursive istio',
    'kubectl diff -k istio',
    'kubectl apply -k istio',
  ];
}

/** Whether the Secrets that its Gateways name are where they have to be. */
export function secretCommands({ steps }: Pick<Checklist, 'steps'>): Commands {
  const names = new Map<string, string[]>();
  for (const { secret } of steps) {
    if (secret === undefined) continue;
    const known = names.get(secret.to.namespace) ?? [];
    names.set(secret.to.namespace, [...known, secret.to.name]);
  }
  return [...names].map(
    ([namespace, own]) =>
      `kubectl get secret -n ${shellWord(namespace)} ${[...new Set(own)].sort().map(shellWord).join(' ')}`,
  );
}

/** Asks each host at the gateway, before DNS names it. */
export function tryCommands({ gateways, hosts: all }: Pick<Checklist, 'gateways' | 'hosts'>): Commands {
  const catchAll = all.some(({ host }) => host === '') ? ['curl -i "http://$GATEWAY/"'] : [];
  return gateways.flatMap(({ options, hosts }) => [
    addressCommand(options),
    ...tries(hosts, options),
    ...catchAll,
  ]);
}

/** The addresses that records have today. */
function addressesToday(checklist: Pick<Checklist, 'hosts'>): Commands {
  const [first] = checklist.hosts.flatMap(({ ingresses }) => ingresses);
  if (first === undefined) return [];
  const [namespace = '', name = ''] = first.split('/');
  const at = '.status.loadBalancer.ingress[0]';
  return [
    `NGINX=$(kubectl get ingress -n ${shellWord(namespace)} ${shellWord(name)} -o jsonpath='{${at}.ip}{${at}.hostname}')`,
  ];
}

/** Asks both gateways; of several controllers, each by itself. */
export function verifyCommands(checklist: Pick<Checklist, 'number' | 'gateways' | 'hosts'>): Commands {
  const { number, gateways } = checklist;
  const verify = (more: string): string =>
    `ingress2istio verify INPUT ${more}--select wave=${number} --from "$NGINX" --to "$GATEWAY"`;
  if (gateways.every(({ name }) => name === undefined)) return [...addressesToday(checklist), verify('')];
  return gateways.flatMap(({ name = '', options }) => [
    `# Set NGINX to the address of the controller ${visible(name)}`,
    addressCommand(options),
    verify(`--controller ${shellWord(name)} `),
  ]);
}

/** Where the record of a host goes; with several gateways, which of them it is. */
export function targetsBy({ gateways }: Pick<Checklist, 'gateways'>): (host: string) => string {
  if (gateways.length < 2) return () => '$GATEWAY';
  return (host) => {
    const own = gateways.filter(({ hosts }) => hosts.includes(host));
    return own.map(({ name = '' }) => `$GATEWAY for the controller ${visible(name)}`).join(', and ');
  };
}
