import ipaddr from 'ipaddr.js';
import type { Options } from '../domain/options.ts';
import type { AuthorizationSource } from '../istio-api/types.ts';
import type { Effect, PolicyEffect } from '../plan/effect.ts';
import { canonical } from './conditions.ts';
import type { LocationPlan, ServerPlan } from './hosts.ts';

/** The filter's own name: Istio's filter for AuthorizationPolicies stays as it is. */
export const accessFilter = 'ingress2istio.access';

const rbac = 'type.googleapis.com/envoy.extensions.filters.http.rbac.v3';

/**
 * The RBAC filter, which does nothing on routes that do not ask for it. It comes before filters that ask for passwords. It is
 * not `disabled`: Envoy leaves such a filter out by the route that it finds first, and a filter before this one may give the
 * request another path and with it another route (features/paths.ts).
 */
export const accessFilterEffect: Effect = {
  kind: 'http-filter',
  purpose: 'access',
  before: 'router',
  priority: -10,
  filter: { name: accessFilter, typed_config: { '@type': `${rbac}.RBAC` } },
};

/**
 * With EnvoyFilters allowed, for all or for the location, DENY policies become rules of the location's own routes. These say
 * just what nginx's access phase says: redirects and preflights come before, every path that meets the location is checked
 * however it is spelled, and regular expressions are no obstacle.
 */
export function policiesAsFilters(plan: ServerPlan, options: Options): ServerPlan {
  const isDenial = (effect: Effect): effect is PolicyEffect =>
    effect.kind === 'policy' &&
    effect.action === 'DENY' &&
    effect.notMethods === undefined &&
    (options.envoyFilters === 'allow' || effect.asFilter === true);
  return plan.locations.some(({ effects }) => effects.some(isDenial))
    ? { ...plan, locations: plan.locations.map((one) => withFilter(one, isDenial)) }
    : plan;
}

function withFilter(
  { location, effects }: LocationPlan,
  isDenial: (effect: Effect) => effect is PolicyEffect,
): LocationPlan {
  const denials = effects.filter(isDenial);
  if (denials.length === 0) return { location, effects };
  const others = effects.filter((effect) => !isDenial(effect));
  const from = denials.map((denial) => denial.from);
  const rules = denyRules(from);
  return {
    location,
    effects: [
      ...others,
      accessFilterEffect,
      { kind: 'guard', key: canonical(rules) },
      routeRules('access', { rules }),
    ],
  };
}

/** Rules for the location's own routes. */
export function routeRules(purpose: string, rules: object): Effect {
  return {
    kind: 'route-filter',
    purpose,
    on: 'checked',
    value: {
      typed_per_filter_config: { [accessFilter]: { '@type': `${rbac}.RBACPerRoute`, rbac: rules } },
    },
  };
}

/** RBAC rules that refuse clients of any of the sources; no list of sources means every client. */
export function denyRules(from: readonly (readonly AuthorizationSource[] | undefined)[]): object {
  const everybody = from.some((sources) => sources === undefined);
  const principals = everybody ? [{ any: true }] : from.flatMap((sources) => sources ?? []).map(principal);
  return {
    action: 'DENY',
    policies: { denied: { permissions: [{ any: true }], principals } },
  };
}

function principal(source: AuthorizationSource): object {
  const ids = [
    ...anyOf('direct_remote_ip', source.ipBlocks),
    ...noneOf('direct_remote_ip', source.notIpBlocks),
    ...anyOf('remote_ip', source.remoteIpBlocks),
    ...noneOf('remote_ip', source.notRemoteIpBlocks),
  ];
  return ids.length === 0 ? { any: true } : ids.length === 1 ? ids[0]! : { and_ids: { ids } };
}

function anyOf(kind: string, blocks: readonly string[] | undefined): object[] {
  if (blocks === undefined) return [];
  const ids = blocks.map((block) => ({ [kind]: cidr(block) }));
  return [ids.length === 1 ? ids[0]! : { or_ids: { ids } }];
}

function noneOf(kind: string, blocks: readonly string[] | undefined): object[] {
  return anyOf(kind, blocks).map((id) => ({ not_id: id }));
}

/** A block or a single address. */
function cidr(block: string): object {
  const [address, length] = ipaddr.isValidCIDR(block)
    ? ipaddr.parseCIDR(block)
    : [ipaddr.parse(block), ipaddr.parse(block).kind() === 'ipv4' ? 32 : 128];
  return { address_prefix: address.toString(), prefix_len: length };
}
