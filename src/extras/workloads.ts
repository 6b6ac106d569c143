import type { Conversion } from '../conversion/conversion.ts';
import type { Extra } from '../domain/extras.ts';
import { type Finding, finding } from '../domain/findings.ts';
import { originOf, qualifiedName } from '../domain/origin.ts';
import type { Service } from '../read/cluster.ts';
import { canonical } from '../text/json.ts';
import { backendsOf } from './backends.ts';
import { noSelector } from './findings.ts';

/** The pods behind one or more backends: what a policy of theirs selects. */
export interface Workload {
  readonly namespace: string;
  readonly selector: Readonly<Record<string, string>>;
  /** By name. */
  readonly services: readonly Service[];
  /** The conversions whose gateways send there. */
  readonly parts: ReadonlySet<Conversion>;
  readonly from: readonly string[];
}

/** The extras that are policies for the backends' pods. */
export const workloadExtras: readonly Extra[] = ['gateway-only', 'sidecar', 'peer-authentication'];

/** The pods of all backends, each selection once, by namespace and name of the first Service. */
export function workloadsOf(
  parts: readonly Conversion[],
  wanted: readonly Extra[],
): { readonly workloads: readonly Workload[]; readonly findings: readonly Finding[] } {
  const groups = new Map<string, { services: Set<Service>; parts: Set<Conversion>; from: Set<string> }>();
  const without = new Set<Service>();
  for (const part of parts) {
    for (const { service, from } of backendsOf(part)) {
      if (reasonAgainst(service) !== undefined) {
        without.add(service);
        continue;
      }
      const key = canonical([service.ref.namespace, Object.fromEntries(service.selector)]);
      const group = groups.get(key) ?? { services: new Set(), parts: new Set(), from: new Set() };
      groups.set(key, group);
      group.services.add(service);
      group.parts.add(part);
      for (const name of from) group.from.add(name);
    }
  }
  const workloads = [...groups.values()]
    .map((group): Workload => {
      const services = [...group.services].sort(byName);
      const { ref, selector } = services[0]!;
      const labels = [...selector].sort(([a], [b]) => (a < b ? -1 : 1));
      return {
        namespace: ref.namespace,
        selector: Object.fromEntries(labels),
        services,
        parts: group.parts,
        from: [...group.from].sort(),
      };
    })
    .sort((a, b) => byName(a.services[0]!, b.services[0]!));
  const findings = [...without].sort(byName).map((service) => {
    const args = {
      service: qualifiedName(service.ref),
      extras: wanted.join(', '),
      reason: reasonAgainst(service)!,
    };
    return finding(noSelector, args, { origin: originOf(service.source, 'spec') });
  });
  return { workloads, findings };
}

function reasonAgainst({ type, selector }: Service): string | undefined {
  if (type === 'ExternalName') return 'is an ExternalName';
  return selector.size === 0 ? 'has no selector' : undefined;
}

function byName(a: Service, b: Service): number {
  const [one, other] = [qualifiedName(a.ref), qualifiedName(b.ref)];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The Services of a workload, for a reader. */
export function namesOf({ services }: Workload): string {
  const names = services.map(({ ref }) => qualifiedName(ref));
  return names.length <= 3
    ? names.join(', ')
    : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}
