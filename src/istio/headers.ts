import { isEmpty } from './conditions.ts';
import type { HeaderOperations, Headers } from './types.ts';

/** Header names are compared without regard to case; an operation replaces earlier ones on the same name, `add` collects. */
export function mergeHeaders(operations: readonly HeaderOperations[]): HeaderOperations {
  if (operations.length === 0) return nothing;
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
}

const nothing: HeaderOperations = {};

export function headersOf(request: HeaderOperations, response: HeaderOperations): { headers?: Headers } {
  const [asked, answered] = [!isEmpty(request), !isEmpty(response)];
  if (!asked && !answered) return {};
  return { headers: { ...(asked && { request }), ...(answered && { response }) } };
}
