import { type Finding, finding, findingType } from '../findings.ts';
import { covers } from '../nginx/tls.ts';
import type { Claim, Effect } from './effect.ts';
import type { Feature } from './feature.ts';

const regexAlias = findingType<{ alias: string }>({
  code: 'server-alias/pattern',
  severity: 'warning',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'location'],
  summary: 'An alias is a pattern, which Istio has no hosts for.',
  message: ({ alias }) =>
    `The alias ${alias} is a regular expression; hosts of Istio are names or end in a name, so it was left out.`,
  remedy: () => 'List the names that are really used.',
});

/** More names for a host (ingress-nginx 1.15.1, annotations/alias/main.go). */
export const serverAlias: Feature = {
  name: 'server-alias',
  findings: [regexAlias],
  server(server, { cluster }) {
    const effects: Effect[] = [];
    const findings: Finding[] = [];
    const claims: Claim[] = [];
    const certificate = server.tls?.certificate;
    const names =
      certificate?.kind === 'secret'
        ? cluster.secret(`${certificate.namespace}/${certificate.name}`)?.certificateNames
        : undefined;
    for (const { name, annotation } of server.aliases) {
      const plain = /^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i.test(name);
      if (plain) {
        effects.push({
          kind: 'host',
          name: name.toLowerCase(),
          tls: names === undefined || covers(names, name),
        });
        claims.push({ annotation, status: 'converted' });
      } else {
        claims.push({ annotation, status: 'manual', reason: 'A pattern cannot be a host of Istio.' });
        findings.push(
          finding(
            regexAlias,
            { alias: name },
            { origin: annotation.origin, scope: { kind: 'host', host: server.host } },
          ),
        );
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
