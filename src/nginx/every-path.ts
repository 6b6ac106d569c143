/** A pattern that every path meets. */
interface EveryPath {
  /** The number of the group that takes all behind the slash; undefined where none does. */
  readonly restGroup: number | undefined;
}

/**
 * Reads a pattern that every path meets, as people write it: `/(.*)`, `/.*`, `/()(.*)`, `/?(.*)`; undefined for any other.
 * nginx leaves patterns open at their end (template/template.go buildLocation).
 */
export function everyPath(pattern: string): EveryPath | undefined {
  const [, empty, rest] = /^\^?\/\??((?:\(\)|\(\|\$\))*)(\(\.\*\)|\.\*)\$?$/.exec(pattern) ?? [];
  if (empty === undefined) return undefined;
  return { restGroup: rest === '.*' ? undefined : empty.split('(').length };
}
