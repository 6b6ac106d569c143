import { valueAt } from '../domain/fields.ts';
import { grouped } from '../domain/grouped.ts';
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
    const value = path === '' ? object : valueAt(object, path.split('.'));
    if (typeof value !== 'object' || value === null) return [];
    const { name, port } = value as { readonly name?: unknown; readonly port?: { readonly name?: unknown } };
    const own = name ?? port?.name;
    const where = path.replace(/\.\d+$/, '');
    const place = path === '' ? whole : `${whole}, ${where}${own === undefined ? '' : ` "${own}"`}`;
    return [{ name: place, path, text: toYaml([value]).replace(/^---\n/, ''), origins }];
  });
}

/** Fragments by the settings that they come from, as `settingKey` names these. */
export function fragmentsBySetting(fragments: readonly Fragment[]): ReadonlyMap<string, readonly Fragment[]> {
  return grouped(fragments, ({ origins }) => origins.map(settingKey));
}

/** The same for all origins of one place. */
export function settingKey({ source, path }: Origin): string {
  return JSON.stringify([source.file, source.ref.kind, qualifiedName(source.ref), path]);
}
