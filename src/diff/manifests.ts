import type { Conversion } from '../conversion/conversion.ts';
import { messageOf } from '../domain/findings.ts';
import { qualifiedName } from '../domain/origin.ts';
import type { Outcome } from '../domain/outcome.ts';
import { toYaml } from '../emit/yaml.ts';
import type { Emitted } from '../plan/emitted.ts';
import type { Ingress } from '../read/cluster.ts';
import { isMapping } from '../read/fields.ts';
import { rawObject } from '../read/source.ts';
import { count } from '../text/count.ts';
import type { DiffDocument } from './document.ts';
import { lineDiff } from './lines.ts';
import { asWritten } from './live-object.ts';

/** Each Ingress against the objects that it becomes, with what became of each of its annotations. */
export function manifestsDiff({ cluster, objects, outcomes }: Conversion): DiffDocument {
  const outcomesOf = grouped(outcomes, ({ subject }) => {
    const { ref } = subject.origin.source;
    return ref.kind === 'Ingress' ? [qualifiedName(ref)] : [];
  });
  const objectsOf = grouped(objects, ({ from }) => from);
  const sections = cluster.ingresses.map((ingress) => {
    const name = qualifiedName(ingress.ref);
    const own = objectsOf.get(name) ?? [];
    return {
      title: `Ingress ${name} → ${countedKinds(own)}`,
      notes: (outcomesOf.get(name) ?? []).map(noteOf),
      lines: lineDiff(yamlOfIngress(ingress), toYaml(own.map(({ object }) => object))),
    };
  });
  const shared = objects.filter(({ from }) => from.length === 0);
  if (shared.length > 0) {
    const title = `All Ingresses → ${countedKinds(shared)}`;
    sections.push({ title, notes: [], lines: lineDiff('', toYaml(shared.map(({ object }) => object))) });
  }
  return {
    title: 'Each Ingress and what it becomes',
    left: 'Ingress',
    right: 'Istio',
    summary: [
      `${count(cluster.ingresses.length, 'Ingress', 'Ingresses')} ${cluster.ingresses.length === 1 ? 'becomes' : 'become'} ${count(objects.length, 'object')}.`,
    ],
    sections,
    different: objects.length > 0,
  };
}

function noteOf({ subject, status, fidelity, reason, targets, findings }: Outcome): string {
  const value = subject.value === '' ? '' : ` = ${JSON.stringify(subject.value)}`;
  const how = [status, ...(fidelity === undefined ? [] : [fidelity])].join(', ');
  const to = targets.map((ref) => `${ref.kind} ${qualifiedName(ref)}`).join(', ');
  const why = reason === '' ? findings.map(messageOf) : [reason];
  return [
    `${subject.kind} ${subject.name}${value}: ${how}`,
    ...(to === '' ? [] : [`→ ${to}`]),
    ...(why.length === 0 ? [] : [`(${why.join(' ')})`]),
  ].join(' ');
}

function yamlOfIngress({ source }: Ingress): string {
  const raw = rawObject(source);
  return isMapping(raw) ? toYaml([asWritten(raw)]) : '';
}

function countedKinds(objects: readonly Emitted[]): string {
  if (objects.length === 0) return 'nothing';
  const counts = new Map<string, number>();
  for (const { object } of objects) counts.set(object.kind, (counts.get(object.kind) ?? 0) + 1);
  return [...counts].map(([kind, number]) => (number === 1 ? kind : `${number} ${kind}s`)).join(', ');
}

function grouped<Item>(
  items: readonly Item[],
  keysOf: (item: Item) => readonly string[],
): ReadonlyMap<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  }
  return groups;
}
