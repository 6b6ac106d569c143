import type { Answer, ForwardPatch } from '../features/effect.ts';
import type { ServiceBackend } from '../nginx/model.ts';
import { headersOf, mergeHeaders } from './headers.ts';
import type { Destination, HeaderOperations, HttpRoute, WeightedDestination } from './types.ts';

/** What a route does with its requests, apart from which they are. */
export type RouteAction = Omit<HttpRoute, 'name' | 'match'>;

export function answerRoute(answer: Answer, response: readonly HeaderOperations[]): RouteAction {
  const headers = headersOf({}, mergeHeaders([...response, ...(answer.headers ? [answer.headers] : [])]));
  if ('redirect' in answer) return { redirect: answer.redirect, ...headers };
  return {
    directResponse: {
      status: answer.status,
      ...(answer.body !== undefined && { body: { string: answer.body } }),
    },
    ...headers,
  };
}

export function forwardRoute(
  patch: ForwardPatch,
  response: readonly HeaderOperations[],
  to: readonly {
    readonly backend: ServiceBackend;
    readonly weight?: number;
    readonly headers?: { response?: HeaderOperations };
  }[],
  destination: (backend: ServiceBackend) => Destination,
): RouteAction {
  const merged = mergeHeaders([...(patch.response ? [patch.response] : []), ...response]);
  const { first, rest } = partDoubled(merged);
  const route = to.map(({ backend, weight, headers }): WeightedDestination => {
    const own = mergeHeaders([
      ...(first === undefined ? [] : [{ set: first }]),
      ...(headers?.response ? [headers.response] : []),
    ]);
    return {
      destination: patch.destination ?? destination(backend),
      ...(weight !== undefined && { weight }),
      ...headersOf({}, own),
    };
  });
  return {
    ...(patch.rewrite && { rewrite: patch.rewrite }),
    route,
    ...(patch.timeout !== undefined && patch.timeout !== 'none' && { timeout: patch.timeout }),
    ...(patch.retries && { retries: patch.retries }),
    ...(patch.mirrors && { mirrors: patch.mirrors }),
    ...(patch.corsPolicy && { corsPolicy: patch.corsPolicy }),
    ...headersOf(patch.request ?? {}, rest),
  };
}

/**
 * A header that nginx sends twice, as HSTS of its own beside an add_header of a snippet: Envoy works off a destination's
 * operations before the route's, and a route's `set` would take its own `add` away.
 */
function partDoubled({ set = {}, ...rest }: HeaderOperations): {
  first?: Record<string, string>;
  rest: HeaderOperations;
} {
  const doubled = Object.entries(set).filter(
    ([name]) => rest.add !== undefined && Object.hasOwn(rest.add, name),
  );
  if (doubled.length === 0) return { rest: Object.keys(set).length === 0 ? rest : { set, ...rest } };
  const single = Object.entries(set).filter(([name]) => !Object.hasOwn(rest.add ?? {}, name));
  return {
    first: Object.fromEntries(doubled),
    rest: { ...(single.length > 0 && { set: Object.fromEntries(single) }), ...rest },
  };
}

/** Later patches win, as later directives do in nginx. */
export function mergePatches(patches: readonly ForwardPatch[]): ForwardPatch {
  const request = mergeHeaders(patches.flatMap((patch) => (patch.request ? [patch.request] : [])));
  const response = mergeHeaders(patches.flatMap((patch) => (patch.response ? [patch.response] : [])));
  const merged: ForwardPatch = Object.assign({}, ...patches);
  const rewrite = Object.assign({}, ...patches.flatMap((patch) => (patch.rewrite ? [patch.rewrite] : [])));
  const mirrors = patches.flatMap((patch) => patch.mirrors ?? []);
  return {
    ...merged,
    ...(Object.keys(rewrite).length > 0 && { rewrite }),
    ...(mirrors.length > 0 && { mirrors }),
    request,
    response,
  };
}
