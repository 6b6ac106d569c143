import { qualifiedName } from '../domain/origin.ts';
import type { Location, ServiceBackend } from '../nginx/model.ts';
import type { RouteRequest } from './route.ts';

/** Header, cookie, weight (lua/balancer.lua route_to_alternative_balancer). */
export function backendsOf(location: Location, main: ServiceBackend, request: RouteRequest) {
  const { canary } = location;
  const whole = (backend: ServiceBackend) => [{ name: backendName(backend, location, request), weight: 1 }];
  if (canary === undefined) return whole(main);
  const header = canary.byHeader === undefined ? undefined : request.headers[canary.byHeader.toLowerCase()];
  if (header !== undefined) {
    if (canary.byHeaderValue !== undefined) {
      if (header === canary.byHeaderValue) return whole(canary.backend);
    } else if (canary.byHeaderPattern !== undefined) {
      if (caseSensitive(canary.byHeaderPattern)?.test(header)) return whole(canary.backend);
    } else if (header === 'always') return whole(canary.backend);
    else if (header === 'never') return whole(main);
  }
  const cookie = canary.byCookie === undefined ? undefined : cookieOf(request, canary.byCookie);
  if (cookie === 'always') return whole(canary.backend);
  if (cookie === 'never') return whole(main);
  const weight = Math.min(Math.max(canary.weight, 0), canary.weightTotal);
  return [
    { name: backendName(main, location, request), weight: canary.weightTotal - weight },
    { name: backendName(canary.backend, location, request), weight },
  ];
}

function caseSensitive(source: string): RegExp | undefined {
  try {
    return new RegExp(source);
  } catch {
    return undefined;
  }
}

function cookieOf({ headers }: RouteRequest, name: string): string | undefined {
  const pairs = (headers['cookie'] ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1];
}

function backendName({ service, port }: ServiceBackend, location: Location, request: RouteRequest): string {
  const protocol = String(location.owner.annotations.get('backend-protocol')?.value ?? 'HTTP').toLowerCase();
  const spoken = protocol === 'auto_http' ? (request.tls ? 'https' : 'http') : protocol;
  const name =
    service.type === 'ExternalName'
      ? `external ${(service.externalName ?? '').toLowerCase().replace(/\.$/, '')}`
      : qualifiedName(service.ref);
  return `${name}:${port.port}${spoken === 'http' ? '' : ` (${spoken})`}`;
}
