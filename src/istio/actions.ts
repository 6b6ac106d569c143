import { headersOf, mergeHeaders } from '../istio-api/headers.ts';
import type {
  Destination,
  HeaderOperations,
  HttpRoute,
  Mirror,
  Rewrite,
  WeightedDestination,
} from '../istio-api/types.ts';
import type { ServiceBackend } from '../nginx/model.ts';
import type { Answer } from '../plan/answer-effect.ts';
import type { ForwardPatch } from '../plan/effect.ts';
import { isEmpty } from '../text/json.ts';

/** What a route does with its requests, apart from which they are. */
export type RouteAction = Omit<HttpRoute, 'name' | 'match'>;

export function answerRoute(answer: Answer, response: readonly HeaderOperations[]): RouteAction {
  const headers = headersOf({}, mergeHeaders(answer.headers ? [...response, answer.headers] : response));
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
  const merged = mergeHeaders(patch.response ? [patch.response, ...response] : response);
  const { first, rest } = partDoubled(merged);
  const route = to.map(({ backend, weight, headers }): WeightedDestination => {
    const operations: HeaderOperations[] = first === undefined ? [] : [{ set: first }];
    if (headers?.response) operations.push(headers.response);
    const own = mergeHeaders(operations);
    return {
      destination: patch.destination ?? destination(backend),
      ...(weight !== undefined && { weight }),
      ...headersOf({}, own),
    };
  });
  return {
    ...(patch.rewrite && { rewrite: patch.rewrite }),
    route,
    ...(patch.timeout !== undefined && { timeout: patch.timeout }),
    ...retriesOf(patch),
    ...(patch.mirrors && { mirrors: patch.mirrors }),
    ...(patch.corsPolicy && { corsPolicy: patch.corsPolicy }),
    ...headersOf(patch.request ?? {}, rest),
  };
}

/** What a VirtualService without `retries` has (istio 1.31, pilot/pkg/networking/core/route/retry). */
const istioAttempts = 2;

function retriesOf({ retries, perTryTimeout }: ForwardPatch): Pick<RouteAction, 'retries'> {
  if (perTryTimeout === undefined) return retries === undefined ? {} : { retries };
  const { attempts, ...rest } = retries ?? { attempts: istioAttempts };
  return { retries: { attempts, perTryTimeout, ...rest } };
}

/**
 * A header that nginx sends twice, as HSTS of its own beside an add_header of a snippet: Envoy works off a destination's
 * operations before the route's, and a route's `set` would take its own `add` away.
 */
function partDoubled(operations: HeaderOperations): {
  first?: Record<string, string>;
  rest: HeaderOperations;
} {
  const { set = {}, ...rest } = operations;
  const { add } = rest;
  if (add === undefined) return { rest: operations };
  const doubled = Object.entries(set).filter(([name]) => Object.hasOwn(add, name));
  if (doubled.length === 0) return { rest: operations };
  const single = Object.entries(set).filter(([name]) => !Object.hasOwn(add, name));
  return {
    first: Object.fromEntries(doubled),
    rest: { ...(single.length > 0 && { set: Object.fromEntries(single) }), ...rest },
  };
}

/** Later patches win, as later directives do in nginx. */
export function mergePatches(patches: readonly ForwardPatch[]): ForwardPatch {
  const request: HeaderOperations[] = [];
  const response: HeaderOperations[] = [];
  const rewrite: Rewrite = {};
  const mirrors: Mirror[] = [];
  for (const patch of patches) {
    if (patch.request) request.push(patch.request);
    if (patch.response) response.push(patch.response);
    if (patch.rewrite) Object.assign(rewrite, patch.rewrite);
    if (patch.mirrors) mirrors.push(...patch.mirrors);
  }
  const merged: ForwardPatch = Object.assign({}, ...patches);
  return {
    ...merged,
    ...(!isEmpty(rewrite) && { rewrite }),
    ...(mirrors.length > 0 && { mirrors }),
    request: mergeHeaders(request),
    response: mergeHeaders(response),
  };
}
