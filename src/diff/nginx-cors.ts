import type { Location } from '../nginx/model.ts';
import type { Settings } from '../nginx/settings.ts';
import { corsCell, type RouteRequest } from './route.ts';

/** What nginx does with the Origin of a request (ingress-nginx 1.15.1, annotations/cors/main.go, template "CORS"). */
export interface NginxCors {
  /** Whether an OPTIONS is answered with 204. */
  readonly preflight: boolean;
  readonly cell: string;
}

const usualMethods = 'GET, PUT, POST, DELETE, PATCH, OPTIONS';
const usualHeaders =
  'DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization';

export function nginxCors(
  { owner }: Location,
  settings: Settings,
  request: RouteRequest,
): NginxCors | undefined {
  if (settings.of(owner, 'enable-cors')?.value !== true) return undefined;
  const text = (name: string, otherwise: string): string => {
    const value = settings.of(owner, name)?.value;
    if (value === undefined) return otherwise;
    return Array.isArray(value) ? value.join(', ') : String(value);
  };
  const listed = originsOf(text('cors-allow-origin', '*'));
  // An origin without a scheme is left out; where none remains, nothing is sent (scenario cors-invalid-origin).
  const origins = listed.filter(
    (origin) => origin === '*' || origin === 'null' || /^[a-z]+:\/\//i.test(origin),
  );
  if (listed.length > 0 && origins.length === 0) return undefined;
  const caller = request.headers['origin'] ?? '';
  const every = origins.includes('*') || origins.length === 0;
  if (!every && !origins.some((origin) => matches(origin, caller))) return undefined;
  const preflight = request.method === 'OPTIONS';
  const credentials = settings.of(owner, 'cors-allow-credentials')?.value !== false;
  return {
    preflight,
    cell: corsCell({
      origin: every ? '*' : caller,
      // Browsers refuse the pair of `*` and credentials, so it says nothing.
      credentials: credentials && !every,
      expose: text('cors-expose-headers', ''),
      preflight: preflight
        ? {
            methods: text('cors-allow-methods', usualMethods),
            headers: text('cors-allow-headers', usualHeaders),
            maxAge: text('cors-max-age', '1728000'),
          }
        : undefined,
    }),
  };
}

export function originsOf(text: string): string[] {
  return text
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '');
}

/** `*.` stands for one label; without regard to case (template/template.go buildOriginRegex). */
function matches(origin: string, caller: string): boolean {
  const quoted = origin.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace('\\*\\.', '[A-Za-z0-9-]+\\.');
  return new RegExp(`^(?:${quoted})$`, 'i').test(caller);
}
