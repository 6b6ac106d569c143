import type { IstioObject } from '../istio/objects.ts';
import type { Mapping } from '../read/fields.ts';
import { at, listOf, textOf } from './istio-objects.ts';
import { addressList } from './nginx-policy.ts';

/** What EnvoyFilters add to the routes of one name under one domain. */
export interface RoutePatches {
  /** The values that are merged into the route. */
  readonly values: readonly Mapping[];
}

/** `domain route` → what is merged into it. */
export function routePatches(objects: readonly IstioObject[]): ReadonlyMap<string, RoutePatches> {
  const found = new Map<string, Mapping[]>();
  for (const object of objects) {
    if (object.kind !== 'EnvoyFilter') continue;
    for (const patch of listOf(object.spec, 'configPatches')) {
      if (patch['applyTo'] !== 'HTTP_ROUTE') continue;
      const vhost = at(patch, 'match', 'routeConfiguration', 'vhost');
      const domain = textOf(vhost, 'domainName') ?? (textOf(vhost, 'name') ?? '').replace(/:\d+$/, '');
      const key = `${domain} ${textOf(at(vhost, 'route'), 'name') ?? ''}`;
      found.set(key, [...(found.get(key) ?? []), at(patch, 'patch', 'value')]);
    }
  }
  return new Map([...found].map(([key, values]) => [key, { values }]));
}

/** Settings of a route that a filter reads, by the filter's name. */
function* perFilter({ values }: RoutePatches): Iterable<[string, Mapping]> {
  for (const value of values) {
    const configs = at(value, 'typed_per_filter_config');
    for (const name of Object.keys(configs)) yield [name, at(configs, name)];
  }
}

/** Filters whose work the table does not hold, with the finding or the field that does. */
const elsewhere =
  /retries|gzip|compress|sent-path|read-path|error-pages|redirect-location|cookie-|body-size|access-log|request-id|evasion|normal|trace|telemetry|connection|guard/;

/** Who may pass, in the words of the route table; what cannot be read is shown by its name, so that nobody takes it for nothing. */
export function filterPolicy(patches: RoutePatches): string[] {
  const told: string[] = [];
  for (const [name, config] of perFilter(patches)) {
    const context = at(config, 'filter_context');
    if (/access/.test(name)) told.push(...accessOf(config));
    else if (/htpasswd|basic/.test(name)) told.push('basic auth');
    else if (/external-auth|ext_authz/.test(name)) told.push('external auth');
    else if (/client-subject|client-cert/.test(name)) told.push('client certificate');
    else if (!/stateful_session|sticky/.test(name) && !elsewhere.test(name)) told.push(`filter ${name}`);
    if (context['satisfy_any'] !== undefined) told.push('any of these');
  }
  for (const value of patches.values) {
    if (at(value, 'match', 'tls_context')['validated'] !== undefined) told.push('client certificate');
    for (const limit of listOf(at(value, 'route'), 'rate_limits'))
      for (const action of listOf(limit, 'actions'))
        if (textOf(at(action, 'generic_key'), 'descriptor_value') !== undefined) told.push('limit');
  }
  return [...new Set(told)];
}

/** An RBAC filter that denies the listed addresses, or all but those. */
function accessOf(config: Mapping): string[] {
  const rbac = at(config, 'rbac');
  return ['rules', 'shadow_rules'].flatMap((rules) => {
    const policies = at(rbac, rules, 'policies');
    return Object.keys(policies).flatMap((name) =>
      listOf(policies[name], 'principals').map((principal) => {
        const inverted = principal['not_id'] !== undefined;
        const ranges = addresses(inverted ? at(principal, 'not_id') : principal);
        return ranges.length === 0
          ? `access ${name}`
          : `${inverted ? 'allow' : 'deny'} ${addressList(ranges)}`;
      }),
    );
  });
}

function addresses(principal: Mapping): string[] {
  const range = ['direct_remote_ip', 'remote_ip', 'source_ip']
    .map((key) => at(principal, key))
    .find((one) => one['address_prefix'] !== undefined);
  if (range !== undefined) {
    const length =
      typeof range['prefix_len'] === 'object' ? at(range, 'prefix_len')['value'] : range['prefix_len'];
    return [`${range['address_prefix']}/${length ?? 32}`];
  }
  return [...listOf(at(principal, 'or_ids'), 'ids'), ...listOf(at(principal, 'and_ids'), 'ids')].flatMap(
    addresses,
  );
}

/** The pause after which a request is given up. */
export function idleTimeout({ values }: RoutePatches): string | undefined {
  return values.flatMap((value) => textOf(at(value, 'route'), 'idle_timeout') ?? []).at(-1);
}

/** A change of the path in a redirect: `[pattern, substitution]`. */
export function redirectRewrites({ values }: RoutePatches): (readonly [string, string])[] {
  return values.flatMap((value) => {
    const rewrite = at(value, 'redirect', 'regex_rewrite');
    const regex = textOf(at(rewrite, 'pattern'), 'regex');
    return regex === undefined ? [] : [[regex, textOf(rewrite, 'substitution') ?? ''] as const];
  });
}

/** The cookie of a session that a filter keeps. */
export function sessionCookie(patches: RoutePatches): string | undefined {
  for (const [, config] of perFilter(patches)) {
    const state = at(config, 'stateful_session', 'session_state', 'typed_config', 'cookie');
    const name = textOf(state, 'name');
    if (name !== undefined) return name;
  }
  return undefined;
}
