import type { Conversion } from '../conversion/conversion.ts';
import { qualifiedName } from '../domain/origin.ts';
import type { PlainObject } from '../read/cluster.ts';
import { chosenBy } from '../selection/chosen.ts';
import { fitsGlob } from '../selection/glob.ts';
import { type HostPlaces, hostPlaces } from '../selection/places.ts';
import { selected } from '../selection/select.ts';
import { type SelectTerm, selectTerms } from '../selection/terms.ts';
import { waveIn } from '../waves/plan-state.ts';
import { loadPlanFile, planPath } from './plan-file.ts';

/** What a command line says of a selection. */
export interface SelectArguments {
  /** Empty: everything. */
  readonly select: readonly string[];
  /** The plan file; undefined: the usual one. */
  readonly plan: string | undefined;
}

/** A selection of a conversion, for every command that takes `--select`. */
export interface Selection {
  readonly hosts: ReadonlySet<string>;
  readonly conversion: Conversion;
  readonly places: HostPlaces;
}

/**
 * What of a conversion is selected; undefined where all of it is.
 * @throws {UsageError} a term cannot be read, or selects nothing
 * @throws {ConfigError} a wave is named, and no plan says which hosts it has
 */
export async function selectionOf(
  conversion: Conversion,
  { select, plan }: SelectArguments,
  inputs: readonly string[],
  directory: string,
): Promise<Selection | undefined> {
  if (select.length === 0) return undefined;
  const terms = selectTerms(select);
  const places = hostPlaces(conversion);
  const file = terms.some(({ key }) => key === 'wave')
    ? await loadPlanFile(planPath(plan, inputs), directory)
    : undefined;
  const chosen = chosenBy(terms, conversion, places, (host) => file && waveIn(file, host));
  return {
    hosts: chosen.hosts,
    conversion: selected(conversion, chosen, places, namedBy(terms)),
    places,
  };
}

/**
 * Whether an object that is there already is the business of a selection: one that it writes, or that an earlier run made of its
 * Ingresses, or that is none of ours.
 */
export function concerns(whole: Conversion, { conversion }: Selection): (there: PlainObject) => boolean {
  const keys = (objects: Conversion['objects']): ReadonlySet<string> =>
    new Set(
      objects.map(({ object: { kind, metadata } }) => `${kind} ${qualifiedName({ kind, ...metadata })}`),
    );
  const [all, own] = [keys(whole.objects), keys(conversion.objects)];
  const ingresses = new Set(conversion.cluster.ingresses.map(({ ref }) => qualifiedName(ref)));
  return ({ ref, annotations }) => {
    const key = `${ref.kind} ${qualifiedName(ref)}`;
    if (own.has(key) || all.has(key)) return own.has(key);
    const from = annotations.get('ingress2istio/from');
    return from === undefined || from.split(', ').some((name) => ingresses.has(name));
  };
}

/** Whether terms that name Ingresses name this one; where there are none, all are. */
function namedBy(terms: readonly SelectTerm[]): (ingress: string) => boolean {
  const naming = terms.filter(({ key }) => key === 'namespace' || key === 'ingress');
  if (naming.length === 0) return () => true;
  return (ingress) =>
    naming.some(({ key, pattern }) =>
      fitsGlob(pattern, key === 'ingress' ? ingress : ingress.slice(0, ingress.indexOf('/'))),
    );
}
