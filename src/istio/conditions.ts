import type { HeaderMatch, HttpMatch, StringMatch } from '../istio-api/types.ts';
import type { Condition } from '../plan/answer-effect.ts';
import { canonical, isEmpty } from '../text/json.ts';

/** Both conditions at once; undefined where they exclude each other. */
export function both(a: Condition, b: Condition): Condition | undefined {
  if (isEmpty(b)) return a;
  if (isEmpty(a)) return b;
  if (a.tls !== undefined && b.tls !== undefined && a.tls !== b.tls) return undefined;
  if (a.method !== undefined && b.method !== undefined && !equal(a.method, b.method)) return undefined;
  if (a.authority !== undefined && b.authority !== undefined && !equal(a.authority, b.authority))
    return undefined;
  const headers = union(a.headers, b.headers);
  const withoutHeaders = union(a.withoutHeaders, b.withoutHeaders);
  const queryParams = union(a.queryParams, b.queryParams);
  if (headers === 'conflict' || withoutHeaders === 'conflict' || queryParams === 'conflict') return undefined;
  if (isAbsent(headers, withoutHeaders)) return undefined;
  return {
    ...a,
    ...b,
    ...(headers && { headers: headers as Record<string, HeaderMatch> }),
    ...(withoutHeaders && { withoutHeaders: withoutHeaders as Record<string, HeaderMatch> }),
    ...(queryParams && { queryParams: queryParams as Record<string, StringMatch> }),
  };
}

/** Whether a header has to be there and must not be there. */
function isAbsent(headers: Named | undefined, withoutHeaders: Named | undefined): boolean {
  if (withoutHeaders === undefined || headers === undefined) return false;
  return Object.entries(withoutHeaders).some(
    ([name, match]) => canonical(match) === '{}' && Object.hasOwn(headers, name),
  );
}

/** True where `inner` holds whenever `outer` does, as far as its own parts tell. */
export function implies(outer: Condition, inner: Condition): boolean {
  return (
    (inner.tls === undefined || inner.tls === outer.tls) &&
    (inner.method === undefined || equal(inner.method, outer.method)) &&
    (inner.authority === undefined || equal(inner.authority, outer.authority)) &&
    (inner.matches === undefined || equal(inner.matches, outer.matches)) &&
    includes(outer.headers, inner.headers) &&
    includes(outer.withoutHeaders, inner.withoutHeaders) &&
    includes(outer.queryParams, inner.queryParams)
  );
}

type Named = Readonly<Record<string, unknown>>;

function includes(outer: Named | undefined, inner: Named | undefined): boolean {
  if (inner === undefined) return true;
  return Object.entries(inner).every(
    ([name, value]) => outer !== undefined && Object.hasOwn(outer, name) && equal(outer[name], value),
  );
}

/** True for a condition without parts: every request of the location. */
export function isAlways(condition: Condition | undefined): boolean {
  for (const part in condition) if (condition[part as keyof Condition] !== undefined) return false;
  return true;
}

function union(
  a: object | undefined,
  b: object | undefined,
): Record<string, unknown> | undefined | 'conflict' {
  if (a === undefined || b === undefined) return (a ?? b) as Record<string, unknown> | undefined;
  const merged: Record<string, unknown> = { ...a };
  for (const [name, value] of Object.entries(b)) {
    if (Object.hasOwn(merged, name) && !equal(merged[name], value)) return 'conflict';
    merged[name] = value;
  }
  return merged;
}

function equal(a: unknown, b: unknown): boolean {
  return a === b || canonical(a) === canonical(b);
}

/** The parts of a condition that a VirtualService matches beside the path; `port` where both schemes are served. */
export function toHttpMatch(
  condition: Condition,
  ports: { readonly http: number; readonly https: number } | undefined,
): HttpMatch {
  if (isEmpty(condition)) return condition;
  return {
    ...(condition.method && { method: condition.method }),
    ...(condition.authority && { authority: condition.authority }),
    ...(condition.headers && { headers: condition.headers }),
    ...(condition.withoutHeaders && { withoutHeaders: condition.withoutHeaders }),
    ...(condition.queryParams && { queryParams: condition.queryParams }),
    ...(condition.tls !== undefined && ports && { port: condition.tls ? ports.https : ports.http }),
  };
}
