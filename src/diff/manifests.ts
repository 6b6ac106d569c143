import type { Conversion } from '../conversion/conversion.ts';
import { type Fragment, fragmentsBySetting, fragmentsOf, settingKey } from '../conversion/fragments.ts';
import { messageOf } from '../domain/findings.ts';
import { grouped } from '../domain/grouped.ts';
import { positionOf, qualifiedName } from '../domain/origin.ts';
import type { Outcome } from '../domain/outcome.ts';
import { toYaml } from '../emit/yaml.ts';
import type { Emitted } from '../plan/emitted.ts';
import { count } from '../text/count.ts';
import type { DiffDocument, DiffLine, DiffSection } from './document.ts';

/**
 * Each setting of an Ingress, in its order and with its line, beside the very parts of the objects that it became. A part is shown
 * once, at the first setting that it comes from; what comes from no setting of the Ingress stands at the end.
 */
export function manifestsDiff({ cluster, objects, outcomes }: Conversion): DiffDocument {
  const outcomesOf = grouped(outcomes, ({ subject }) => {
    const { ref } = subject.origin.source;
    return ref.kind === 'Ingress' ? [qualifiedName(ref)] : [];
  });
  const objectsOf = grouped(objects, ({ from }) => from);
  const sections = cluster.ingresses.map((ingress) => {
    const name = qualifiedName(ingress.ref);
    return sectionOf(name, outcomesOf.get(name) ?? [], objectsOf.get(name) ?? []);
  });
  const shared = objects.filter(({ from }) => from.length === 0);
  if (shared.length > 0)
    sections.push({
      title: `All Ingresses → ${countedKinds(shared)}`,
      notes: [],
      lines: shared.flatMap(({ object }) => right(toYaml([object]))),
    });
  const { ingresses } = cluster;
  return {
    title: 'Each Ingress and what it becomes',
    left: 'Ingress',
    right: 'Istio',
    summary: [
      `${count(ingresses.length, 'Ingress', 'Ingresses')} ${ingresses.length === 1 ? 'becomes' : 'become'} ${count(objects.length, 'object')}.`,
    ],
    sections,
    different: objects.length > 0,
  };
}

function sectionOf(name: string, outcomes: readonly Outcome[], objects: readonly Emitted[]): DiffSection {
  const fragments = objects.flatMap(fragmentsOf);
  const bySetting = fragmentsBySetting(fragments);
  const shown = new Set<Fragment>();
  const lines: DiffLine[] = [];
  for (const outcome of inLineOrder(outcomes)) {
    const { origin } = outcome.subject;
    lines.push({ side: 'left', text: settingOf(outcome) }, ...right(verdictOf(outcome)));
    for (const fragment of bySetting.get(settingKey(origin)) ?? []) {
      const again = shown.has(fragment);
      lines.push(...right(`  ${fragment.name}${again ? ' (above)' : ''}`));
      if (!again) lines.push(...right(fragment.text, '    '));
      shown.add(fragment);
    }
  }
  const rest = objects.filter(({ parts = [] }) => parts.length === 0);
  if (rest.length > 0) {
    lines.push({ side: 'left', text: '(defaults of the controller and the gateway)' });
    for (const { object } of rest) lines.push(...right(toYaml([object])));
  }
  return { title: `Ingress ${name} → ${countedKinds(objects)}`, notes: [], lines };
}

/** As they stand in the file; directives of one snippet keep their order. */
function inLineOrder(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes
    .map((outcome) => ({ outcome, at: positionOf(outcome.subject.origin) }))
    .sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column)
    .map(({ outcome }) => outcome);
}

/** Line, kind, name and value, as in `12: annotation proxy-body-size = "20m"`. */
function settingOf({ subject: { kind, name, value, origin } }: Outcome): string {
  const short = kind === 'annotation' ? name.slice(name.indexOf('/') + 1) : name;
  return `${positionOf(origin).line}: ${kind} ${short}${value === '' ? '' : ` = ${JSON.stringify(value)}`}`;
}

function verdictOf({ status, fidelity, reason, findings }: Outcome): string {
  const how = fidelity === undefined || fidelity === status ? status : `${status}, ${fidelity}`;
  const why = reason === '' ? findings.map(messageOf).join(' ') : reason;
  return why === '' ? how : `${how}: ${why}`;
}

function right(text: string, indent = ''): DiffLine[] {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => ({ side: 'right', text: indent + line }));
}

function countedKinds(objects: readonly Emitted[]): string {
  if (objects.length === 0) return 'nothing';
  const counts = new Map<string, number>();
  for (const { object } of objects) counts.set(object.kind, (counts.get(object.kind) ?? 0) + 1);
  return [...counts].map(([kind, number]) => (number === 1 ? kind : `${number} ${kind}s`)).join(', ');
}
