import { recordAt } from '../domain/fields.ts';
import { finding, findingType } from '../domain/findings.ts';
import { grouped } from '../domain/grouped.ts';
import { originOf, qualifiedName } from '../domain/origin.ts';
import { type Check, ofKind, some } from './check.ts';
import { fullHost } from './hosts.ts';

interface Args {
  readonly host: string;
  readonly objects: string;
}

const two = findingType<Args>({
  code: 'check/two-destination-rules',
  severity: 'error',
  fields: ['status', 'upstream', 'connection'],
  summary: 'Several DestinationRules of the output are for the same Service.',
  message: ({ host, objects }) =>
    `The DestinationRules ${objects} are all for ${host}; Istio uses one of them.`,
  remedy: () => 'Merge them into one.',
});

const existing = findingType<Args & { readonly written: string }>({
  code: 'check/destination-rule-exists',
  severity: 'warning',
  fields: ['upstream', 'connection'],
  summary: 'An existing DestinationRule is for a Service for which the output has one, too.',
  message: ({ host, objects, written }) =>
    `The DestinationRule ${objects} of the input is for ${host}, as ${written} is. Which one applies depends on their namespaces and ages.`,
  remedy: () => 'Merge the two manually.',
});

/** Two rules for one host are merged or one of them is ignored (istio/FACTS n). */
export const destinationRules: Check = {
  name: 'destination-rules',
  findings: [two, existing],
  run({ all, others, options: { clusterDomain } }) {
    const rules = ofKind<{ readonly host: string }>(all, 'DestinationRule');
    const byHost = grouped(rules, ({ spec, namespace }) => [fullHost(spec.host, namespace, clusterDomain)]);
    const doubled = [...byHost].filter(([, group]) => group.length > 1);
    return [
      ...doubled.map(([host, group]) =>
        finding(two, { host, objects: some(group.map(({ name }) => name)) }, group[0]!.where),
      ),
      ...others.flatMap(({ ref, body, source }) => {
        const host = ref.kind === 'DestinationRule' ? recordAt(body, 'spec')['host'] : undefined;
        if (typeof host !== 'string') return [];
        const full = fullHost(host, ref.namespace, clusterDomain);
        const written = byHost.get(full)?.[0];
        if (written === undefined) return [];
        const args = { host: full, objects: qualifiedName(ref), written: written.name };
        return [finding(existing, args, { origin: originOf(source, 'spec', 'host') })];
      }),
    ];
  },
};
