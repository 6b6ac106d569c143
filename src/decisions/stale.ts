import type { Conversion } from '../conversion/conversion.ts';
import { allFindings } from '../conversion/places.ts';
import { choiceText, type Decision } from '../domain/decision.ts';
import { type Finding, finding } from '../domain/findings.ts';
import { originOf, qualifiedName } from '../domain/origin.ts';
import type { Ingress } from '../read/cluster.ts';
import { staleDecision, unusedDecision } from './findings.ts';
import { fingerprintOf } from './fingerprint.ts';
import { subjectPlace } from './subject.ts';

/**
 * Decisions that do not fit the input: where a named Ingress says something else today they are stale, and where
 * nothing is left to decide they are of no use.
 */
export function staleFindings(conversion: Conversion, decisions: readonly Decision[]): Finding[] {
  const ingresses = new Map(
    conversion.cluster.ingresses.map((ingress) => [qualifiedName(ingress.ref), ingress]),
  );
  const keys = new Map<string, Ingress[]>();
  for (const ingress of conversion.cluster.ingresses) {
    for (const key of ingress.annotations.keys()) {
      const known = keys.get(key);
      if (known === undefined) keys.set(key, [ingress]);
      else known.push(ingress);
    }
  }
  let codes: ReadonlySet<string> | undefined;
  return decisions.flatMap((decision) => {
    const { annotation, finding: code, fingerprints, scope } = decision;
    const prints = new Set(fingerprints);
    const fits = (ingress: Ingress): boolean => {
      const raw = annotation === undefined ? undefined : ingress.annotations.get(annotation);
      return raw !== undefined && prints.has(fingerprintOf(annotation!, raw));
    };
    if (scope.kind === 'ingress' || scope.kind === 'group') {
      const names = scope.kind === 'ingress' ? [scope.ingress] : scope.ingresses;
      return names.flatMap((name) => {
        const ingress = ingresses.get(name);
        if (ingress === undefined)
          return [tell(unusedDecision, decision, `there is no Ingress ${name} in the input`)];
        if (annotation === undefined || fits(ingress)) return [];
        const path = ['metadata', 'annotations', annotation];
        const where = {
          origin: originOf(ingress.source, ...path),
          scope: { kind: 'ingress' as const, ingress: ingress.ref },
        };
        return ingress.annotations.has(annotation)
          ? [tell(staleDecision, decision, `the value in ${name} has changed since`, where)]
          : [tell(unusedDecision, decision, `${name} does not have the annotation any more`)];
      });
    }
    const inScope = (ingress: Ingress): boolean =>
      scope.kind === 'everywhere' || ingress.ref.namespace === scope.namespace;
    if (annotation?.includes(' ') === true) {
      const there = conversion.outcomes.some((outcome) => {
        const place = subjectPlace(outcome);
        return place.annotation === annotation && prints.has(place.fingerprint);
      });
      return there ? [] : [tell(unusedDecision, decision, 'nothing in the input has this name and value')];
    }
    if (annotation !== undefined) {
      return (keys.get(annotation) ?? []).some((ingress) => inScope(ingress) && fits(ingress))
        ? []
        : [tell(unusedDecision, decision, 'no Ingress there has the annotation with such a value')];
    }
    codes ??= new Set(allFindings(conversion).map(({ type }) => type.code));
    return codes.has(code ?? '') ? [] : [tell(unusedDecision, decision, 'nothing like it is found any more')];
  });
}

function tell(
  type: typeof staleDecision,
  { annotation, finding: code, choice, by }: Decision,
  reason: string,
  where: Parameters<typeof finding>[2] = {},
): Finding {
  return finding(type, { what: annotation ?? code ?? '', choice: choiceText(choice), by, reason }, where);
}
