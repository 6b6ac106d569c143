import type { Conversion } from '../../src/conversion/conversion.ts';
import { builtInMappings } from '../../src/decode/mappings.ts';
import { overviewOf } from '../../src/report/overview.ts';

/**
 * What of a conversion does not depend on words: how many objects of which kind, what became of what, which findings, the readiness, the
 * effort, and the objects themselves with each string as a dot.
 */
export function shapeOf(conversion: Conversion) {
  const { findings, summary, effort, steps } = overviewOf(conversion);
  const { ingresses, hosts, objects } = summary;
  return {
    ingresses,
    hosts,
    objects,
    outcomes: counted(
      conversion.outcomes.map(({ subject: { kind, name }, status, fidelity }) => {
        const known =
          kind === 'annotation' &&
          status !== 'unknown' &&
          builtInMappings().find(afterSlash(name)) !== undefined;
        const own = known ? afterSlash(name) : '';
        return `${kind} ${own}${kind === 'option' ? name : ''} ${status} ${fidelity ?? ''}`;
      }),
    ),
    findings: counted(findings.map(({ type }) => `${type.severity} ${type.code}`)),
    effort: {
      subjects: effort.subjects,
      automatic: effort.automatic,
      decisions: effort.decisions.length,
      work: effort.work.length,
      gateway: effort.gateway.length,
    },
    steps: counted(steps.map(({ kind }) => kind)),
    written: counted(conversion.objects.map(({ object }) => `${object.kind} ${outlineOf(object.spec)}`)),
  };
}

function afterSlash(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function counted(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Lists, keys and numbers as they are, in order; of a string only that it is one, of a path its length, too. */
function outlineOf(value: unknown, key = ''): string {
  if (typeof value === 'string') return /^(?:exact|prefix)$/.test(key) ? `'${value.length}'` : "''";
  if (Array.isArray(value)) {
    const items = value.map((item) => outlineOf(item, key));
    // Lists of addresses are sorted as strings.
    return `[${(/ranges|Blocks$/.test(key) ? items.sort() : items).join()}]`;
  }
  if (typeof value !== 'object' || value === null) return String(value);
  const free = ['set', 'add', 'headers', 'selector', 'withoutHeaders', 'matchLabels', 'users'].includes(key);
  const entries = Object.entries(value).map(
    ([name, item]) => `${free ? "''" : name}:${outlineOf(item, name)}`,
  );
  return `{${entries.sort().join()}}`;
}
