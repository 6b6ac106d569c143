import { isMapping, type Mapping } from '../read/fields.ts';
import type { InputText } from '../read/index.ts';

/**
 * An object of the cluster as a text of its own, named `cluster/<namespace>/<kind>/<name>`. It is written as `kubectl get
 * -o json` prints it, so that the lines of findings are those that a person sees there.
 */
export function textOf(object: Mapping): InputText {
  const metadata = isMapping(object['metadata']) ? object['metadata'] : {};
  const { managedFields: _left, ...kept } = metadata;
  const namespace = metadata['namespace'];
  const parts = ['cluster', namespace, String(object['kind']).toLowerCase(), metadata['name']];
  return {
    file: parts.filter((part) => typeof part === 'string' && part !== '').join('/'),
    text: JSON.stringify(sorted({ ...object, metadata: kept }), null, 4),
  };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
