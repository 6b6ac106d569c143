import ipaddr from 'ipaddr.js';
import type { AuthorizationSource } from '../istio-api/types.ts';
import type { Effect } from './effect.ts';

/** The filter's own name: Istio's filter for AuthorizationPolicies stays as it is. */
const accessFilter = 'ingress2istio.access';

const rbac = 'type.googleapis.com/envoy.extensions.filters.http.rbac.v3';

/**
 * The RBAC filter, which does nothing on routes that do not ask for it. It comes before filters that ask for passwords. It is
 * not `disabled`: Envoy leaves such a filter out by the route that it finds first, and a filter before this one may give the
 * request another path and with it another route (features/routing/paths.ts).
 */
export const accessFilterEffect: Effect = {
  kind: 'http-filter',
  purpose: 'access',
  before: 'router',
  priority: -10,
  filter: { name: accessFilter, typed_config: { '@type': `${rbac}.RBAC` } },
};

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
