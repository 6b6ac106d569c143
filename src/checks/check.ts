import type { Conversion } from '../conversion/conversion.ts';
import type { Finding, FindingType, Scope } from '../domain/findings.ts';
import { type Origin, originOf, qualifiedName } from '../domain/origin.ts';
import type { GatewaySpec, VirtualServiceSpec } from '../istio-api/types.ts';
import { type Lookup, lookupOf } from '../nginx/lookup.ts';
import type { Emitted } from '../plan/emitted.ts';
import type { PlainObject } from '../read/cluster.ts';

/** What the checks look at: a conversion whose findings are not complete yet. */
export type Checked = Pick<Conversion, 'cluster' | 'options' | 'model' | 'objects' | 'extras' | 'steps'>;

/** One thing that can be wrong with an output. Each takes time in proportion to its size. */
export interface Check {
  /** The name of its file. */
  readonly name: string;
  readonly findings: readonly FindingType<never>[];
  /** What shows across objects. */
  run?(output: Output): Finding[];
  /** What an object, or a VirtualService, shows by itself. All checks look at one before the next comes; what one remembers, it makes anew for each output. */
  ofObject?(checked: Checked): Inspection<object>;
  ofVirtualService?(): Inspection<VirtualServiceSpec>;
}

export type Inspection<Spec> = (looked: CheckedObject<Spec>, tell: (finding: Finding) => void) => void;

/** An object of the output with its typed spec. */
export interface CheckedObject<Spec> {
  readonly emitted: Emitted;
  /** `namespace/name` */
  readonly name: string;
  readonly namespace: string;
  readonly spec: Spec;
  /** Where a finding about it belongs. */
  readonly where: { readonly origin: Origin | undefined; readonly scope: Scope };
}

/** The output in the shape that the checks share, made once. */
export interface Output extends Checked {
  readonly all: readonly CheckedObject<object>[];
  readonly virtualServices: readonly CheckedObject<VirtualServiceSpec>[];
  readonly gateways: readonly CheckedObject<GatewaySpec>[];
  /** The input's objects by `namespace/name`. */
  readonly lookup: Lookup;
  /** Istio's objects of the input, but for earlier versions of what is in the output. */
  readonly others: readonly PlainObject[];
}

export function outputOf(checked: Checked, lookup: Lookup = lookupOf(checked.cluster)): Output {
  const { cluster } = checked;
  const ingresses = new Map(cluster.ingresses.map((ingress) => [qualifiedName(ingress.ref), ingress]));
  const all = checked.objects.map((emitted): CheckedObject<object> => {
    const { metadata, spec } = emitted.object;
    const first = emitted.from.find((name) => ingresses.has(name));
    const ingress = first === undefined ? undefined : ingresses.get(first);
    const hosts = emitted.object.kind === 'VirtualService' ? (spec as VirtualServiceSpec).hosts : [];
    return {
      emitted,
      name: `${metadata.namespace}/${metadata.name}`,
      namespace: metadata.namespace,
      spec,
      where: {
        origin: ingress && originOf(ingress.source, 'metadata', 'name'),
        scope:
          hosts[0] === undefined
            ? { kind: 'none' }
            : { kind: 'host', host: hosts[0] === '*' ? '' : hosts[0] },
      },
    };
  });
  const written = new Set(
    [...checked.objects, ...(checked.extras ?? [])].map(
      ({ object: { kind, metadata } }) => `${kind} ${metadata.namespace}/${metadata.name}`,
    ),
  );
  return {
    ...checked,
    all,
    virtualServices: all.filter(isVirtualService),
    gateways: ofKind<GatewaySpec>(all, 'Gateway'),
    lookup,
    others: cluster.istioObjects.filter(({ ref }) => !written.has(`${ref.kind} ${qualifiedName(ref)}`)),
  };
}

export function isVirtualService(placed: CheckedObject<object>): placed is CheckedObject<VirtualServiceSpec> {
  return placed.emitted.object.kind === 'VirtualService';
}

export function ofKind<Spec>(all: readonly CheckedObject<object>[], kind: string): CheckedObject<Spec>[] {
  return all.filter(
    ({ emitted }) => emitted.object.kind === kind,
  ) as CheckedObject<object>[] as CheckedObject<Spec>[];
}

/** The first few of many names, for a message. */
export function some(names: readonly string[], most = 3): string {
  return names.length <= most
    ? names.join(', ')
    : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}
