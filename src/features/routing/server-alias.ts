import { type Finding, finding, findingType } from '../../domain/findings.ts';
import type { Effect } from '../../plan/effect.ts';
import { type Claim, nothing } from '../../plan/result.ts';
import type { Feature } from '../feature.ts';
import { anotherName, isSecure } from './another-name.ts';

const regexAlias = findingType<{ alias: string }>({
  code: 'server-alias/pattern',
  severity: 'warning',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'location'],
  summary: 'An alias is a pattern that was left out.',
  message: ({ alias }) =>
    `The alias ${alias} is a regular expression or ends in a wildcard; hosts of Istio are names or begin with a wildcard, so it was left out.`,
  remedy: () => 'List the names that are really used.',
});

const httpsLost = findingType<{ alias: string }>({
  code: 'server-alias/https-lost',
  severity: 'warning',
  fields: ['connection', 'certificate', 'status', 'upstream', 'path', 'method', 'host', 'location'],
  summary: 'An alias is not served over HTTPS.',
  message: ({ alias }) =>
    `The certificate of the host does not cover the alias ${alias}, for which ingress-nginx uses its default certificate. On Istio, the alias is served over HTTP only.`,
  remedy: () => 'Add the alias to the certificate of the host.',
});

const taken = findingType<{ alias: string; host: string; winner: string }>({
  code: 'server-alias/taken',
  severity: 'note',
  fields: [],
  summary: 'Two hosts have the same alias, and nginx gives it to one.',
  message: ({ alias, host, winner }) =>
    `The alias ${alias} of ${host} does nothing today: nginx gives it to ${winner}, whose name sorts first, and so does the conversion.`,
  remedy: () => "Nothing has to be done to keep today's behaviour; remove the alias here to make that plain.",
});

/** More names for a host (ingress-nginx 1.15.1, annotations/alias/main.go; scenarios server-alias*). */
export const serverAlias: Feature = {
  name: 'server-alias',
  findings: [regexAlias, httpsLost, taken],
  server(server, context) {
    if (server.ingresses.every(({ annotations }) => !annotations.has('server-alias'))) return nothing;
    const effects: Effect[] = [];
    const findings: Finding[] = [];
    const claims: Claim[] = [];
    for (const { name, annotation } of server.aliases) {
      const where = { origin: annotation.origin, scope: { kind: 'host' as const, host: server.host } };
      const hosts = aliasHosts(name);
      if (hosts === undefined) {
        claims.push({ annotation, status: 'manual', reason: 'A pattern cannot be a host of Istio.' });
        findings.push(finding(regexAlias, { alias: name }, where));
        continue;
      }
      claims.push({ annotation, status: 'converted' });
      for (const host of hosts) {
        const served = anotherName(host, server, context);
        effects.push(...served);
        if (server.tls !== undefined && !isSecure(served))
          findings.push(
            finding(httpsLost, { alias: host }, { ...where, scope: { ...where.scope, tls: true as const } }),
          );
      }
    }
    for (const { name, annotation, winner } of server.lostAliases) {
      const args = { alias: name, host: hostName(server.host), winner: hostName(winner) };
      findings.push(
        finding(taken, args, { origin: annotation.origin, scope: { kind: 'host', host: server.host } }),
      );
    }
    for (const ingress of server.ingresses) {
      const annotation = ingress.annotations.get('server-alias');
      if (annotation !== undefined && !claims.some((claim) => claim.annotation === annotation)) {
        claims.push({
          annotation,
          status: 'no-effect-today',
          reason: 'Another Ingress owns the aliases of the host, or each name belongs to another host.',
        });
      }
    }
    return { effects, claims, findings };
  },
};

function hostName(host: string): string {
  return host === '' ? 'the catch-all server' : host;
}

const label = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const plainName = new RegExp(`^(?:\\*\\.)?${label}(?:\\.${label})+$`);

/**
 * The hosts of a name of nginx's: plain ones, `*.x` for any number of labels before x, and `.x` for that and x. Regular
 * expressions (`~…`) and `x.*` are none of Istio's, and a policy for the host could not name them.
 */
export function aliasHosts(alias: string): readonly string[] | undefined {
  const name = alias.toLowerCase();
  if (plainName.test(name)) return [name];
  return name.startsWith('.') && plainName.test(name.slice(1)) ? [name.slice(1), `*${name}`] : undefined;
}
