import { memoize } from '../../memoize.ts';
import type { Settings } from '../../nginx/settings.ts';
import type { Effect } from '../../plan/effect.ts';

/** On every HTTPS answer of a location, in place of the application's own (ingress-nginx 1.15.1, lua/lua_ingress.lua header). */
export const strictTransportSecurity = memoize((settings: Settings): readonly Effect[] => {
  if (isFalse(settings.global('hsts'))) return [];
  const written = settings.global('hsts-max-age')?.trim();
  const age =
    written !== undefined && /^\d+$/.test(written) ? written : String(settings.usual('hsts-max-age'));
  const subdomains = isFalse(settings.global('hsts-include-subdomains')) ? '' : '; includeSubDomains';
  const preload = settings.global('hsts-preload')?.trim() === 'true' ? '; preload' : '';
  const set = { 'strict-transport-security': `max-age=${age}${subdomains}${preload}` };
  return [{ kind: 'response-headers', variant: 'secure', when: { tls: true }, response: { set } }];
});

function isFalse(value: string | undefined): boolean {
  return value?.trim() === 'false';
}
