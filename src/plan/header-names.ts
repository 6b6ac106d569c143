import type { Finding } from '../domain/findings.ts';
import type { Effect } from './effect.ts';

/** The response headers that effects touch, in lower case and sorted. */
export function headerNames(effects: readonly Effect[]): string[] {
  const names = new Set<string>();
  for (const effect of effects) {
    if (effect.kind !== 'response-headers' && effect.kind !== 'status-headers') continue;
    const { set = {}, add = {}, remove = [] } = effect.response;
    for (const name of [...Object.keys(set), ...Object.keys(add), ...remove]) names.add(name.toLowerCase());
  }
  return [...names].sort();
}

/** A finding with the response headers of effects among its fields (`withLocationHeaders`). */
export function withHeaders(reported: Finding, effects: readonly Effect[]): Finding {
  const fields = headerNames(effects).map((name) => `response-header:${name}` as const);
  return {
    ...reported,
    type: { ...reported.type, fields: [...new Set([...reported.type.fields, ...fields])] },
  };
}
