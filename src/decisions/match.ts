import { acts, type Decision, type DecisionScope, keyOf } from '../domain/decision.ts';

/** A place of the input that a decision can be about. */
export interface Place {
  /** `namespace/name`; undefined for what belongs to no Ingress. */
  readonly ingress: string | undefined;
  readonly annotation?: string;
  readonly fingerprint?: string;
  /** The code of a finding; undefined: the annotation as a whole. */
  readonly finding?: string;
}

/** Finds the decision that holds at a place. */
export interface DecisionIndex {
  /** Of a finding, or of what became of an annotation. */
  at(place: Place): Decision | undefined;
  /** Of a finding that is there although, or because, other decisions act. */
  answer(place: Place): Decision | undefined;
  /** That changes what comes out of an annotation. */
  acting(place: Place): Decision | undefined;
}

/** Of several that fit, the narrowest scope counts, then one about this finding alone, then the latest. */
export function indexDecisions(decisions: readonly Decision[]): DecisionIndex {
  const ranked = decisions
    .map((decision) => ({ decision, key: keyOf(decision), holds: membership(decision.scope) }))
    .sort((a, b) => compare(a.decision, b.decision) || (a.key < b.key ? -1 : 1));
  const buckets = new Map<string, typeof ranked>();
  const put = (name: string, entry: (typeof ranked)[number]): void => {
    const bucket = buckets.get(name);
    if (bucket === undefined) buckets.set(name, [entry]);
    else bucket.push(entry);
  };
  for (const entry of ranked) {
    const { annotation, finding, fingerprints } = entry.decision;
    if (annotation === undefined) put(`finding ${finding ?? ''}`, entry);
    else for (const fingerprint of fingerprints) put(`${annotation} ${fingerprint}`, entry);
  }
  const find = (place: Place, wanted: (decision: Decision) => boolean): Decision | undefined => {
    const names = [
      ...(place.annotation === undefined ? [] : [`${place.annotation} ${place.fingerprint ?? ''}`]),
      ...(place.finding === undefined ? [] : [`finding ${place.finding}`]),
    ];
    for (const name of names) {
      const found = buckets
        .get(name)
        ?.find(({ decision, holds }) => wanted(decision) && holds(place.ingress));
      if (found !== undefined) return found.decision;
    }
    return undefined;
  };
  return {
    at: (place) => find(place, ({ finding }) => finding === undefined || finding === place.finding),
    answer: (place) =>
      find(
        place,
        (decision) =>
          !acts(decision) && (decision.finding === undefined || decision.finding === place.finding),
      ),
    acting: (place) => {
      const found = find(place, (decision) => acts(decision) || decision.finding === undefined);
      return found !== undefined && acts(found) ? found : undefined;
    },
  };
}

const narrowness = ['ingress', 'group', 'namespace', 'everywhere'];

function compare(a: Decision, b: Decision): number {
  const scope = narrowness.indexOf(a.scope.kind) - narrowness.indexOf(b.scope.kind);
  if (scope !== 0) return scope;
  const reported = Number(a.finding === undefined) - Number(b.finding === undefined);
  if (reported !== 0) return reported;
  return Date.parse(b.at) - Date.parse(a.at);
}

function membership(scope: DecisionScope): (ingress: string | undefined) => boolean {
  switch (scope.kind) {
    case 'everywhere':
      return () => true;
    case 'namespace':
      return (ingress) => ingress?.startsWith(`${scope.namespace}/`) === true;
    case 'ingress':
      return (ingress) => ingress === scope.ingress;
    case 'group': {
      const names = new Set(scope.ingresses);
      return (ingress) => ingress !== undefined && names.has(ingress);
    }
  }
}
