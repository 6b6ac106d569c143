import type { Route, RouteReader, RouteRequest } from '../../diff/route.ts';

const most = 5_000;

/** A reader that is asked once for requests that lines of different statuses stand for. */
export function memoized({ route }: Pick<RouteReader, 'route'>): (request: RouteRequest) => Route {
  const known = new Map<string, Route>();
  return (request) => {
    const key = keyOf(request);
    const found = known.get(key);
    if (found !== undefined) return found;
    const fresh = route(request);
    if (known.size >= most) known.clear();
    known.set(key, fresh);
    return fresh;
  };
}

function keyOf({ host, tls, method, path, headers, sentPath = '', hasQuery }: RouteRequest): string {
  const named = Object.entries(headers).flat().join('\n');
  return `${host}\n${tls}\n${method}\n${hasQuery}\n${path}\n${sentPath}\n${named}`;
}
