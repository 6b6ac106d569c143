import type { AuthorizationSource } from '../istio/types.ts';
import type { Location } from '../nginx/model.ts';
import { claimAll } from './claims.ts';
import type { Effect } from './effect.ts';
import type { Context, Feature } from './feature.ts';
import { redirectsToHttps } from './ssl-redirect.ts';

/**
 * allowlist-source-range and denylist-source-range (ingress-nginx 1.15.1, annotations/ipallowlist, ipdenylist; scenarios
 * allowlist*, denylist). Both are DENY policies: one ALLOW on the gateway would close every other host (istio/FACTS i).
 */
export const accessLists: Feature = {
  name: 'access-lists',
  findings: [],
  location(location, context) {
    const { owner } = location;
    const allow = listOf(location, 'allowlist-source-range', context);
    const deny = listOf(location, 'denylist-source-range', context);
    const effects: Effect[] = [];
    // A location that only redirects answers everybody: nginx looks at lists after its redirects.
    const forwards =
      location.backend.kind === 'service' && location.denied === undefined && !redirectsAway(location);
    if (forwards && allow.length > 0)
      effects.push(policy('allow-list', notOf(allow, context), 'allowlist-source-range', location, context));
    if (forwards && deny.length > 0)
      effects.push(policy('deny-list', of(deny, context), 'denylist-source-range', location, context));
    return {
      effects,
      claims: claimAll(owner, ['allowlist-source-range', 'denylist-source-range'], 'converted'),
      findings: [],
    };
  },
};

function listOf({ owner }: Location, name: string, { settings }: Context): readonly string[] {
  const value = settings.of(owner, name)?.value;
  return Array.isArray(value) ? value : [];
}

function redirectsAway({ owner }: Location): boolean {
  return ['temporal-redirect', 'permanent-redirect'].some((name) =>
    /^https?:\/\/[^/]/i.test(String(owner.annotations.get(name)?.value ?? '')),
  );
}

/** The peer's address, or the client's behind trusted proxies (istio/FACTS i). */
function of(blocks: readonly string[], { options }: Context): AuthorizationSource {
  return options.mesh.numTrustedProxies > 0 ? { remoteIpBlocks: blocks } : { ipBlocks: blocks };
}

function notOf(blocks: readonly string[], { options }: Context): AuthorizationSource {
  return options.mesh.numTrustedProxies > 0 ? { notRemoteIpBlocks: blocks } : { notIpBlocks: blocks };
}

function policy(
  purpose: string,
  from: AuthorizationSource,
  name: string,
  location: Location,
  context: Context,
): Effect {
  const annotation = location.owner.annotations.get(name);
  const preflights = location.owner.annotations.get('enable-cors')?.value === true;
  return {
    kind: 'policy',
    purpose,
    action: 'DENY',
    from: [from],
    ...(preflights && { notMethods: ['OPTIONS'] }),
    exceptPlainHttp: redirectsToHttps(location, context) && servesHttps(location, context),
    annotations: annotation === undefined ? [] : [annotation],
    origin: annotation?.origin ?? location.origin,
  };
}

/** Plain HTTP is answered by a redirect alone, so that the list need not look at it. */
function servesHttps({ server }: Location, { options }: Context): boolean {
  return server.tls?.certificate.kind === 'secret' || options.defaultCertificate !== undefined;
}
