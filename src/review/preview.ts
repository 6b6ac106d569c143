import { diffLines } from 'diff';
import type { Conversion } from '../conversion/conversion.ts';
import { levelOfFinding, levelOfOutcome } from '../conversion/level.ts';
import { fingerprintOf } from '../decisions/fingerprint.ts';
import type { Mappings } from '../decode/mapping.ts';
import type { Choice, Decision } from '../domain/decision.ts';
import { messageOf } from '../domain/findings.ts';
import type { Options } from '../domain/options.ts';
import { type ObjectSource, qualifiedName } from '../domain/origin.ts';
import { toYaml } from '../emit/yaml.ts';
import { convert } from '../pipeline.ts';
import type { Cluster, Ingress } from '../read/cluster.ts';
import { candidates } from './choices.ts';
import type { Row, RowPlace } from './rows.ts';

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed' | 'gap';
  readonly text: string;
}

/** Converts the surroundings of one Ingress alone, with one more decision: what a choice would do. */
export interface Previewer {
  /** Opt-ins that would help at this place, as indexes of `candidates`. */
  helpful(row: Row, place: RowPlace): readonly number[];
  /** The objects that come out, against those without the choice. */
  diff(row: Row, place: RowPlace, choice: Choice): readonly DiffLine[];
  /** What would still be told of the annotation with this value; undefined: nothing. */
  problemOf(row: Row, place: RowPlace, value: string): string | undefined;
}

export function previewer(cluster: Cluster, options: Options, mappings: Mappings): Previewer {
  const byName = new Map(cluster.ingresses.map((ingress) => [qualifiedName(ingress.ref), ingress]));
  const byHost = new Map<string, Ingress[]>();
  for (const ingress of cluster.ingresses) {
    for (const host of hostsOf(ingress)) {
      const known = byHost.get(host);
      if (known === undefined) byHost.set(host, [ingress]);
      else known.push(ingress);
    }
  }
  const { decisions: _, ...base } = options;
  const small = new Map<string, { readonly cluster: Cluster; readonly before: Conversion }>();
  const around = (name: string): { readonly cluster: Cluster; readonly before: Conversion } | undefined => {
    const known = small.get(name);
    if (known !== undefined) return known;
    const ingress = byName.get(name);
    if (ingress === undefined) return undefined;
    const part = partOf(cluster, ingress, byHost);
    const made = { cluster: part, before: convert(part, base, mappings) };
    if (small.size > 20) small.clear();
    small.set(name, made);
    return made;
  };
  const tried = (row: Row, place: RowPlace, choice: Choice): [Conversion, Conversion] | undefined => {
    const { ingress, annotation } = place;
    if (ingress === undefined) return undefined;
    const made = around(ingress);
    if (made === undefined) return undefined;
    const decision = tentative(row, place, choice);
    const changes = annotation !== undefined || choice.kind === 'skip';
    return [
      made.before,
      changes ? convert(made.cluster, { ...base, decisions: [decision] }, mappings) : made.before,
    ];
  };
  const helpful = new Map<string, readonly number[]>();
  return {
    helpful(row, place) {
      const key = `${row.key} ${place.ingress}`;
      const known = helpful.get(key);
      if (known !== undefined) return known;
      const found =
        place.annotation === undefined
          ? []
          : candidates.flatMap(({ use, about }, index) => {
              if (!about.test(place.annotation ?? '')) return [];
              const both = tried(row, place, { kind: 'opt-in', use });
              return both !== undefined && weight(both[1], place) < weight(both[0], place) ? [index] : [];
            });
      // A set with more in it than another that helps as much is no choice of its own.
      const needed = found.filter(
        (index) =>
          !found.some(
            (other) =>
              other !== index &&
              Object.keys(candidates[other]!.use).length < Object.keys(candidates[index]!.use).length &&
              Object.keys(candidates[other]!.use).every((key) => key in candidates[index]!.use) &&
              sameHelp(tried, row, place, other, index),
          ),
      );
      helpful.set(key, needed);
      return needed;
    },
    diff(row, place, choice) {
      const both = tried(row, place, choice);
      if (both === undefined) return [];
      return diffOf(textOf(both[0]), textOf(both[1]));
    },
    problemOf(row, place, value) {
      const both = tried(row, place, { kind: 'value', value });
      const outcome = both?.[1].outcomes.find(
        ({ subject }) => subject.name === place.annotation && isAt(subject.origin.source, place),
      );
      if (outcome?.status !== 'invalid') return undefined;
      const [finding] = outcome.findings;
      return finding === undefined ? 'The value is not valid.' : messageOf(finding);
    },
  };
}

function sameHelp(
  tried: (row: Row, place: RowPlace, choice: Choice) => [Conversion, Conversion] | undefined,
  row: Row,
  place: RowPlace,
  one: number,
  other: number,
): boolean {
  const [a, b] = [one, other].map((index) => {
    const both = tried(row, place, { kind: 'opt-in', use: candidates[index]!.use });
    return both === undefined ? 0 : weight(both[1], place);
  });
  return a === b;
}

function tentative(row: Row, place: RowPlace, choice: Choice): Decision {
  const { annotation, raw, ingress = '' } = place;
  return {
    finding: annotation === undefined ? row.code : undefined,
    annotation,
    fingerprints: annotation === undefined ? [] : [fingerprintOf(annotation, raw)],
    about: '',
    scope: { kind: 'ingress', ingress },
    choice,
    by: '-',
    at: '2000-01-01T00:00:00Z',
    why: '-',
  };
}

/** How much a person still has to do at a place. */
function weight(conversion: Conversion, place: RowPlace): number {
  const here = (path: readonly (string | number)[]): boolean => path[2] === place.annotation;
  const findings = conversion.findings
    .filter(({ origin }) => origin !== undefined && isAt(origin.source, place) && here(origin.path))
    .reduce((sum, finding) => sum + levelOfFinding(finding), 0);
  const outcomes = conversion.outcomes
    .filter(({ subject }) => isAt(subject.origin.source, place) && here(subject.origin.path))
    .reduce((sum, outcome) => {
      const { decision: _, ...plain } = outcome;
      return sum + levelOfOutcome(plain);
    }, 0);
  return findings + outcomes;
}

function isAt({ ref }: ObjectSource, { ingress }: RowPlace): boolean {
  return ref.kind === 'Ingress' && qualifiedName(ref) === ingress;
}

function hostsOf(ingress: Ingress): string[] {
  return [...new Set(ingress.rules.map(({ host }) => host))];
}

/** The Ingress, those that share a host with it, and the objects of their namespaces. */
function partOf(
  cluster: Cluster,
  ingress: Ingress,
  byHost: ReadonlyMap<string, readonly Ingress[]>,
): Cluster {
  const all = new Set([ingress, ...hostsOf(ingress).flatMap((host) => byHost.get(host) ?? [])]);
  // One host with thousands of Ingresses would take as long as the whole.
  const ingresses = [...all].slice(0, 20);
  const namespaces = new Set(ingresses.map(({ ref }) => ref.namespace));
  const near = <One extends { readonly ref: { readonly namespace: string } }>(
    objects: readonly One[],
  ): One[] => objects.filter(({ ref }) => namespaces.has(ref.namespace));
  return {
    ...cluster,
    ingresses,
    services: near(cluster.services),
    secrets: near(cluster.secrets),
    istioObjects: [],
    related: [],
    findings: [],
  };
}

function textOf({ objects }: Conversion): string {
  return toYaml(objects.filter(({ from }) => from.length > 0).map(({ object }) => object));
}

/** Lines around a change that are shown with it. */
const around = 4;

function diffOf(before: string, after: string): DiffLine[] {
  const lines = diffLines(before, after).flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, '')
      .split('\n')
      .map((text): DiffLine => ({ kind: added ? 'added' : removed ? 'removed' : 'same', text })),
  );
  if (lines.every(({ kind }) => kind === 'same')) return lines;
  const near = new Set<number>();
  for (const [index, { kind }] of lines.entries())
    if (kind !== 'same') for (let at = index - around; at <= index + around; at++) near.add(at);
  return lines.flatMap((line, index): DiffLine[] =>
    near.has(index) ? [line] : near.has(index - 1) || index === 0 ? [{ kind: 'gap', text: '' }] : [],
  );
}
