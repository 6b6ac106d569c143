import { finding, findingType } from '../domain/findings.ts';
import type { HttpRoute } from '../istio-api/types.ts';
import { shown } from '../text/shown.ts';
import { type Check, some } from './check.ts';

const setTwice = findingType<{ object: string; route: string; values: string }>({
  code: 'check/host-header-set-twice',
  severity: 'error',
  fields: ['host'],
  summary: 'A route sets the Host header in two ways.',
  message: ({ object, route, values }) =>
    `Route ${route} of VirtualService ${object} sets the Host header more than once (${values}); Istio refuses the object.`,
  remedy: () => 'Keep one of them, the one that nginx sends today.',
});

/** istiod, validateAuthorityRewrite: `rewrite.authority`, `Host` and `:authority` exclude one another. */
export const authorities: Check = {
  name: 'authorities',
  findings: [setTwice],
  ofVirtualService:
    () =>
    ({ spec, name, where }, tell) => {
      for (const route of spec.http ?? []) {
        const values = authoritiesOf(route);
        if (values.length < 2) continue;
        tell(finding(setTwice, { object: name, route: route.name, values: some(values.map(shown)) }, where));
      }
    },
};

function authoritiesOf({ rewrite, headers }: HttpRoute): string[] {
  const values = rewrite?.authority === undefined ? [] : [rewrite.authority];
  for (const operation of [headers?.request?.set, headers?.request?.add]) {
    for (const name in operation) if (/^(?:host|:authority)$/i.test(name)) values.push(operation[name]!);
  }
  return values;
}
