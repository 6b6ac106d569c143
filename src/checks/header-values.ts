import { finding, findingType } from '../domain/findings.ts';
import type { Headers, HttpRoute } from '../istio-api/types.ts';
import { shown } from '../text/shown.ts';
import type { Check } from './check.ts';

const badFormat = findingType<{ object: string; route: string; header: string; value: string }>({
  code: 'check/header-format',
  severity: 'error',
  fields: ['status'],
  summary: 'A header value contains a percent sign that Envoy reads as the start of a command.',
  message: ({ object, route, header, value }) =>
    `Route ${route} of VirtualService ${object} sets ${shown(header)} to ${shown(value)}. Envoy reads its percent sign as a command and refuses the routes of the whole port.`,
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
  ofVirtualService:
    () =>
    ({ spec, name, where }, tell) => {
      for (const route of spec.http ?? []) {
        for (const values of operationsOf(route)) {
          for (const header in values) {
            const value = values[header]!;
            if (!isFormat(value))
              tell(finding(badFormat, { object: name, route: route.name, header, value }, where));
          }
        }
      }
    },
};

/** What a route sets and adds, and so do its destinations. */
function operationsOf({ headers, route = [] }: HttpRoute): Readonly<Record<string, string>>[] {
  const operations: Readonly<Record<string, string>>[] = [];
  const take = (given: Headers | undefined): void => {
    if (given === undefined) return;
    for (const { set, add } of [given.request ?? {}, given.response ?? {}]) {
      if (set !== undefined) operations.push(set);
      if (add !== undefined) operations.push(add);
    }
  };
  take(headers);
  for (const destination of route) take(destination.headers);
  return operations;
}
