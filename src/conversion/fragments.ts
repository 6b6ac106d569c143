import { type Origin, qualifiedName } from '../domain/origin.ts';
import { toYaml } from '../emit/yaml.ts';
import type { Emitted } from '../plan/emitted.ts';

/** A part of an object of the output, as YAML. */
export interface Fragment {
  /** Where it is, as in `VirtualService shop/web, spec.http "root"`. */
  readonly name: string;
  /** Its path in the object; '' for all of it. */
  readonly path: string;
  readonly text: string;
  /** The settings that it comes from. */
  readonly origins: readonly Origin[];
}

export function fragmentsOf({ object, parts = [] }: Emitted): Fragment[] {
  const { kind, metadata } = object;
  const whole = `${kind} ${qualifiedName({ kind, ...metadata })}`;
  return parts.flatMap(({ path, origins }) => {
    const value = path === '' ? object : at(object, path);
    if (typeof value !== 'object' || value === null) return [];
    const { name, port } = value as { readonly name?: unknown; readonly port?: { readonly name?: unknown } };
    const own = name ?? port?.name;
    const where = path.replace(/\.\d+$/, '');
    const place = path === '' ? whole : `${whole}, ${where}${own === undefined ? '' : ` "${own}"`}`;
    return [{ name: place, path, text: toYaml([value]).replace(/^---\n/, ''), origins }];
  });
}

function at(object: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, step) => (inner as Readonly<Record<string, unknown>> | undefined)?.[step],
      object,
    );
}

/** Fragments by the settings that they come from, as `settingKey` names these. */
export function fragmentsBySetting(fragments: readonly Fragment[]): ReadonlyMap<string, readonly Fragment[]> {
  const bySetting = new Map<string, Fragment[]>();
  for (const fragment of fragments) {
    for (const key of new Set(fragment.origins.map(settingKey))) {
      const known = bySetting.get(key);
      if (known === undefined) bySetting.set(key, [fragment]);
      else known.push(fragment);
    }
  }
  return bySetting;
}

/** The same for all origins of one place. */
export function settingKey({ source, path }: Origin): string {
  return JSON.stringify([source.file, source.ref.kind, qualifiedName(source.ref), path]);
}
