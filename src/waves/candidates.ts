import { levelOfFinding } from '../conversion/level.ts';
import { qualifiedName } from '../domain/origin.ts';
import type { ModelIngress, NginxModel, Server } from '../nginx/model.ts';
import type { Overview } from '../report/overview.ts';
import type { Readiness } from '../report/readiness.ts';
import type { HostPlaces } from '../selection/places.ts';

/** Why hosts move together. */
export const tieKinds = ['certificate', 'ingress', 'cookie', 'sign-in'] as const;

export type TieKind = (typeof tieKinds)[number];

/** Something that hosts share. */
export interface Tie {
  readonly kind: TieKind;
  /** As in `shop/tls`, `shop/web`, `route for example.com` or `login.example.com`. */
  readonly name: string;
}

/** A host that a plan has to place, and what its place depends on. */
export interface Candidate {
  readonly host: string;
  readonly readiness: Exclude<Readiness, 'left-alone'>;
  /** Findings that need a choice or work. */
  readonly open: number;
  readonly notes: number;
  /** Requests in a log; undefined where no figures were given. */
  readonly requests: number | undefined;
  readonly ties: readonly Tie[];
}

/**
 * Every host that ingress-nginx serves, sorted.
 * @param traffic requests by host
 */
export function candidatesOf(
  { conversion, ingresses, findings }: Overview,
  places: HostPlaces,
  traffic?: ReadonlyMap<string, number>,
): Candidate[] {
  const { model } = conversion;
  const readiness = new Map(
    ingresses.map((one) => [qualifiedName(one.ingress.ingress.ref), one.readiness] as const),
  );
  const counts = new Map<string, { open: number; notes: number }>();
  for (const finding of findings) {
    if (finding.type.gateway !== undefined) continue;
    for (const host of places.ofFinding(finding) ?? []) {
      const known = counts.get(host) ?? { open: 0, notes: 0 };
      counts.set(host, known);
      if (levelOfFinding(finding) > 0) known.open++;
      else known.notes++;
    }
  }
  const hosts = new Set(model.servers.map(({ host }) => host));
  const found = new Map<string, Candidate>();
  for (const server of model.servers) {
    const { host } = server;
    const known = found.get(host);
    const own = server.ingresses.map(({ ingress }) => readiness.get(qualifiedName(ingress.ref)));
    const worst = order.findLast((level) => level === known?.readiness || own.includes(level)) ?? 'ready';
    found.set(host, {
      host,
      readiness: worst,
      ...(counts.get(host) ?? { open: 0, notes: 0 }),
      requests: traffic === undefined ? undefined : (traffic.get(host) ?? 0),
      ties: [...(known?.ties ?? []), ...tiesOf(server, hosts)],
    });
  }
  return [...found.values()].sort((a, b) => (a.host < b.host ? -1 : 1));
}

const order = ['ready', 'decision', 'blocked'] as const;

function tiesOf({ host, tls, ingresses }: Server, hosts: ReadonlySet<string>): Tie[] {
  const certificate: Tie[] =
    tls?.certificate.kind === 'secret'
      ? [{ kind: 'certificate', name: `${tls.certificate.namespace}/${tls.certificate.name}` }]
      : [];
  const own = ingresses.flatMap((ingress): Tie[] => [
    { kind: 'ingress', name: qualifiedName(ingress.ingress.ref) },
    ...cookieOf(ingress),
    ...signInOf(ingress, hosts),
  ]);
  // The host at which others sign in shares their session.
  return [
    ...certificate,
    ...own,
    ...(hosts.has(host) && host !== '' ? [{ kind: 'sign-in', name: host } as const] : []),
  ];
}

/** Both systems would write the same cookie with values of their own, so a client would lose its backend at each change of host. */
function cookieOf(ingress: ModelIngress): Tie[] {
  const domain = textOf(ingress, 'session-cookie-domain').replace(/^\./, '').toLowerCase();
  if (domain === '' || textOf(ingress, 'affinity') !== 'cookie') return [];
  const name = textOf(ingress, 'session-cookie-name') || 'INGRESSCOOKIE';
  return [{ kind: 'cookie', name: `${name} for ${domain}` }];
}

/** Where users sign in on another host of the input, the session spans both. */
function signInOf(ingress: ModelIngress, hosts: ReadonlySet<string>): Tie[] {
  const [, host = ''] = /^https?:\/\/([^/:?#$]+)(?=[/:?#]|$)/i.exec(textOf(ingress, 'auth-signin')) ?? [];
  return hosts.has(host.toLowerCase()) && host !== '' ? [{ kind: 'sign-in', name: host.toLowerCase() }] : [];
}

function textOf({ annotations }: ModelIngress, name: string): string {
  const value = annotations.get(name)?.value;
  return typeof value === 'string' ? value : '';
}

/** `namespace/name` of the Ingresses of each host, sorted. */
export function ingressesByHost({ servers }: NginxModel): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, Set<string>>();
  for (const { host, ingresses } of servers) {
    const known = names.get(host) ?? new Set();
    names.set(host, known);
    for (const { ingress } of ingresses) known.add(qualifiedName(ingress.ref));
  }
  return new Map([...names].map(([host, own]) => [host, [...own].sort()]));
}
