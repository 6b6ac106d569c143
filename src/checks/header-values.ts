import { finding, findingType } from '../findings.ts';
import type { Headers, HttpRoute } from '../istio/types.ts';
import { shown } from '../read/shown.ts';
import type { Check } from './check.ts';

const badFormat = findingType<{ object: string; route: string; header: string; value: string }>({
  code: 'check/header-format',
  severity: 'error',
  fields: ['status'],
  summary: 'A header value holds a percent sign that Envoy takes for the start of a command.',
  message: ({ object, route, header, value }) =>
    `Route ${route} of VirtualService ${object} sets ${shown(header)} to ${shown(value)}, in which Envoy takes a percent sign for a command; it refuses the routes of the whole port then.`,
  remedy: () => 'Write a literal percent sign twice.',
});

/**
 * True where every `%` is doubled or begins a command such as `%REQ(x?y):10%`. Istio lets any text between two signs pass, but
 * Envoy refuses the route table with a command that it does not know.
 */
function isFormat(value: string): boolean {
  return (
    !value.includes('%') ||
    !value.replace(/%%|%[A-Z][A-Z0-9_]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?(?::\d+)?%/g, '').includes('%')
  );
}

export const headerValues: Check = {
  name: 'header-values',
  findings: [badFormat],
  run: ({ virtualServices }) =>
    virtualServices.flatMap(({ spec, name, where }) =>
      (spec.http ?? []).flatMap((route) =>
        [...valuesOf(route)]
          .filter(([, value]) => !isFormat(value))
          .map(([header, value]) =>
            finding(badFormat, { object: name, route: route.name, header, value }, where),
          ),
      ),
    ),
};

function* valuesOf(route: HttpRoute): Generator<[string, string]> {
  yield* valuesIn(route.headers);
  for (const { headers } of route.route ?? []) yield* valuesIn(headers);
}

function* valuesIn(headers: Headers | undefined): Generator<[string, string]> {
  for (const operations of [headers?.request, headers?.response]) {
    if (operations?.set !== undefined) yield* Object.entries(operations.set);
    if (operations?.add !== undefined) yield* Object.entries(operations.add);
  }
}
