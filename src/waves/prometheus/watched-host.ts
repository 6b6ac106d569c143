import { grouped } from '../../domain/grouped.ts';
import { quoteRegex } from '../../istio-api/patterns.ts';
import type { NginxModel, Server } from '../../nginx/model.ts';
import { writtenHost } from '../migration-plan.ts';
import { anyOf, literal, rateOf, type Series, union } from './promql.ts';

/** A host of a wave, and how the metrics of both sides tell its requests. */
export interface WatchedHost {
  /** As people write it, and as the label `host` of the rules has it. */
  readonly host: string;
  /** Its names as Istio's virtual hosts have them, `*` for the catch-all. */
  readonly names: readonly string[];
  /** Its one name in nginx's metrics, where it has one. */
  readonly plain: boolean;
  /** Matchers of nginx's label `host`; empty for the catch-all, whose requests nginx doesn't count by host. */
  readonly nginx: readonly string[];
}

/** Aliases that are names: nginx counts no others by host (internal/ingress/metric/collectors/socket.go). */
const plainName = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;
/** The host can be cut out of the name of such a virtual host. */
const usualName = /^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

/** The hosts of waves by name, '' being the catch-all. */
export function watchedHosts({ servers }: Pick<NginxModel, 'servers'>): (host: string) => WatchedHost {
  const byHost = new Map(servers.map((server) => [server.host, server]));
  const aliasesOf = (server: Server | undefined): string[] =>
    (server?.aliases ?? []).map(({ name }) => name.toLowerCase()).filter((name) => plainName.test(name));
  const names = servers.flatMap((server) => [server.host, ...aliasesOf(server)]);
  const byParent = grouped([...new Set(names)].sort(), (name) => [name.slice(name.indexOf('.') + 1)]);
  return (host) => {
    const aliases = [...new Set(aliasesOf(byHost.get(host)))].filter((name) => name !== host).sort();
    const wildcard = host.startsWith('*.');
    const others = wildcard
      ? (byParent.get(host.slice(2)) ?? []).filter((name) => name !== host && !aliases.includes(name))
      : [];
    return {
      host: writtenHost(host),
      names: [host === '' ? '*' : host, ...aliases],
      plain: host !== '' && !wildcard && aliases.length === 0,
      nginx: host === '' ? [] : nginxMatchers(host, aliases, others),
    };
  };
}

/** ingress-nginx takes one label for the asterisk (buildServerName of internal/ingress/controller/template/template.go). */
function nginxMatchers(host: string, aliases: readonly string[], others: readonly string[]): string[] {
  const own = host.startsWith('*.') ? `[\\w-]+${quoteRegex(host.slice(1))}` : quoteRegex(host);
  const regex = [own, ...aliases.map(quoteRegex)].join('|');
  return [`host=~${literal(regex)}`, ...(others.length === 0 ? [] : [`host!~${literal(anyOf(others))}`])];
}

/** Series of ingress-nginx, by host; '' where it counts none of these hosts. */
export function ofNginx(hosts: readonly WatchedHost[], series: Series): string {
  const plain = hosts.filter((host) => host.plain).map(({ host }) => host);
  return union([
    ...(plain.length === 0 ? [] : [byLabel(series, 'host', literal(anyOf(plain)))]),
    ...hosts
      .filter((host) => !host.plain && host.nginx.length > 0)
      .map(({ host, nginx }) => rateOf(series, nginx, host)),
  ]);
}

/** Series of the gateway, by host: its virtual hosts are named `shop.example.com:443`. */
export function ofIstio(hosts: readonly WatchedHost[], series: Series): string {
  const ofOneName = hosts.filter(({ host, names }) => names.length === 1 && usualName.test(host));
  const port = '"host", "$1", "virtual_host", "(.+):[0-9]+"';
  const keep = series.keep === undefined ? '' : `, ${series.keep}`;
  const vector = byLabel(series, 'virtual_host', ports(ofOneName.map(({ host }) => host)));
  return union([
    ...(ofOneName.length === 0 ? [] : [`sum by (host${keep}) (label_replace(${vector}, ${port}))`]),
    ...hosts
      .filter((host) => !ofOneName.includes(host))
      .map(({ host, names }) => rateOf(series, [`virtual_host=~${ports(names)}`], host)),
  ]);
}

function ports(names: readonly string[]): string {
  return literal(`(${anyOf(names)}):[0-9]+`);
}

function byLabel({ metric, matchers, window, keep }: Series, label: string, regex: string): string {
  const by = keep === undefined ? label : `${label}, ${keep}`;
  return `sum by (${by}) (rate(${metric}{${[...matchers, `${label}=~${regex}`].join(',')}}${window}))`;
}
