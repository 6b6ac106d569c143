import { type Options, readsPathsAsNginx } from '../domain/options.ts';
import type { RouteRequest } from './route.ts';

/** The path by which Envoy chooses a route, with what may not stand in one escaped (istio/FACTS o). */
export function pathInEnvoy({ path, sentPath }: RouteRequest, options: Options): string {
  if (sentPath === undefined || readsPathsAsNginx(options)) return escaped(path);
  const { pathNormalization } = options.mesh;
  if (pathNormalization === 'NONE') return escaped(sentPath);
  const slashes =
    pathNormalization === 'DECODE_AND_MERGE_SLASHES' ? sentPath.replace(/%2f|%5c|\\/gi, '/') : sentPath;
  const normal = withoutDots(unreserved(slashes.replaceAll('\\', '/')));
  return escaped(
    pathNormalization === 'BASE' || pathNormalization === 'NGINX' ? normal : normal.replace(/\/{2,}/g, '/'),
  );
}

function escaped(path: string): string {
  return path.replace(/[^\x21-\x7e]|["<>^`{|}]/gu, encodeURIComponent);
}

/** Letters, digits and `-._~` stand for themselves (RFC 3986, 6.2.2.2). */
function unreserved(path: string): string {
  return path.replace(/%([0-9a-f]{2})/gi, (whole, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : whole.toUpperCase();
  });
}

/** RFC 3986, 5.2.4; empty segments are kept. */
function withoutDots(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === '..') kept.pop();
    if (segment !== '..' && segment !== '.') kept.push(segment);
    else if (last) kept.push('');
  }
  return `/${kept.join('/')}`;
}
