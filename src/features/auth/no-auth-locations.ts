import type { Location } from '../../nginx/model.ts';
import type { Settings } from '../../nginx/settings.ts';

/**
 * Whether a location is on the ConfigMap's `no-auth-locations`, and asks for neither a password nor external
 * authentication (ingress-nginx 1.15.1, template/template.go isLocationInLocationList; scenario global-auth-url).
 */
export function isSparedFromAuth({ path }: Location, settings: Settings): boolean {
  return (settings.global('no-auth-locations') ?? '/.well-known/acme-challenge')
    .split(',')
    .map((prefix) => prefix.trim())
    .some((prefix) => prefix !== '' && path.startsWith(prefix));
}
