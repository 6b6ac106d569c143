import type { IstioObject } from '../istio-api/objects.ts';
import type { Mapping } from '../read/fields.ts';
import { at, listOf, textOf } from './istio-objects.ts';
import { addressList } from './nginx-policy.ts';

/** What EnvoyFilters add to a route. */
export interface RoutePatches {
  /** The values that are merged into the route. */
  readonly values: readonly Mapping[];
}

/** A patch and the routes that it is for. */
export interface RoutePatch {
  /** Undefined: routes of any name. */
  readonly name: string | undefined;
  /** `ROUTE`, `REDIRECT`, `DIRECT_RESPONSE`; undefined: whatever a route does. */
  readonly action: string | undefined;
  readonly value: Mapping;
}

/** Patches of routes by the domain of their virtual host; '' holds those of every one. */
export function routePatches(objects: readonly IstioObject[]): ReadonlyMap<string, readonly RoutePatch[]> {
  const found = new Map<string, RoutePatch[]>();
  for (const object of objects) {
    if (object.kind !== 'EnvoyFilter') continue;
    for (const patch of listOf(object.spec, 'configPatches')) {
      if (patch['applyTo'] !== 'HTTP_ROUTE') continue;
      const vhost = at(patch, 'match', 'routeConfiguration', 'vhost');
      const domain = textOf(vhost, 'domainName') ?? (textOf(vhost, 'name') ?? '').replace(/:\d+$/, '');
      const action = textOf(at(vhost, 'route'), 'action');
      const entry: RoutePatch = {
        name: textOf(at(vhost, 'route'), 'name'),
        action: action === 'ANY' ? undefined : action,
        value: at(patch, 'patch', 'value'),
      };
      found.set(domain, [...(found.get(domain) ?? []), entry]);
    }
  }
  return found;
}

/** What EnvoyFilters merge into a route of one of these hosts. */
export function patchesFor(
  patches: ReadonlyMap<string, readonly RoutePatch[]>,
  hosts: readonly string[],
  route: Mapping,
): RoutePatches {
  const action =
    route['redirect'] !== undefined
      ? 'REDIRECT'
      : route['directResponse'] !== undefined
        ? 'DIRECT_RESPONSE'
        : 'ROUTE';
  const name = textOf(route, 'name');
  const own = ['', ...hosts].flatMap((host) => patches.get(host) ?? []);
  return {
    values: own
      .filter((one) => (one.name ?? name) === name && (one.action ?? action) === action)
      .map(({ value }) => value),
  };
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
  const reported: string[] = [];
  for (const [name, config] of perFilter(patches)) {
    const context = at(config, 'filter_context');
    if (/access/.test(name)) reported.push(...accessOf(config));
    else if (/htpasswd|basic/.test(name)) reported.push('basic auth');
    else if (/external-auth|ext_authz/.test(name)) reported.push('external auth');
    else if (/client-subject|client-cert/.test(name)) reported.push('client certificate');
    else if (!/stateful_session|sticky/.test(name) && !elsewhere.test(name)) reported.push(`filter ${name}`);
    if (context['satisfy_any'] !== undefined) reported.push('any of these');
  }
  for (const value of patches.values) {
    if (at(value, 'match', 'tls_context')['validated'] !== undefined) reported.push('client certificate');
    for (const limit of listOf(at(value, 'route'), 'rate_limits'))
      for (const action of listOf(limit, 'actions'))
        if (action['generic_key'] !== undefined) reported.push('rate limit');
  }
  return [...new Set(reported)];
}

/** Filters that the `further` column names. */
export function filterExtras(patches: RoutePatches): string[] {
  const reported = [...perFilter(patches)].flatMap(([name]) =>
    /error-pages/.test(name) ? ['error pages'] : /redirect-location/.test(name) ? ['Location rewritten'] : [],
  );
  return [...new Set(reported)];
}

/** Whether a route is for clients without a certificate that the server takes. */
export function needsNoCertificate({ values }: RoutePatches): boolean {
  return values.some((value) => {
    const tls = at(value, 'match', 'tls_context');
    return tls['validated'] === false || tls['presented'] === false;
  });
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
  return values
    .flatMap(
      (value) =>
        textOf(at(value, 'route', 'retry_policy'), 'per_try_idle_timeout') ??
        textOf(at(value, 'route'), 'idle_timeout') ??
        [],
    )
    .at(-1);
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
