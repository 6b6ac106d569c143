import {
  type Column,
  type Condition,
  columns,
  exampleHost,
  type Route,
  type RouteReader,
  type RouteRequest,
} from './route.ts';
import { witnessesOf } from './witnesses.ts';

/** Requests that one system treats alike and the other, too. */
export interface Row {
  readonly paths: readonly string[];
  readonly schemes: readonly ('http' | 'https')[];
  readonly condition: string;
  readonly left: Route;
  readonly right: Route;
  /** The columns in which the two differ. */
  readonly differs: readonly Column[];
}

export interface HostTable {
  readonly host: string;
  readonly rows: readonly Row[];
  /** Paths that were not asked for, as there are too many. */
  readonly left: number;
}

const mostConditions = 60;
const mostConditionalPaths = 40;

/**
 * The route table of a host. Both systems are asked for the same requests: one for every way in which either of them tells
 * paths, schemes, methods and headers apart. Requests with the same pair of answers are one row.
 */
export function hostTable(host: string, nginx: RouteReader, istio: RouteReader): HostTable {
  const [before, after] = [nginx.hints(host), istio.hints(host)];
  const { witnesses, left } = witnessesOf([...before.paths, ...after.paths]);
  const conditions = distinct([...before.conditions, ...after.conditions]).slice(0, mostConditions);
  const schemes = [
    ...(before.http || after.http ? ['http' as const] : []),
    ...(before.https || after.https ? ['https' as const] : []),
  ];
  const rows = new Map<string, { paths: string[]; schemes: Set<'http' | 'https'>; row: Row }>();
  const name = exampleHost(host);
  const ask = (scheme: 'http' | 'https', path: string, condition: Condition): [Route, Route] => {
    const request: RouteRequest = {
      host: name,
      tls: scheme === 'https',
      method: condition.method ?? 'GET',
      path,
      headers: condition.headers,
    };
    return [overPaths(nginx.route(request), path), overPaths(istio.route(request), path)];
  };
  const put = (scheme: 'http' | 'https', path: string, condition: string, pair: [Route, Route]): void => {
    const key = JSON.stringify([condition, scheme, ...pair]);
    const known = rows.get(key);
    if (known !== undefined) known.paths.push(path);
    else
      rows.set(key, {
        paths: [path],
        schemes: new Set([scheme]),
        row: {
          paths: [],
          schemes: [],
          condition,
          left: pair[0],
          right: pair[1],
          differs: columns.filter((column) => pair[0][column] !== pair[1][column]),
        },
      });
  };
  for (const scheme of schemes) {
    let requested = 0;
    for (const { path, label, named } of witnesses) {
      const usual = ask(scheme, path, { headers: {} });
      put(scheme, label, '', usual);
      if (!named || requested++ >= mostConditionalPaths) continue;
      const usualText = JSON.stringify(usual);
      for (const condition of conditions) {
        const pair = ask(scheme, path, condition);
        if (JSON.stringify(pair) !== usualText) put(scheme, label, conditionText(condition), pair);
      }
    }
  }
  return {
    host,
    rows: overSchemes(
      [...rows.values()].map((one) => ({ ...one.row, paths: one.paths, schemes: [...one.schemes] })),
    ),
    left,
  };
}

/** Answers that repeat the path of the request are one for all paths. */
function overPaths(route: Route, path: string): Route {
  if (path === '/')
    return route.answer.endsWith('/') ? { ...route, answer: `${route.answer.slice(0, -1)}{path}` } : route;
  return route.answer.endsWith(path)
    ? { ...route, answer: `${route.answer.slice(0, -path.length)}{path}` }
    : route;
}

/** Rows that are the same over HTTP and HTTPS are one. */
function overSchemes(rows: readonly Row[]): Row[] {
  const merged = new Map<string, Row>();
  for (const row of rows) {
    const key = JSON.stringify([row.paths, row.condition, row.left, row.right]);
    const known = merged.get(key);
    merged.set(key, known === undefined ? row : { ...known, schemes: [...known.schemes, ...row.schemes] });
  }
  return [...merged.values()].sort(
    (a, b) =>
      compare(a.paths[0] ?? '', b.paths[0] ?? '') ||
      compare(a.schemes.join(), b.schemes.join()) ||
      compare(a.condition, b.condition),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function distinct(conditions: readonly Condition[]): Condition[] {
  return [...new Map(conditions.map((condition) => [conditionText(condition), condition])).values()];
}

/** `OPTIONS, origin: https://a.example.com` */
function conditionText({ method, headers }: Condition): string {
  const named = Object.entries(headers)
    .sort(([a], [b]) => compare(a, b))
    .map(([name, value]) => `${name}: ${value}`);
  return [...(method === undefined ? [] : [method]), ...named].join(', ');
}
