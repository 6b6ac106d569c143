import type { Result, SideRequest } from '../../src/verify/judge/observation.ts';
import type { Probe } from '../../src/verify/judge/probe.ts';

/**
 * The answer does not wait for the copy that a mirror gets, so a copy may be seen with the next probe. One that is seen twice
 * there, and not with the same request just before, belongs to that.
 */
export function withLateCopies(
  probes: readonly Probe[],
  results: Readonly<Record<string, Result>>,
): Record<string, Result> {
  const settled: Record<string, Result> = { ...results };
  for (const [index, { name, request }] of probes.entries()) {
    const before = probes[index - 1];
    const [own, earlier] = [settled[name], before && settled[before.name]];
    if (own === undefined || earlier === undefined || before === undefined) continue;
    if (before.request.path !== request.path || before.request.host !== request.host) continue;
    if ((before.request.method ?? 'GET') !== (request.method ?? 'GET')) continue;
    const late = lateOf(own, earlier);
    if (late === undefined) continue;
    const others = own.otherUpstreamRequests ?? [];
    settled[name] = { ...own, otherUpstreamRequests: others.toSpliced(others.indexOf(late), 1) };
    settled[before.name] = {
      ...earlier,
      otherUpstreamRequests: [...(earlier.otherUpstreamRequests ?? []), late],
    };
  }
  return settled;
}

function lateOf(own: Result, earlier: Result): SideRequest | undefined {
  const text = ({ upstream, method, path }: SideRequest) => `${method} ${upstream} ${path}`;
  const count = (requests: readonly SideRequest[] | undefined, wanted: SideRequest) =>
    (requests ?? []).filter((one) => text(one) === text(wanted)).length;
  return (own.otherUpstreamRequests ?? []).find(
    (one) => count(own.otherUpstreamRequests, one) === 2 && count(earlier.otherUpstreamRequests, one) === 0,
  );
}
