import { memoizeList } from '../memoize.ts';
import { isEmpty } from '../text/json.ts';
import type { HeaderOperations, Headers } from './types.ts';

/**
 * Header names are compared without regard to case; an operation replaces earlier ones on the same name, `add` collects. Most
 * locations ask for the very same operations, and then have the very same result.
 */
export const mergeHeaders = memoizeList((operations: readonly HeaderOperations[]): HeaderOperations => {
  const [only = nothing] = operations;
  if (operations.length < 2 && isMerged(only)) return only;
  const set = new Map<string, string>();
  const add = new Map<string, string>();
  const remove = new Set<string>();
  for (const operation of operations) {
    for (const name of operation.remove ?? []) {
      set.delete(name.toLowerCase());
      add.delete(name.toLowerCase());
      remove.add(name.toLowerCase());
    }
    for (const [name, value] of Object.entries(operation.set ?? {})) {
      set.set(name.toLowerCase(), value);
      remove.delete(name.toLowerCase());
    }
    for (const [name, value] of Object.entries(operation.add ?? {})) add.set(name.toLowerCase(), value);
  }
  const sorted = (map: Map<string, string>): Record<string, string> =>
    Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    ...(set.size > 0 && { set: sorted(set) }),
    ...(add.size > 0 && { add: sorted(add) }),
    ...(remove.size > 0 && { remove: [...remove].sort() }),
  };
});

const nothing: HeaderOperations = {};

/** What merging would leave as it is: one kind of operation, its names in lower case and in order. Most are. */
function isMerged({ set, add, remove }: HeaderOperations): boolean {
  if (remove !== undefined) return false;
  if (set !== undefined && add !== undefined) return false;
  let last = '';
  for (const name in set ?? add) {
    if (name <= last || name !== name.toLowerCase()) return false;
    last = name;
  }
  return last !== '' || (set === undefined && add === undefined);
}

export function headersOf(request: HeaderOperations, response: HeaderOperations): { headers?: Headers } {
  return isEmpty(request) && isEmpty(response) ? {} : { headers: bothOf([request, response]) };
}

const bothOf = memoizeList(
  ([request = nothing, response = nothing]: readonly HeaderOperations[]): Headers =>
    Object.freeze({
      ...(!isEmpty(request) && { request }),
      ...(!isEmpty(response) && { response }),
    }),
);
