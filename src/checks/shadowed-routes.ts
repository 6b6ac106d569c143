import { finding, findingType } from '../domain/findings.ts';
import type { HttpMatch, HttpRoute } from '../istio-api/types.ts';
import { shown } from '../text/shown.ts';
import { type Check, some } from './check.ts';

const shadowed = findingType<{ object: string; routes: string; by: string }>({
  code: 'check/shadowed-route',
  severity: 'warning',
  fields: ['status', 'upstream', 'path'],
  summary:
    'A route can never be reached, as an earlier one of its VirtualService matches all that it matches.',
  message: ({ object, routes, by }) =>
    `In VirtualService ${object} nothing can reach ${routes}: ${by} comes earlier and matches the same requests.`,
  remedy: () => 'Put the more specific route first, or remove the one that is not reached.',
});

/** Istio keeps the order of the routes and takes the first that matches (istio/FACTS p). */
export const shadowedRoutes: Check = {
  name: 'shadowed-routes',
  findings: [shadowed],
  ofVirtualService:
    () =>
    ({ spec, name, where }, tell) => {
      const hidden = shadowedIn(spec.http ?? []);
      if (hidden.length === 0) return;
      const routes = some(hidden.map(({ route }) => shown(route)));
      tell(finding(shadowed, { object: name, routes, by: shown(hidden[0]!.by) }, where));
    },
};

/** What earlier routes take of all requests that meet the same conditions, each with the name of the route. */
interface Taken {
  all: string | undefined;
  /** By kind and path. */
  readonly paths: Map<string, string>;
  /** Lengths of the prefixes; few, so that looking for one that covers a path takes a few steps. */
  readonly lengths: number[];
}

const everything: readonly HttpMatch[] = [{}];

/** Routes all of whose matches an earlier route covers: by a wider path, under the same conditions or none. */
function shadowedIn(routes: readonly HttpRoute[]): { readonly route: string; readonly by: string }[] {
  const taken = new Map<string, Taken>();
  const hidden: { route: string; by: string }[] = [];
  if (routes.length < 2) return hidden;
  for (const { name, match } of routes) {
    const matches = match ?? everything;
    const conditions = matches.map(conditionsOf);
    let by: string | undefined;
    for (const [index, each] of matches.entries()) {
      const cover = coverOf(each, conditions[index]!, taken);
      by = cover === undefined ? undefined : (by ?? cover);
      if (cover === undefined) break;
    }
    if (by !== undefined) hidden.push({ route: name, by });
    for (const [index, each] of matches.entries()) take(each, conditions[index]!, name, taken);
  }
  return hidden;
}

/** Whoever takes the match's path under no condition, on its port alone, or under its very conditions. */
function coverOf(
  match: HttpMatch,
  conditions: string,
  taken: ReadonlyMap<string, Taken>,
): string | undefined {
  const onPort = match.port === undefined ? undefined : portCondition(match.port);
  return (
    coverIn(match.uri, taken.get('')) ??
    (onPort === undefined ? undefined : coverIn(match.uri, taken.get(onPort))) ??
    (conditions === '' || conditions === onPort ? undefined : coverIn(match.uri, taken.get(conditions)))
  );
}

function coverIn(uri: HttpMatch['uri'], taken: Taken | undefined): string | undefined {
  if (taken === undefined || taken.all !== undefined || uri === undefined) return taken?.all;
  if ('regex' in uri) return taken.paths.get(`regex ${uri.regex}`);
  const path = 'exact' in uri ? uri.exact : uri.prefix;
  const same = 'exact' in uri ? taken.paths.get(`exact ${path}`) : undefined;
  if (same !== undefined) return same;
  for (const length of taken.lengths) {
    const cover = length <= path.length ? taken.paths.get(`prefix ${path.slice(0, length)}`) : undefined;
    if (cover !== undefined) return cover;
  }
  return undefined;
}

function take(match: HttpMatch, key: string, route: string, taken: Map<string, Taken>): void {
  const entry = taken.get(key) ?? { all: undefined, paths: new Map<string, string>(), lengths: [] };
  taken.set(key, entry);
  const { uri } = match;
  if (matchesAll(uri)) entry.all ??= route;
  else if ('exact' in uri) setOnce(entry.paths, `exact ${uri.exact}`, route);
  else if ('regex' in uri) setOnce(entry.paths, `regex ${uri.regex}`, route);
  else {
    setOnce(entry.paths, `prefix ${uri.prefix}`, route);
    if (!entry.lengths.includes(uri.prefix.length)) entry.lengths.push(uri.prefix.length);
  }
}

function setOnce(map: Map<string, string>, key: string, value: string): void {
  if (!map.has(key)) map.set(key, value);
}

/** Every path begins with a slash. */
function matchesAll(uri: HttpMatch['uri']): uri is undefined {
  if (uri === undefined) return true;
  if ('prefix' in uri) return uri.prefix === '' || uri.prefix === '/';
  return 'regex' in uri && /^(?:\(\?i\))?\^?\/?(?:\.\*|\(\.\*\))\$?$/.test(uri.regex);
}

/** The match without its path, as a key; '' where it has no other condition. */
function conditionsOf(match: HttpMatch): string {
  const fields: string[] = [];
  for (const field in match) if (field !== 'uri' && field !== 'name') fields.push(field);
  if (fields.length === 0) return '';
  if (fields.length === 1 && match.port !== undefined) return portCondition(match.port);
  return JSON.stringify(fields.sort().map((field) => [field, match[field as keyof HttpMatch]]));
}

function portCondition(port: number): string {
  return `port ${port}`;
}
