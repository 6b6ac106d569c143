import type { Annotation } from '../decode/annotation.ts';
import type { Decision } from '../domain/decision.ts';
import type { Options } from '../domain/options.ts';
import { qualifiedName } from '../domain/origin.ts';
import type { ModelIngress } from '../nginx/model.ts';
import type { Ingress } from '../read/cluster.ts';
import { fingerprintOf } from './fingerprint.ts';
import { indexDecisions } from './match.ts';

/** The input as people decided that it should be taken. */
export interface Decided {
  /** Of each Ingress, without those that are left out, and with the values that were given. */
  readonly annotations: ReadonlyMap<Ingress, readonly Annotation[]>;
  readonly skipped: ReadonlyMap<Ingress, Decision>;
  /** Annotations that are left out. */
  readonly leftOut: readonly { readonly annotation: Annotation; readonly decision: Decision }[];
  /** The choices that hold for what a feature makes of an Ingress. */
  optionsFor(ingress: ModelIngress, feature: string, base: Options): Options;
  /** False where nobody decided anything: then nothing has to be looked at. */
  readonly any: boolean;
}

/** Obeys what changes objects: `value`, `leave-out`, `skip` and `opt-in`. `decode` reads an Ingress with other values. */
export function applyDecisions(
  annotations: ReadonlyMap<Ingress, readonly Annotation[]>,
  options: Options,
  decode: (ingress: Ingress) => readonly Annotation[],
): Decided {
  const decisions = options.decisions ?? [];
  const skipped = new Map<Ingress, Decision>();
  const leftOut: { annotation: Annotation; decision: Decision }[] = [];
  if (decisions.length === 0)
    return { annotations, skipped, leftOut, optionsFor: (_ingress, _feature, base) => base, any: false };

  const index = indexDecisions(decisions);
  const requested = new Set(decisions.map(({ annotation }) => annotation));
  const skipping = indexDecisions(
    decisions.flatMap((decision) =>
      // One without an annotation holds for the whole Ingress, whatever its finding says today.
      decision.choice.kind !== 'skip'
        ? []
        : [
            decision.annotation === undefined
              ? { ...decision, finding: '' }
              : { ...decision, finding: undefined },
          ],
    ),
  );
  const uses = new Map<Ingress, Map<string, NonNullable<Decision['choice']['use']>>>();
  const changed = new Map<Ingress, readonly Annotation[]>();
  for (const [ingress, own] of annotations) {
    const name = qualifiedName(ingress.ref);
    const skip = [{ key: undefined, raw: '' }, ...own]
      .map(({ key, raw }) =>
        key === undefined
          ? skipping.at({ ingress: name, finding: '' })
          : requested.has(key)
            ? skipping.at({ ingress: name, annotation: key, fingerprint: fingerprintOf(key, raw) })
            : undefined,
      )
      .find((decision) => decision !== undefined);
    if (skip !== undefined) {
      skipped.set(ingress, skip);
      changed.set(ingress, own);
      continue;
    }

    const values = new Map<string, string>();
    const gone = new Set<string>();
    for (const annotation of own) {
      const { key, raw } = annotation;
      if (!requested.has(key)) continue;
      const place = { ingress: name, annotation: key, fingerprint: fingerprintOf(key, raw) };
      const decision = index.acting(place);
      if (decision === undefined) continue;
      const { kind, value = '', use } = decision.choice;
      if (kind === 'value') values.set(key, value);
      if (kind === 'leave-out') {
        gone.add(key);
        leftOut.push({ annotation, decision });
      }
      if (use !== undefined && annotation.kind === 'known') {
        const { action } = annotation.mapping;
        const feature = action.kind === 'convert' ? action.feature : '';
        const known = uses.get(ingress) ?? new Map();
        known.set(feature, { ...known.get(feature), ...use });
        uses.set(ingress, known);
      }
    }
    changed.set(ingress, gone.size + values.size === 0 ? own : decode(rewritten(ingress, gone, values)));
  }
  return {
    annotations: changed,
    skipped,
    leftOut,
    any: true,
    optionsFor: ({ ingress }, feature, base) => {
      const use = uses.get(ingress)?.get(feature);
      return use === undefined ? base : { ...base, ...use };
    },
  };
}

function rewritten(
  ingress: Ingress,
  gone: ReadonlySet<string>,
  values: ReadonlyMap<string, string>,
): Ingress {
  const annotations = new Map(
    [...ingress.annotations].flatMap(([key, raw]) =>
      gone.has(key) ? [] : [[key, values.get(key) ?? raw] as const],
    ),
  );
  return { ...ingress, annotations };
}
