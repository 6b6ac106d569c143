import { annotationAt } from '../conversion/subject.ts';
import type { Finding } from '../domain/findings.ts';
import { type ObjectSource, type Origin, qualifiedName } from '../domain/origin.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Place } from './match.ts';

/** Where a finding or an outcome stands, as decisions name it, with the value written there; '' where there is none. */
export function placeAt(
  origin: Origin | undefined,
  annotations: (source: ObjectSource) => ReadonlyMap<string, string> | undefined,
  code?: string,
  scope?: Finding['scope'],
): Place & { readonly raw: string } {
  const about = annotationAt(origin, annotations);
  const ref = origin?.source.ref;
  return {
    ingress:
      ref?.kind === 'Ingress'
        ? qualifiedName(ref)
        : scope?.kind === 'ingress'
          ? qualifiedName(scope.ingress)
          : undefined,
    ...(about !== undefined && {
      annotation: about.key,
      fingerprint: fingerprintOf(about.key, about.value),
    }),
    ...(code !== undefined && { finding: code }),
    raw: about?.value ?? '',
  };
}
