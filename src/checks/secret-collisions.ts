import { finding, findingType } from '../domain/findings.ts';
import { grouped } from '../domain/grouped.ts';
import { type Check, some } from './check.ts';
import { bareHost } from './hosts.ts';

interface Args {
  readonly place: string;
  readonly sources: string;
}

const collision = findingType<Args>({
  code: 'check/secret-name-collision',
  severity: 'error',
  fields: ['certificate', 'connection'],
  summary: "Two Secrets would be copied to one name in the gateway's namespace.",
  message: ({ place, sources }) =>
    `The Secrets ${sources} would all be copied to ${place}; the last one wins, and the other hosts show its certificate.`,
  remedy: () => 'Copy them under different names and correct credentialName in their Gateways.',
});

const overwritten = findingType<Args>({
  code: 'check/secret-overwritten',
  severity: 'error',
  fields: ['certificate', 'connection'],
  summary: "A Secret would be copied over another one that is in the gateway's namespace already.",
  message: ({ place, sources }) =>
    `The Secret ${sources} would be copied to ${place}, where another certificate already exists.`,
  remedy: () => 'Copy it under another name and correct credentialName in its Gateways.',
});

/** Secrets of all namespaces meet in the gateway's. */
export const secretCollisions: Check = {
  name: 'secret-collisions',
  findings: [collision, overwritten],
  run({ gateways, model, options, lookup }) {
    const sourceOf = new Map<string, string>();
    for (const { host, tls } of model.servers) {
      if (tls?.certificate.kind !== 'secret') continue;
      sourceOf.set(host === '' ? '*' : host, `${tls.certificate.namespace}/${tls.certificate.name}`);
    }
    const uses = gateways.flatMap(({ spec, where }) =>
      spec.servers.flatMap(({ tls, hosts }) =>
        hosts.flatMap((host) => {
          const source = sourceOf.get(bareHost(host));
          const name = tls?.credentialName;
          return source === undefined || name === undefined ? [] : [{ name, source, where }];
        }),
      ),
    );
    return [...grouped(uses, ({ name }) => [name])].flatMap(([name, group]) => {
      const place = `${options.gateway.namespace}/${name}`;
      const sources = [...new Set(group.map(({ source }) => source))].sort();
      const where = group[0]!.where;
      if (sources.length > 1) return [finding(collision, { place, sources: some(sources) }, where)];
      const [source] = sources;
      const there = lookup.secret(place)?.certificateNames;
      const copied = lookup.secret(source!)?.certificateNames;
      // With the same names it is the copy of an earlier run.
      const other =
        source !== place && there !== undefined && copied !== undefined && !sameNames(there, copied);
      return other ? [finding(overwritten, { place, sources: source! }, where)] : [];
    });
  },
};

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.toSorted().join('\n') === b.toSorted().join('\n');
}
