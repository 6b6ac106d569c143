import { type Finding, finding } from '../domain/findings.ts';
import { originOf } from '../domain/origin.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { ModelIngress } from '../nginx/model.ts';
import { annotationOutcomes } from './annotations.ts';
import type { Books } from './books.ts';
import * as findingTypes from './findings.ts';
import { optionOutcomes } from './options.ts';
import { routeOutcomes } from './routes.ts';
import { targetsOf } from './targets.ts';

/** Gives each subject of the input its one outcome. A subject without one is a defect of ours, which the ledger test would find. */
export function keepLedger(books: Books): { outcomes: Outcome[]; findings: Finding[] } {
  const { built, converted, assembly, tcp } = books;
  const targets = targetsOf(books);
  const routes = routeOutcomes(books, targets);
  const annotations = annotationOutcomes(books, targets);
  const options = optionOutcomes(books);
  const findings = [
    ...selectionFindings(built.model.ingresses),
    ...annotations.findings,
    ...routes.findings,
    ...converted.findings,
    ...assembly.findings,
    ...tcp.findings,
    ...options.findings,
  ];
  return {
    outcomes: [
      ...annotations.outcomes,
      ...converted.outcomes.values(),
      ...routes.outcomes,
      ...tcp.outcomes,
      ...options.outcomes,
    ],
    findings: withoutRepeats(findings),
  };
}

function selectionFindings(ingresses: readonly ModelIngress[]): Finding[] {
  const findings: Finding[] = [];
  for (const { ingress, state } of ingresses) {
    if (state.kind === 'served' || state.kind === 'waiting') continue;
    const { reason } = state;
    const scope = { kind: 'ingress' as const, ingress: ingress.ref };
    if (state.kind === 'dropped') {
      const type = state.unsure ? findingTypes.releaseDecides : findingTypes.dropped;
      findings.push(finding(type, { reason }, { origin: state.origin, scope }));
      continue;
    }
    const origin = originOf(ingress.source, 'metadata', 'name');
    const classless =
      (ingress.className ?? ingress.annotations.get('kubernetes.io/ingress.class') ?? '') === '';
    findings.push(
      finding(classless ? findingTypes.noClass : findingTypes.notSelected, { reason }, { origin, scope }),
    );
  }
  return findings;
}

/** Features speak once a location; what they say of one place in the same words is one finding. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const seen = new Map<object, Map<Finding['type'], Told>>();
  const nowhere = {};
  return findings.filter((reported) => {
    const place = reported.origin?.source ?? nowhere;
    const here = seen.get(place) ?? new Map<Finding['type'], Told>();
    if (here.size === 0) seen.set(place, here);
    const known = here.get(reported.type);
    if (known === undefined) {
      here.set(reported.type, { first: reported, words: undefined });
      return true;
    }
    if (known.first === reported) return false;
    known.words ??= new Set([wordsOf(known.first)]);
    const words = wordsOf(reported);
    return !known.words.has(words) && known.words.add(words);
  });
}

/** What was told of an object; the words are compared only where a code comes again. */
interface Told {
  readonly first: Finding;
  words: Set<string> | undefined;
}

function wordsOf({ args, origin, scope }: Finding): string {
  return JSON.stringify([origin?.path, scope, args]);
}
