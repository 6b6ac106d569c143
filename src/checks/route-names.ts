import { finding, findingType } from '../domain/findings.ts';
import { type Check, some } from './check.ts';

const repeated = findingType<{ object: string; names: string }>({
  code: 'check/route-name-repeated',
  severity: 'warning',
  fields: ['connection'],
  summary: 'Two routes of a VirtualService have the same name.',
  message: ({ object, names }) =>
    `VirtualService ${object} has several routes called ${names}; an EnvoyFilter for one of them would change all.`,
  remedy: () => 'Report it as a bug. Rename the routes manually if an EnvoyFilter refers to them.',
});

/** EnvoyFilters find a route by its name. */
export const routeNames: Check = {
  name: 'route-names',
  findings: [repeated],
  ofVirtualService:
    () =>
    ({ spec, name, where }, tell) => {
      const seen = new Set<string>();
      const twice = new Set<string>();
      for (const route of spec.http ?? []) (seen.has(route.name) ? twice : seen).add(route.name);
      if (twice.size > 0) tell(finding(repeated, { object: name, names: some([...twice]) }, where));
    },
};
