import type { Finding } from '../domain/findings.ts';
import type { Emitted } from '../plan/emitted.ts';

/** What one of the extras comes to. */
export interface Extras {
  readonly objects: readonly Emitted[];
  readonly findings: readonly Finding[];
}

/** Several as one, in their order. */
export function joinExtras(all: readonly Extras[]): Extras {
  return {
    objects: all.flatMap(({ objects }) => objects),
    findings: all.flatMap(({ findings }) => findings),
  };
}
