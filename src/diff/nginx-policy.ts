import type { Location } from '../nginx/model.ts';
import type { NginxContext } from './nginx-context.ts';
import type { RouteRequest } from './route.ts';

/** Who may reach the upstream, and how much of it; in the words of the route table. */
export function nginxPolicy(
  { owner, path }: Location,
  request: RouteRequest,
  { settings }: NginxContext,
): string[] {
  const reported: string[] = [];
  const list = (name: string): readonly string[] => {
    const value = settings.of(owner, name)?.value;
    return Array.isArray(value) ? value : [];
  };
  const value = (name: string) => owner.annotations.get(name)?.value;
  const allow = list('allowlist-source-range');
  const deny = list('denylist-source-range');
  if (allow.length > 0) reported.push(`allow ${addressList(allow)}`);
  if (deny.length > 0) reported.push(`deny ${addressList(deny)}`);
  const blocked = (settings.global('block-cidrs') ?? '').split(',').filter((range) => range.trim() !== '');
  if (blocked.length > 0) reported.push(`deny ${addressList(blocked)}`);
  const spared = (settings.global('no-auth-locations') ?? '/.well-known/acme-challenge').split(',');
  if (!spared.some((prefix) => prefix.trim() !== '' && path.startsWith(prefix.trim()))) {
    if (value('auth-type') !== undefined) reported.push('basic auth');
    const globally =
      settings.global('global-auth-url') !== undefined &&
      settings.of(owner, 'enable-global-auth')?.value !== false;
    if (value('auth-url') !== undefined || globally) reported.push('external auth');
  }
  if (value('satisfy') === 'any' && reported.length > 1) reported.push('any of these');
  if (request.tls && value('auth-tls-secret') !== undefined && value('auth-tls-verify-client') !== 'off')
    reported.push('client certificate');
  if (['limit-rps', 'limit-rpm'].some((name) => Number(value(name) ?? 0) > 0)) reported.push('rate limit');
  if (Number(value('limit-connections') ?? 0) > 0) reported.push('connection limit');
  return reported.sort();
}

/** A list of address ranges without regard to order and to the length of a single address. */
export function addressList(ranges: readonly string[]): string {
  const written = ranges.map((range) =>
    range
      .trim()
      .toLowerCase()
      .replace(/\/(?:32|128)$/, ''),
  );
  return [...new Set(written)].sort().join(' ');
}

/** `block-user-agents` and `block-referers` of the controller's ConfigMap: texts, or patterns after `~` or `~*`. */
export function isBlocked({ headers }: RouteRequest, { settings, patterns }: NginxContext): boolean {
  return (
    [
      ['block-user-agents', 'user-agent'],
      ['block-referers', 'referer'],
    ] as const
  ).some(([key, header]) => {
    const value = headers[header];
    if (value === undefined) return false;
    return (settings.global(key) ?? '').split(',').some((entry) => {
      const text = entry.trim();
      if (text === '') return false;
      const regex = /^~\*?\s*(.*)$/.exec(text)?.[1];
      return regex === undefined
        ? text.toLowerCase() === value.toLowerCase()
        : patterns(regex)?.test(value) === true;
    });
  });
}
