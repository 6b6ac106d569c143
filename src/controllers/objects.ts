import type { IstioObject } from '../istio-api/objects.ts';
import type { Emitted } from '../plan/emitted.ts';
import { canonical } from '../text/json.ts';

/** An object of one gateway's part, with what the names of that gateway's objects end with. */
export interface Written {
  readonly emitted: Emitted;
  readonly suffix: string | undefined;
}

/**
 * The objects of all gateways, those of a named one in a folder of their own. A Service has one DestinationRule with the subsets of all
 * of them, and an object that two gateways write in the same words, such as a Certificate in a namespace that they share, is one.
 */
export function joinObjects(written: readonly Written[]): Emitted[] {
  const rules = new Map<string, Emitted[]>();
  const seen = new Set<string>();
  const objects: Emitted[] = [];
  for (const { emitted, suffix } of written) {
    const { object, file } = emitted;
    const ofService = object.kind === 'DestinationRule' && file.startsWith('destinations/');
    if (ofService) {
      const key = `${object.metadata.namespace}/${object.metadata.name}`;
      const known = rules.get(key);
      if (known === undefined) rules.set(key, [emitted]);
      else known.push(emitted);
      if (known !== undefined) continue;
    }
    const words = canonical(object);
    if (seen.has(words)) continue;
    seen.add(words);
    objects.push(
      ofService || suffix === undefined ? emitted : { ...emitted, file: `controllers/${suffix}/${file}` },
    );
  }
  return objects.map((emitted) => {
    const { kind, metadata } = emitted.object;
    const same = kind === 'DestinationRule' ? rules.get(`${metadata.namespace}/${metadata.name}`) : undefined;
    return same === undefined || same[0] !== emitted || same.length === 1 ? emitted : joinRules(same);
  });
}

function joinRules(rules: readonly Emitted[]): Emitted {
  const first = rules[0]!;
  const from = [...new Set(rules.flatMap((one) => one.from))].sort();
  const spec = first.object.spec as { readonly host: string };
  const subsets = rules
    .flatMap(
      ({ object }) => (object.spec as { readonly subsets: readonly { readonly name: string }[] }).subsets,
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const object: IstioObject = {
    ...first.object,
    metadata: {
      ...first.object.metadata,
      annotations: {
        ...first.object.metadata.annotations,
        'ingress2istio/from': originText(rules.map((one) => one.object)),
      },
    },
    spec: { ...spec, subsets },
  };
  return { ...first, object, from };
}

function originText(objects: readonly IstioObject[]): string {
  const names = objects.flatMap(
    ({ metadata }) => metadata.annotations?.['ingress2istio/from']?.split(', ') ?? [],
  );
  return [...new Set(names)].sort().join(', ');
}
