import { type Finding, finding, findingType } from '../findings.ts';
import { checkRe2 } from '../istio/paths.ts';
import type { Server } from '../nginx/model.ts';
import { covers } from '../nginx/tls.ts';
import { type Claim, type Effect, type HostEffect, nothing } from './effect.ts';
import type { Context, Feature } from './feature.ts';

const regexAlias = findingType<{ alias: string; reason: string }>({
  code: 'server-alias/pattern',
  severity: 'warning',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'location'],
  summary: 'An alias is a pattern that was left out.',
  message: ({ alias, reason }) => `The alias ${alias} is a pattern and was left out: ${reason}.`,
  remedy: () => 'List the names that are really used.',
});

const wholeDomain = findingType<{ alias: string; domain: string }>({
  code: 'server-alias/whole-domain',
  severity: 'note',
  fields: [],
  summary: 'A pattern of names became a whole domain in the Gateway.',
  message: ({ alias, domain }) =>
    `The alias ${alias} is written as the host ${domain}, and the routes take the names that it matches; other names of the domain answer 404.`,
  remedy: () => 'List the names that are really used.',
});

const httpsLost = findingType<{ alias: string }>({
  code: 'server-alias/https-lost',
  severity: 'warning',
  fields: ['connection', 'certificate', 'status', 'upstream', 'path', 'method', 'host', 'location'],
  summary: 'An alias is not served over HTTPS.',
  message: ({ alias }) =>
    `The certificate of the host does not cover the alias ${alias}, for which nginx shows its default certificate; on Istio the alias has plain HTTP alone.`,
  remedy: () => 'Add the alias to the certificate of the host.',
});

/** More names for a host (ingress-nginx 1.15.1, annotations/alias/main.go; scenarios server-alias*). */
export const serverAlias: Feature = {
  name: 'server-alias',
  findings: [regexAlias, wholeDomain, httpsLost],
  server(server, context) {
    if (server.ingresses.every(({ annotations }) => !annotations.has('server-alias'))) return nothing;
    const effects: Effect[] = [];
    const findings: Finding[] = [];
    const claims: Claim[] = [];
    const covered = coverage(server, context);
    for (const { name, annotation } of server.aliases) {
      const where = { origin: annotation.origin, scope: { kind: 'host' as const, host: server.host } };
      const hosts = hostsOf(name, server, context);
      if ('reason' in hosts) {
        claims.push({ annotation, status: 'manual', reason: 'A pattern cannot be a host of Istio.' });
        findings.push(finding(regexAlias, { alias: name, reason: hosts.reason }, where));
        continue;
      }
      claims.push({ annotation, status: 'converted' });
      for (const host of hosts.hosts) {
        const tls = covered(host.name);
        effects.push({ kind: 'host', ...host, tls });
        if (!tls) findings.push(finding(httpsLost, { alias: name }, where));
        if (host.authority !== undefined)
          findings.push(finding(wholeDomain, { alias: name, domain: host.name }, where));
      }
    }
    for (const ingress of server.ingresses) {
      const annotation = ingress.annotations.get('server-alias');
      if (annotation !== undefined && !claims.some((claim) => claim.annotation === annotation)) {
        claims.push({
          annotation,
          status: 'no-effect-today',
          reason: 'Another Ingress owns the aliases of the host, or each name has a server of its own.',
        });
      }
    }
    return { effects, claims, findings };
  },
};

/** Whether the certificate of the host holds for a name; one that is not known is taken to. */
function coverage({ tls }: Server, { cluster }: Context): (name: string) => boolean {
  const certificate = tls?.certificate;
  const names =
    certificate?.kind === 'secret'
      ? cluster.secret(`${certificate.namespace}/${certificate.name}`)?.certificateNames
      : undefined;
  return (name) => names === undefined || covers(names, name);
}

type AliasHost = Pick<HostEffect, 'name' | 'authority'>;

const label = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const plainName = new RegExp(`^(?:\\*\\.)?${label}(?:\\.${label})+$`);

/**
 * nginx's names: plain, `*.x` for any number of labels before x, `.x` for that and x, `~` before a regular expression. An
 * expression that ends in a domain is written as the domain, if no other host would lose requests to it.
 */
function hostsOf(
  alias: string,
  server: Server,
  { model, servers }: Context,
): { readonly hosts: readonly AliasHost[] } | { readonly reason: string } {
  const lower = alias.toLowerCase();
  if (plainName.test(lower)) return { hosts: [{ name: lower }] };
  if (lower.startsWith('.') && plainName.test(lower.slice(1)))
    return { hosts: [{ name: lower.slice(1) }, { name: `*${lower}` }] };
  if (!alias.startsWith('~')) return { reason: 'Istio has no hosts of this form' };
  const pattern = alias.slice(1);
  const domain = new RegExp(`((?:\\\\\\.${label})+\\\\\\.${label})\\$$`, 'i').exec(pattern)?.[1];
  if (domain === undefined) return { reason: 'it does not end in a domain' };
  const authority = pattern.replace(/^\^/, '').replace(/\$$/, '');
  const anchored = pattern.startsWith('^') ? authority : `.*(?:${authority})`;
  if (!checkRe2(`(?i)(?:${anchored})(?::[0-9]+)?`).ok || authority.includes('|'))
    return { reason: 'Envoy cannot compare names with it' };
  const name = `*${domain.replaceAll('\\.', '.').toLowerCase()}`;
  const wider = [...servers.keys()].find(
    (host) =>
      host === '' || host === name || (name.endsWith(host.replace(/^\*/, '')) && host.startsWith('*')),
  );
  const other = model.servers.some(
    ({ aliases, host }) => host !== server.host && aliases.some((one) => one.name.toLowerCase() === name),
  );
  if (wider !== undefined || other) return { reason: `${name} would take requests away from another host` };
  return { hosts: [{ name, authority: anchored }] };
}
