import { parseCidrs } from '../../decode/go-values.ts';
import type { AuthorizationSource } from '../../istio-api/types.ts';
import type { Location } from '../../nginx/model.ts';
import { accessFilterEffect, denyRules, routeRules } from '../../plan/access-rules.ts';
import type { Effect } from '../../plan/effect.ts';
import type { Context } from '../feature.ts';

/** Addresses that a location admits and refuses; an empty list of admitted ones admits all. */
export interface Lists {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/**
 * The lists that act on a location; undefined where none does. The global `block-cidrs` stand outside the location, so
 * nginx forgets them where it has a list of its own (ngx_http_access_module.c, merge_loc_conf).
 */
export function listsOf({ owner }: Location, { settings }: Context): Lists | undefined {
  const list = (name: string): readonly string[] => {
    const setting = settings.of(owner, name);
    if (!Array.isArray(setting?.value)) return [];
    return setting.from === 'configmap' ? addresses(setting.value) : setting.value;
  };
  const lists = { allow: list('allowlist-source-range'), deny: list('denylist-source-range') };
  if (lists.allow.length + lists.deny.length > 0) return lists;
  const blocked = addresses((settings.global('block-cidrs') ?? '').split(','));
  return blocked.length === 0 ? undefined : { allow: [], deny: blocked };
}

/** What nginx would not take makes it keep its old configuration; such entries are left out. */
function addresses(entries: readonly string[]): string[] {
  return entries.flatMap((entry) => (entry.trim() === '' ? [] : (parseCidrs(entry) ?? [])));
}

/** The option by which nginx takes the client's address from a header. */
export function believesHeaders({ settings }: Context): string | undefined {
  return ['use-forwarded-headers', 'enable-real-ip'].find((name) => settings.global(name)?.trim() === 'true');
}

/** The peer's address, or the client's behind trusted proxies (istio/FACTS i). */
export function matching(blocks: readonly string[], { options }: Context): AuthorizationSource {
  return options.mesh.numTrustedProxies > 0 ? { remoteIpBlocks: blocks } : { ipBlocks: blocks };
}

export function notMatching(blocks: readonly string[], { options }: Context): AuthorizationSource {
  return options.mesh.numTrustedProxies > 0 ? { notRemoteIpBlocks: blocks } : { notIpBlocks: blocks };
}

/** Why a protection is not carried over, and the way out. */
export interface NotCarried {
  readonly reason: string;
  readonly remedy: string;
}

/**
 * `satisfy any`: the list of addresses is looked at without an answer, and the script that asks for something else reads what
 * came of it (`ingress_shadow_engine_result`, in the metadata of RBAC filters).
 */
export function addressEffects(location: Location, context: Context): readonly Effect[] | NotCarried {
  const lists = listsOf(location, context);
  // Without a list of its own to be on, no address lets anybody in: nginx then leaves the decision to the others.
  if (lists === undefined || lists.allow.length === 0) return [];
  if (believesHeaders(context) !== undefined && context.options.mesh.numTrustedProxies === 0)
    return {
      reason: "the gateway doesn't see its clients' IP addresses, one of which would be enough",
      remedy: 'Set how many proxies are in front of the gateway (mesh.numTrustedProxies).',
    };
  const refused = [
    ...(lists.deny.length > 0 ? [matching(lists.deny, context)] : []),
    notMatching(lists.allow, context),
  ];
  const rules = { shadow_rules: denyRules([refused]), shadow_rules_stat_prefix: 'ingress_' };
  return [accessFilterEffect, routeRules('access', rules)];
}
