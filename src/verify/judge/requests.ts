import type { RequestClass } from '../../domain/findings.ts';
import type { Server } from '../../nginx/model.ts';
import { normalPath } from './location.ts';
import type { Result } from './observation.ts';
import type { ProbeRequest } from './probe.ts';

const forwarded = /^(x-forwarded-.*|x-original-forwarded-.*|x-real-ip|x-scheme|forwarded)$/;
/** `large_client_header_buffers 4 8k`, nginx's default and that of ingress-nginx. */
const [lineLimit, headerLimit] = [8 * 1024, 32 * 1024];

/** Whether a request is of a class that a gap of the platform touches; what only nginx can tell, its answer tells. */
export function isOfClass(
  which: RequestClass,
  request: ProbeRequest,
  nginx: Result | undefined,
  server: Server | undefined,
): boolean {
  const headers = Object.entries(request.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  const has = (test: (name: string) => boolean) => headers.some(([name]) => test(name));
  const own = nginx?.upstream === null ? nginx.status : undefined;
  switch (which) {
    case 'odd-path':
      return isOdd(pathOf(request));
    case 'odd-spelling':
      return isOdd(pathOf(request)) || /[A-Z]/.test(pathOf(request));
    case 'answered-first':
      return request.method === 'OPTIONS' || (own !== undefined && own >= 300 && own < 400);
    case 'large-body':
      return own === 413;
    case 'with-body':
      return request.body !== undefined || request.bodySize !== undefined;
    case 'underscore-header':
      return has((name) => name.includes('_'));
    case 'large-headers': {
      const lines = [`GET ${request.path} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
      const total = lines.reduce((sum, line) => sum + line.length + 2, 0);
      return total > headerLimit || lines.some((line) => line.length > lineLimit);
    }
    case 'client-request-id':
      return has((name) => name === 'x-request-id');
    case 'client-forwarded-headers':
      return has((name) => forwarded.test(name));
    case 'failing-upstream':
      return own === 502 || own === 504;
    case 'no-endpoints':
      // A limit, which answers 503 as well, shows itself in repeated requests.
      return own === 503 && request.repeat === undefined;
    case 'unknown-host-https':
      return request.scheme === 'https' && server === undefined;
    case 'dotted-host':
      return /\.(?::\d+)?$/.test(request.host);
    case 'malformed':
      return (
        own === 400 || (own === 405 && request.method === 'TRACE') || normalPath(request.path) === undefined
      );
  }
}

function pathOf({ path }: ProbeRequest): string {
  return path.replace(/[?#].*$/s, '');
}

function isOdd(path: string): boolean {
  return /[%\\|"<>^`{}]|\/\/|\/\.{1,2}(\/|$)/.test(path);
}
