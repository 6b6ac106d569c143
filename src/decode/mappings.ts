import type { ControllerOption } from './controller-option.ts';
import type { Mapping, Mappings } from './mapping.ts';
import generated from './mappings.generated.json' with { type: 'json' };

/** The mappings of this package, read from `mappings/<room>/*.yaml` at build time (`npm run docs`), so that a start needs neither YAML nor a schema. */
export function builtInMappings(): Mappings {
  return indexMappings((generated.mappings as unknown as Partial<Mapping>[]).map(complete));
}

/** All keys of the controller's ConfigMap (ingress-nginx 1.15.1), by name. */
export function controllerOptions(): readonly ControllerOption[] {
  return (generated.controllerOptions as unknown as Partial<ControllerOption>[]).map(
    (option) => ({ default: undefined, istio: '', note: '', ...option }) as ControllerOption,
  );
}

/** The entries with those of `own` added or put in their place, by name. */
export function mergeMappings(base: Mappings, own: Mappings): Mappings {
  const named = new Map([...base.all, ...own.all].map((mapping) => [mapping.name, mapping]));
  return indexMappings([...named.values()]);
}

export function indexMappings(entries: readonly Mapping[]): Mappings {
  const all = [...entries].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const byName = new Map<string, Mapping>();
  for (const mapping of all) for (const alias of mapping.aliases) byName.set(alias, mapping);
  for (const mapping of all) byName.set(mapping.name, mapping);
  return { all, find: (name) => byName.get(name) };
}

/** JSON knows no `undefined`: puts back what an entry leaves out. */
function complete(entry: Partial<Mapping>): Mapping {
  return {
    aliases: [],
    default: undefined,
    configMapKey: undefined,
    to: [],
    note: '',
    docs: [],
    verified: [],
    ...entry,
  } as Mapping;
}
