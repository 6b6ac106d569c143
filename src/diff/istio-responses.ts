import type { Mapping } from '../read/fields.ts';
import { formatted, isText, type Re2 } from './istio-match.ts';
import { at, listOf, textOf, textsOf } from './istio-objects.ts';
import { corsCell, type RouteRequest } from './route.ts';

/** The headers that operations leave of those that were there `before`, for a request: names in lower case; a removed one is `(removed)`. */
export function setHeaders(
  operations: Mapping,
  request: RouteRequest,
  before: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  const headers = new Map(before);
  for (const name of textsOf(operations, 'remove')) headers.set(name.toLowerCase(), '(removed)');
  for (const kind of ['set', 'add']) {
    for (const [name, value] of Object.entries(at(operations, kind))) {
      const key = name.toLowerCase();
      const known = kind === 'add' ? headers.get(key) : undefined;
      const text = formatted(String(value), request);
      headers.set(key, known === undefined || known === '(removed)' ? text : `${known}, ${text}`);
    }
  }
  return headers;
}

/** CORS as a policy and as headers that are written out, in one form (istio/FACTS e). */
export function istioCors(route: Mapping, request: RouteRequest, re2: Re2): string {
  const preflight = request.method === 'OPTIONS';
  const written = setHeaders(at(route, 'headers', 'response'), request);
  const origin = written.get('access-control-allow-origin');
  if (origin !== undefined && origin !== '') {
    return corsCell({
      origin,
      credentials: written.get('access-control-allow-credentials') === 'true' && origin !== '*',
      expose: written.get('access-control-expose-headers') ?? '',
      preflight: preflight
        ? {
            methods: written.get('access-control-allow-methods') ?? '',
            headers: written.get('access-control-allow-headers') ?? '',
            maxAge: written.get('access-control-max-age') ?? '',
          }
        : undefined,
    });
  }
  const policy = at(route, 'corsPolicy');
  const caller = request.headers['origin'];
  if (caller === undefined || !listOf(policy, 'allowOrigins').some((one) => isText(one, caller, re2)))
    return '';
  return corsCell({
    origin: caller,
    credentials: policy['allowCredentials'] === true,
    expose: textsOf(policy, 'exposeHeaders').join(','),
    preflight: preflight
      ? {
          methods: textsOf(policy, 'allowMethods').join(','),
          headers: textsOf(policy, 'allowHeaders').join(','),
          maxAge: (textOf(policy, 'maxAge') ?? '').replace(/s$/, ''),
        }
      : undefined,
  });
}
