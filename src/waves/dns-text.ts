import { count } from '../text/count.ts';
import { markdownCode as code, visible } from '../text/escape.ts';
import { shellWord } from '../text/shell.ts';
import type { DnsChange } from './dns.ts';

/** A change of DNS in words (Markdown) and commands, and its way back. */
export interface DnsText {
  readonly title: string;
  readonly notes: readonly string[];
  readonly commands: readonly string[];
  readonly back: readonly string[];
}

/** How many records are listed one by one. */
const most = 20;

/** Plain records come as one list, as they are changed in one place. */
export function dnsTexts(
  changes: readonly DnsChange[],
  targetOf: (host: string) => string = () => '$GATEWAY',
): DnsText[] {
  const records = changes.flatMap((change) => (change.kind === 'record' ? [change.host] : []));
  const managed = changes.flatMap((change) => (change.kind === 'record' ? [] : [managedText(change)]));
  return [...(records.length === 0 ? [] : [recordText(records, targetOf)]), ...managed];
}

function recordText(records: readonly string[], targetOf: (host: string) => string): DnsText {
  const shown = records.slice(0, most);
  const list = (to: (host: string) => string): string[] => [
    ...shown.map((host) => `# ${visible(host)} -> ${to(host)}`),
    ...(records.length > most ? [`# … and ${records.length - most} more`] : []),
  ];
  const wildcards = records.filter((host) => host.startsWith('*.'));
  return {
    title: `Change ${count(records.length, 'DNS record')} where you manage them`,
    notes: [
      'The input has no annotation of external-dns for these hosts. If external-dns manages them all the same, set its `target` annotation on the Ingress instead.',
      'A day ahead, lower their TTL to 60 seconds; `dig` shows it. A CNAME needs a hostname, an A record an IP address.',
      ...(wildcards.length > 0
        ? [
            `${wildcards.map((host) => code(host)).join(', ')}: a wildcard record also moves every name below it that has no record of its own, whatever wave the plan has for that name.`,
          ]
        : []),
    ],
    commands: [
      ...shown
        .filter((host) => !host.startsWith('*.'))
        .map((host) => `dig +noall +answer ${shellWord(visible(host))}`)
        .slice(0, 3),
      ...list(targetOf),
    ],
    back: list(() => '$NGINX'),
  };
}

type Managed = Exclude<DnsChange, { readonly kind: 'record' }>;

function managedText(change: Managed): DnsText {
  const { ingress, hosts, others } = change;
  const [namespace = '', name = ''] = ingress.split('/');
  const annotate = (...values: readonly string[]): string =>
    `kubectl annotate ingress -n ${shellWord(namespace)} ${shellWord(name)} ${values.join(' ')}`;
  const split =
    others.length === 0
      ? []
      : [
          `The Ingress also serves ${count(others.length, 'host')} outside this wave (${others
            .slice(0, 5)
            .map((host) => code(host === '' ? 'catch-all' : host))
            .join(
              ', ',
            )}${others.length > 5 ? ', …' : ''}), and the change moves their records, too. Divide the Ingress before, or move these hosts with this wave.`,
        ];
  const git = 'If Git manages the Ingress, change the annotation there.';
  const of = `${count(hosts.length, 'host')} of Ingress ${code(ingress)}`;
  return change.kind === 'weighted'
    ? weightedText(change, annotate, `Move ${of} by weighted records`, [...split, git])
    : targetText(change, annotate, `Point external-dns at the gateway for ${of}`, [...split, git]);
}

type Annotate = (...values: readonly string[]) => string;

/** external-dns, annotations: `target` replaces the addresses of the Ingress's status. */
function targetText(
  { prefix, target, ttl }: Extract<Managed, { kind: 'external-dns' }>,
  annotate: Annotate,
  title: string,
  notes: readonly string[],
): DnsText {
  const key = `${prefix}target`;
  return {
    title,
    notes: [
      ttl === undefined
        ? `A day ahead, lower the TTL with ${code(`${prefix}ttl: "60"`)}.`
        : `The TTL today is ${code(ttl)}; a day ahead, lower it to 60 seconds.`,
      ...notes,
    ],
    commands: [
      ...(ttl === undefined ? [`${annotate(`${prefix}ttl=60`)}  # a day ahead`] : []),
      annotate(`${key}="$GATEWAY"`, '--overwrite'),
    ],
    back: [
      target === undefined ? annotate(`${key}-`) : annotate(shellWord(`${key}=${target}`), '--overwrite'),
    ],
  };
}

/** Route 53: records of one name need identifiers of their own, and share requests by their weights. */
function weightedText(
  { prefix, identifier, weight, gateways }: Extract<Managed, { kind: 'weighted' }>,
  annotate: Annotate,
  title: string,
  notes: readonly string[],
): DnsText {
  const own = identifier === 'istio' ? 'istio-gateway' : 'istio';
  const share = (percent: number): string[] => [
    `# ${percent} % to the gateway`,
    annotate(`${prefix}aws-weight=${100 - percent}`, '--overwrite'),
    ...gateways.map((gateway) => {
      const [namespace = '', name = ''] = gateway.split('/');
      return `kubectl annotate gateways.networking.istio.io -n ${shellWord(namespace)} ${shellWord(name)} ${prefix}set-identifier=${own} ${prefix}aws-weight=${percent} --overwrite`;
    }),
  ];
  return {
    title,
    notes: [
      'external-dns needs `--source=istio-gateway`. The Gateway gets a record of its own next to that of the Ingress; watch it after each step before you take the next one.',
      'Applying the objects again resets these annotations of the Gateway: keep them in a kustomize patch of your own until the Ingress is removed.',
      ...notes,
    ],
    commands: [10, 50, 100].flatMap(share),
    back: [
      annotate(shellWord(`${prefix}aws-weight=${weight}`), '--overwrite'),
      ...gateways.map((gateway) => {
        const [namespace = '', name = ''] = gateway.split('/');
        return `kubectl annotate gateways.networking.istio.io -n ${shellWord(namespace)} ${shellWord(name)} ${prefix}aws-weight=0 --overwrite`;
      }),
    ],
  };
}
