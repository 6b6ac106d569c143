import { type ObjectRef, qualifiedName } from '../domain/origin.ts';
import type { ModelIngress } from '../nginx/model.ts';
import type { Books } from './books.ts';

/** The VirtualServices that an Ingress went into; its other objects hang on them. */
export type Targets = (ingress: ModelIngress) => readonly ObjectRef[];

export function targetsOf({ assembly }: Books): Targets {
  const byIngress = new Map<string, ObjectRef[]>();
  for (const { object, from } of assembly.objects) {
    if (object.kind !== 'VirtualService') continue;
    const ref = { kind: object.kind, namespace: object.metadata.namespace, name: object.metadata.name };
    for (const name of from) {
      const known = byIngress.get(name);
      if (known === undefined) byIngress.set(name, [ref]);
      else known.push(ref);
    }
  }
  return ({ ingress }) => byIngress.get(qualifiedName(ingress.ref)) ?? noTargets;
}

export const noTargets: readonly ObjectRef[] = [];
