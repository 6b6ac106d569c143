import { meshConfigKind } from '../istio-api/objects.ts';
import type { Emitted } from '../plan/emitted.ts';
import type { PlainObject } from '../read/cluster.ts';
import type { Mapping } from '../read/fields.ts';
import { count } from '../text/count.ts';
import { jsonLine } from '../text/escape.ts';
import { type ChangedObject, causeOf, causesSentence, type Earlier, type Explained } from './causes.ts';
import type { DiffDocument, DiffLine, DiffSection } from './document.ts';
import { asWritten, type FieldChange, fieldChanges } from './live-object.ts';

/** What `apply` would do to an object. */
interface Change {
  readonly verb: 'create' | 'change' | 'delete';
  readonly key: string;
  readonly changes: readonly FieldChange[];
  /** For an earlier output. */
  readonly explained: Explained | undefined;
}

/** The annotation that every object of ours carries: what has it, and is not written any more, is ours to delete. */
const ownAnnotation = 'ingress2istio/from';

/**
 * The generated objects against those that are there already: what applying would create, change and delete, field by
 * field. Objects that others wrote are no business of ours and are never deleted.
 */
export function againstDiff(
  emitted: readonly Emitted[],
  existing: readonly PlainObject[],
  where: string,
  earlier?: Earlier,
): DiffDocument {
  const applied = emitted.filter(({ object }) => object.kind !== meshConfigKind);
  const there = new Map(existing.map((object) => [keyOf(object.body), object]));
  const changes: Change[] = [];
  const explain = (object: ChangedObject): Explained | undefined =>
    earlier === undefined ? undefined : causeOf(object, earlier);
  let same = 0;
  const wanted = new Set<string>();
  for (const { object, file, from } of applied) {
    const written = asWritten(object as unknown as Mapping);
    const key = keyOf(written);
    wanted.add(key);
    const found = there.get(key);
    const before = found === undefined ? undefined : withVersionOf(asWritten(found.body), written);
    const fields = fieldChanges(before ?? {}, written);
    if (before !== undefined && fields.length === 0) same++;
    else {
      const explained = explain({ file, from });
      changes.push({ verb: before === undefined ? 'create' : 'change', key, changes: fields, explained });
    }
  }
  for (const [key, object] of there) {
    if (wanted.has(key) || !object.annotations.has(ownAnnotation)) continue;
    const explained = explain({ file: undefined, from: fromOf(object) });
    changes.push({ verb: 'delete', key, changes: fieldChanges(asWritten(object.body), {}), explained });
  }
  changes.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const foreign = [...there].filter(
    ([key, { annotations }]) => !wanted.has(key) && !annotations.has(ownAnnotation),
  );
  const number = (verb: Change['verb']) => changes.filter((change) => change.verb === verb).length;
  return {
    title: 'What applying the conversion would change',
    left: where,
    right: 'generated',
    summary: [
      `To create: ${number('create')}, to change: ${number('change')}, to delete: ${number('delete')}; ${count(same, 'object')} the same.`,
      ...(foreign.length === 0
        ? []
        : [
            `${count(foreign.length, 'Istio object')} of others ${foreign.length === 1 ? 'is' : 'are'} skipped.`,
          ]),
      ...(earlier === undefined
        ? []
        : [
            causesSentence(
              changes.flatMap(({ explained }) => explained?.cause ?? []),
              earlier,
            ),
          ]),
    ],
    sections: changes.map(sectionOf),
    different: changes.length > 0,
  };
}

/** The Ingresses that an object of an earlier output names, as far as it does. */
function fromOf({ annotations }: PlainObject): readonly string[] {
  const names = annotations.get(ownAnnotation)?.split(', ') ?? [];
  return names.filter((name) => /^[^ /]+\/[^ /]+$/.test(name));
}

/** Kind, namespace and name; objects of one group are one, whatever version they are written in. */
function keyOf(object: Mapping): string {
  const metadata = object['metadata'] as Mapping | undefined;
  const group = String(object['apiVersion'] ?? '').split('/')[0];
  return `${object['kind']}.${group} ${metadata?.['namespace'] ?? 'default'}/${metadata?.['name']}`;
}

/** A server answers in the version that it was asked for: that is no change. */
function withVersionOf(before: Mapping, written: Mapping): Mapping {
  return { ...before, apiVersion: written['apiVersion'] };
}

function sectionOf({ verb, key, changes, explained }: Change): DiffSection {
  const notes = explained === undefined ? [] : [explained.note];
  return { title: `${verb} ${key}`, notes, lines: changes.flatMap(linesOf) };
}

function linesOf({ path, before, after }: FieldChange): DiffLine[] {
  const line = (side: 'left' | 'right', value: unknown): DiffLine[] =>
    value === undefined ? [] : leaves(path, value).map((text) => ({ side, text }));
  return [...line('left', before), ...line('right', after)];
}

/** One line a value, so that a large field is not one endless line. */
function leaves(path: string, value: unknown): string[] {
  const text = jsonLine(value);
  if (typeof value !== 'object' || value === null || text.length <= 80) return [`${path}: ${text}`];
  const entries = Array.isArray(value)
    ? value.map((entry, index): [string, unknown] => [`${path}[${index}]`, entry])
    : Object.entries(value).map(([key, entry]): [string, unknown] => [`${path}.${key}`, entry]);
  return entries.flatMap(([inner, entry]) => leaves(inner, entry));
}
