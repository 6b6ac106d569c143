/** The same change in several places. */
export interface ChangeGroup {
  readonly patch: string;
  readonly places: readonly string[];
}

/** Each distinct change once, with where it is seen: the most frequent first. */
export function groupChanges(
  changes: readonly { readonly where: string; readonly patch: string }[],
): ChangeGroup[] {
  const places = new Map<string, string[]>();
  for (const { where, patch } of changes) {
    const known = places.get(patch);
    if (known === undefined) places.set(patch, [where]);
    else if (known.at(-1) !== where) known.push(where);
  }
  return [...places]
    .map(([patch, own]) => ({ patch, places: own }))
    .sort((a, b) => b.places.length - a.places.length || (a.patch < b.patch ? -1 : 1));
}
