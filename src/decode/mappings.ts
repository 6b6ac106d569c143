import { isSince } from '../domain/release.ts';
import type { ControllerOption } from './controller-option.ts';
import type { Mapping, Mappings, PastRule } from './mapping.ts';
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

/** The keys that a release such as `1.9.6` knows, with its defaults, by name. */
export function optionsIn(release: string): ReadonlyMap<string, ControllerOption> {
  const known = controllerOptions().filter(
    ({ since, until }) =>
      (since === undefined || isSince(release, since)) && (until === undefined || !isSince(release, until)),
  );
  return new Map(known.map((option) => [option.name, { ...option, default: defaultIn(option, release) }]));
}

function defaultIn(option: ControllerOption, release: string): ControllerOption['default'] {
  const past = option.was?.find(({ until }) => !isSince(release, ...until));
  return past === undefined ? option.default : past.default;
}

/** The mappings with the rules of a release such as `1.9.6`; which names it knows, `isKnown` says. */
export function mappingsIn(mappings: Mappings, release: string): Mappings {
  return mappings.all.some((mapping) => pastRule(mapping, release) !== undefined)
    ? indexMappings(mappings.all.map((mapping) => inRelease(mapping, release)))
    : mappings;
}

/** Whether a release reads an annotation under this name, which is that of the mapping or one of its aliases. */
export function isKnown({ name, since, until }: Mapping, written: string, release: string): boolean {
  if (until !== undefined && isSince(release, until)) return false;
  return since === undefined || written !== name || isSince(release, since);
}

function pastRule({ was }: Mapping, release: string): PastRule | undefined {
  return was.find(({ until }) => !isSince(release, ...until));
}

function inRelease(mapping: Mapping, release: string): Mapping {
  const past = pastRule(mapping, release);
  if (past === undefined) return mapping;
  return {
    ...mapping,
    default: past.default ?? mapping.default,
    value: { ...mapping.value, ...past.value },
  };
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
    since: undefined,
    until: undefined,
    was: [],
    default: undefined,
    configMapKey: undefined,
    to: [],
    note: '',
    docs: [],
    verified: [],
    ...entry,
  } as Mapping;
}
