import type { RequestClass } from '../../src/findings.ts';
import type { Server } from '../../src/nginx/model.ts';
import type { Probe } from './scenario.ts';

/** Whether a probe is one of the requests that a gap of the platform speaks of, judged by the request alone. */
export function isOfClass(
  which: RequestClass,
  request: Probe['request'],
  server: Server | undefined,
): boolean {
  const headers = Object.entries(request.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), String(value)] as const,
  );
  const names = headers.map(([name]) => name);
  const path = request.path.split('?', 1)[0]!;
  switch (which) {
    case 'odd-path':
      return /\/\/|%|\/\.{1,2}(\/|$)|\\/.test(path);
    case 'large-body':
      return (request.bodySize ?? 0) > 0 || (request.body ?? '').length > 1024;
    case 'underscore-header':
      return names.some((name) => name.includes('_'));
    case 'large-headers':
      return request.path.length > 8000 || headers.some(([name, value]) => name.length + value.length > 8000);
    case 'client-request-id':
      return names.includes('x-request-id');
    case 'client-forwarded-headers':
      return names.some((name) => /^x-(forwarded|original-forwarded|real-ip|scheme)/.test(name));
    case 'failing-upstream':
      return (
        names.includes('x-echo-delay') || names.includes('x-echo-drip') || names.includes('x-echo-status')
      );
    case 'unknown-host-https':
      return request.scheme === 'https' && server === undefined;
    case 'malformed':
      return /%(?![0-9a-fA-F]{2})|%00/.test(path) || escapesRoot(path);
  }
}

function escapesRoot(path: string): boolean {
  let depth = 0;
  for (const segment of decodeSafely(path).split('/')) {
    if (segment === '..') depth--;
    else if (segment !== '' && segment !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}

function decodeSafely(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
