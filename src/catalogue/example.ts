import type { Conversion } from '../conversion/conversion.ts';
import { type ObjectRef, qualifiedName } from '../domain/origin.ts';
import { toYaml } from '../emit/yaml.ts';

/** An Ingress of a sample with an annotation, and what it becomes. */
export interface Example {
  readonly sample: string;
  readonly before: string;
  readonly after: string;
}

/** Longer than this, an example explains less than it hides. */
const longest = 60;

/** Undefined where no Ingress of the sample has the annotation, or none of its objects says anything about it. */
export function exampleOf(
  sample: string,
  conversion: Conversion,
  names: readonly string[],
): Example | undefined {
  for (const ingress of conversion.model.ingresses) {
    if (!names.some((name) => ingress.annotations.has(name))) continue;
    const example = exampleAt(sample, conversion, ingress);
    if (example !== undefined) return example;
  }
  return undefined;
}

/** What an Ingress of the sample becomes, or those of its objects that are named; undefined where it becomes nothing. */
export function exampleAt(
  sample: string,
  conversion: Conversion,
  { ingress }: Conversion['model']['ingresses'][number],
  named?: readonly ObjectRef[],
): Example | undefined {
  const objects = conversion.objects.filter(
    ({ object, from }) =>
      object.kind !== 'Gateway' &&
      from.includes(qualifiedName(ingress.ref)) &&
      (named === undefined || named.some((ref) => isOf(object, ref))),
  );
  if (objects.length === 0) return undefined;
  const before = toYaml([
    {
      kind: 'Ingress',
      metadata: {
        name: ingress.ref.name,
        namespace: ingress.ref.namespace,
        annotations: Object.fromEntries([...ingress.annotations].sort(([a], [b]) => (a < b ? -1 : 1))),
      },
    },
  ]);
  return { sample, before: before.trimEnd(), after: cut(toYaml(objects.map(({ object }) => object))) };
}

function isOf({ kind, metadata }: Conversion['objects'][number]['object'], ref: ObjectRef): boolean {
  return kind === ref.kind && metadata.name === ref.name && metadata.namespace === ref.namespace;
}

/** As much of a text as explains something. */
export function cut(text: string): string {
  const lines = text.trimEnd().split('\n');
  return lines.length <= longest
    ? lines.join('\n')
    : [...lines.slice(0, longest), `# … ${lines.length - longest} more lines`].join('\n');
}
