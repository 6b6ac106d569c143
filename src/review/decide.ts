import { type Choice, type Decision, type DecisionScope, keyOf, sortDecisions } from '../domain/decision.ts';
import type { Row, RowPlace } from './rows.ts';

/** How far a decision reaches, from the Ingress at hand to all that will ever ask the same. */
export const reaches = ['group', 'ingress', 'namespace', 'everywhere'] as const;
export type Reach = (typeof reaches)[number];

export interface Deciding {
  readonly choice: Choice;
  readonly reach: Reach;
  /** The place of the row that is looked at. */
  readonly sample: RowPlace | undefined;
  readonly by: string;
  readonly at: string;
  readonly why: string;
}

/** What a choice for a row says in the file: one decision for each annotation that the row is about. */
export function decisionsFor(row: Row, deciding: Deciding): Decision[] {
  const { choice, reach, sample, by, at, why } = deciding;
  const namespace = sample?.ingress?.slice(0, sample.ingress.indexOf('/'));
  const meant = row.places.filter(({ ingress }) =>
    reach === 'ingress'
      ? ingress === sample?.ingress
      : reach === 'namespace'
        ? ingress?.startsWith(`${namespace}/`) === true
        : true,
  );
  const byAnnotation = new Map<string | undefined, RowPlace[]>();
  for (const place of meant) {
    const known = byAnnotation.get(place.annotation);
    if (known === undefined) byAnnotation.set(place.annotation, [place]);
    else known.push(place);
  }
  return [...byAnnotation].map(([annotation, places]) => ({
    finding: row.code,
    annotation,
    fingerprints: [...new Set(places.flatMap(({ fingerprint }) => fingerprint ?? []))].sort(),
    about: aboutOf(places),
    scope: scopeOf(reach, places, namespace),
    choice,
    by,
    at,
    why,
  }));
}

function aboutOf(places: readonly RowPlace[]): string {
  const values = [...new Set(places.map(({ raw }) => raw.trim()))].filter((raw) => raw !== '');
  const first = values[0]?.split('\n')[0] ?? '';
  const cut = [...first].slice(0, 80).join('');
  const more = cut.length < (values[0] ?? '').length ? '…' : '';
  return values.length > 1 ? `${cut}${more} and ${values.length - 1} more` : `${cut}${more}`;
}

function scopeOf(reach: Reach, places: readonly RowPlace[], namespace: string | undefined): DecisionScope {
  const names = [...new Set(places.flatMap(({ ingress }) => ingress ?? []))].sort();
  // What belongs to no Ingress can only be decided for all.
  if (reach === 'everywhere' || names.length === 0 || places.some(({ ingress }) => ingress === undefined))
    return { kind: 'everywhere' };
  if (reach === 'namespace' && namespace !== undefined) return { kind: 'namespace', namespace };
  return names.length === 1 ? { kind: 'ingress', ingress: names[0]! } : { kind: 'group', ingresses: names };
}

/** Puts new decisions in the place of earlier ones about the same that reach no further. */
export function withDecisions(all: readonly Decision[], added: readonly Decision[]): readonly Decision[] {
  const keys = new Set(added.map(keyOf));
  const kept = all.filter(
    (old) =>
      !keys.has(keyOf(old)) && !added.some((one) => sameSubject(one, old) && covers(one.scope, old.scope)),
  );
  return sortDecisions([...kept, ...added]);
}

/** Takes back what was decided for a row and nothing else. */
export function withoutRow(all: readonly Decision[], row: Row): readonly Decision[] {
  const names = new Set(row.ingresses);
  const about = new Set(row.places.map(({ annotation, fingerprint }) => `${annotation} ${fingerprint}`));
  return all.filter(({ annotation, finding, fingerprints, scope }) => {
    const same =
      finding === row.code &&
      (fingerprints.length === 0
        ? annotation === undefined && row.places.some((place) => place.annotation === undefined)
        : fingerprints.some((fingerprint) => about.has(`${annotation} ${fingerprint}`)));
    const inRow =
      scope.kind === 'ingress'
        ? names.has(scope.ingress)
        : scope.kind === 'group'
          ? scope.ingresses.some((ingress) => names.has(ingress))
          : scope.kind === 'namespace'
            ? row.namespaces.includes(scope.namespace)
            : true;
    return !(same && inRow);
  });
}

function sameSubject(one: Decision, old: Decision): boolean {
  if (one.annotation !== old.annotation || one.finding !== old.finding) return false;
  const seen = new Set(one.fingerprints);
  return old.fingerprints.every((fingerprint) => seen.has(fingerprint));
}

function covers(wide: DecisionScope, narrow: DecisionScope): boolean {
  if (wide.kind === 'everywhere') return true;
  const names = namesOf(narrow);
  if (names === undefined)
    return wide.kind === 'namespace' && narrow.kind === 'namespace' && wide.namespace === narrow.namespace;
  if (wide.kind === 'namespace') return names.every((name) => name.startsWith(`${wide.namespace}/`));
  const own = new Set(namesOf(wide));
  return names.every((name) => own.has(name));
}

function namesOf(scope: DecisionScope): readonly string[] | undefined {
  if (scope.kind === 'ingress') return [scope.ingress];
  return scope.kind === 'group' ? scope.ingresses : undefined;
}
