import fc from 'fast-check';
import { expect, it } from 'vitest';
import { outputOf } from '../../src/checks/check.ts';
import { shadowedRoutes } from '../../src/checks/shadowed-routes.ts';
import { type Finding, messageOf } from '../../src/domain/findings.ts';
import type { HttpMatch } from '../../src/istio-api/types.ts';
import { conversion, route, virtualService } from './conversion.ts';

const paths = ['/', '/a', '/b', '/a/', '/a/b', '/a/b/', '/ab', '/a/b/c', '/b/a'];
const ports = [80, 443];

const match: fc.Arbitrary<HttpMatch> = fc
  .record({
    kind: fc.constantFrom<'exact' | 'prefix'>('exact', 'prefix'),
    path: fc.constantFrom(...paths),
    port: fc.option(fc.constantFrom(...ports), { nil: undefined }),
  })
  .map(({ kind, path, port }) => ({
    uri: (kind === 'exact' ? { exact: path } : { prefix: path }) as NonNullable<HttpMatch['uri']>,
    ...(port === undefined ? {} : { port }),
  }));

/** As Envoy would: the first route with a match. */
function chosen(routes: readonly (readonly HttpMatch[])[], path: string, port: number): number {
  return routes.findIndex((matches) =>
    matches.some(({ uri, port: own }) => {
      if (own !== undefined && own !== port) return false;
      return (
        uri === undefined ||
        ('exact' in uri ? uri.exact === path : 'prefix' in uri && path.startsWith(uri.prefix))
      );
    }),
  );
}

it('no request reaches a route that is told', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(match, { minLength: 1, maxLength: 2 }), { minLength: 2, maxLength: 6 }),
      (routes) => {
        const http = routes.map((matches, index) => route(`r${index}`, matches));
        const [looked] = outputOf(
          conversion({ objects: [virtualService('shop/web', 'a.b', ...http)] }),
        ).virtualServices;
        let found: Finding | undefined;
        shadowedRoutes.ofVirtualService!()(looked!, (finding) => {
          found = finding;
        });
        const told = found === undefined ? '' : messageOf(found).split('can reach')[1]!.split(': ')[0]!;
        const reached = new Set(paths.flatMap((path) => ports.map((port) => chosen(routes, path, port))));
        for (const index of reached) expect(told).not.toContain(`"r${index}"`);
      },
    ),
  );
});
