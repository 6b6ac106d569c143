import { type Finding, findingType } from '../../domain/findings.ts';
import { inside } from '../../domain/origin.ts';
import type { AuthorizationSource } from '../../istio-api/types.ts';
import type { Location } from '../../nginx/model.ts';
import type { Effect } from '../../plan/effect.ts';
import { type FeatureResult, nothing } from '../../plan/result.ts';
import type { Step } from '../../plan/step.ts';
import { claimAll, findingAt, hasAny, reachesUpstream } from '../claims.ts';
import type { Context, Feature } from '../feature.ts';
import { redirectOf } from '../routing/redirects.ts';
import { redirectsToHttps } from '../routing/ssl-redirect.ts';
import { believesHeaders, type Lists, listsOf, matching, notMatching } from './address-lists.ts';
import { clientAddressStep } from './client-addresses.ts';
import { alternativesOf } from './satisfy.ts';

const clientUnknown = findingType<{ path: string; option: string }>({
  code: 'client-address/closed',
  severity: 'error',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'location'],
  summary: "Addresses are checked, and the gateway doesn't see its clients' IP addresses.",
  message: ({ path, option }) =>
    `nginx takes the client's address for the list of ${path} from X-Forwarded-For (${option}); Istio would use the address of the proxy in front of the gateway, so the route returns 503 until you choose an option.`,
  remedy: () =>
    'Set how many proxies are in front of the gateway: numTrustedProxies in its topology, and mesh.numTrustedProxies in the config file.',
  url: 'https://istio.io/latest/docs/ops/configuration/traffic-management/network-topologies/',
});

const trustedProxies = findingType<{ path: string }>({
  code: 'access/trusted-proxies',
  severity: 'note',
  fields: ['status', 'upstream', 'path', 'method', 'host'],
  summary: "The client's address is counted from the right of X-Forwarded-For.",
  message: ({ path }) =>
    `nginx believes the leftmost address in X-Forwarded-For, which clients can write themselves; for the list of ${path} Istio counts the trusted proxies from the right.`,
  remedy: () => 'See that mesh.numTrustedProxies is the number of proxies in front of the gateway.',
});

const bareRefusal = findingType<{ path: string }>({
  code: 'access/bare-refusal',
  severity: 'note',
  fields: [],
  withLocationHeaders: true,
  summary: 'A refusal has no headers where the location has no backend.',
  message: ({ path }) =>
    `ingress-nginx sends the response headers of ${path}, such as Strict-Transport-Security and those of CORS, with its 403, too. The gateway sends a bare 403, because the location has no backend and another filter answers.`,
  remedy: () =>
    'Usually no action is needed. With EnvoyFilters allowed (--envoy-filters allow) the headers are the same.',
});

const names = ['allowlist-source-range', 'denylist-source-range'];

/**
 * allowlist-source-range and denylist-source-range (ingress-nginx 1.15.1, annotations/ipallowlist, ipdenylist; scenarios
 * allowlist*, denylist). Both are DENY policies: one ALLOW on the gateway would close every other host (istio/FACTS i).
 */
export const accessLists: Feature = {
  name: 'access-lists',
  findings: [clientUnknown, trustedProxies, bareRefusal],
  server(server, context) {
    const step = context.model.servers[0] === server ? clientAddresses(context) : undefined;
    return { effects: step === undefined ? [] : [{ kind: 'step', step }], claims: [], findings: [] };
  },
  location(location, context) {
    const { owner } = location;
    const lists = listsOf(location, context);
    if (lists === undefined && !hasAny(owner, names)) return nothing;
    const claims = claimAll(owner, names, 'converted');
    if (lists === undefined || !isChecked(location)) return { effects: [], claims, findings: [] };
    // One of several ways in: the feature of the other way writes the list.
    if (alternativesOf(location, context)?.addresses) return { effects: [], claims, findings: [] };
    return protect(location, lists, context);
  },
};

/**
 * Locations that are denied, only redirect or have no Service answer everybody: nginx looks at lists and passwords after the
 * rewrite phase, in which these answers are given (ingress-nginx 1.15.1, lua/balancer.lua rewrite).
 */
export function isChecked({ owner, denied, backend }: Location): boolean {
  return denied === undefined && backend.kind !== 'unavailable' && redirectOf(owner) === undefined;
}

function protect(location: Location, lists: Lists, context: Context): FeatureResult {
  const { owner, path } = location;
  const believed = believesHeaders(context);
  const first = names.find((name) => owner.annotations.has(name));
  if (believed !== undefined && context.options.mesh.numTrustedProxies === 0) {
    return {
      effects: [{ kind: 'answer', phase: 'closed', answer: { status: 503 } }],
      claims: claimAll(owner, names, 'closed', {
        reason: "The gateway doesn't see the client's IP address.",
      }),
      findings: [findingAt(clientUnknown, { path, option: believed }, location, first)],
    };
  }
  const bare = !reachesUpstream(location) && context.options.envoyFilters !== 'allow';
  const findings: Finding[] = [
    ...(believed === undefined ? [] : [findingAt(trustedProxies, { path }, location, first)]),
    ...(bare ? [findingAt(bareRefusal, { path }, location, first)] : []),
  ];
  const effects: Effect[] = [];
  if (lists.deny.length > 0)
    effects.push(policy('deny-list', matching(lists.deny, context), names[1]!, location, context));
  if (lists.allow.length > 0)
    effects.push(policy('allow-list', notMatching(lists.allow, context), names[0]!, location, context));
  return { effects, claims: claimAll(owner, names, 'converted'), findings };
}

function policy(
  purpose: string,
  from: AuthorizationSource,
  name: string,
  location: Location,
  context: Context,
): Effect {
  const annotation = location.owner.annotations.get(name);
  return {
    kind: 'policy',
    purpose,
    action: 'DENY',
    from: [from],
    exceptPlainHttp:
      redirectsToHttps(location, context) || location.owner.annotations.get('enable-cors')?.value === true,
    annotations: annotation === undefined ? [] : [annotation],
    origin: annotation?.origin ?? location.origin,
  };
}

/** Lists are worth nothing where the gateway's Service hides its clients behind a node's address. */
function clientAddresses({ model, settings, options, cluster }: Context): Step | undefined {
  const listed = model.ingresses
    .filter(({ state }) => state.kind === 'served')
    .flatMap(({ annotations }) => names.flatMap((name) => annotations.get(name)?.origin ?? []));
  const { configOrigin } = model.controller;
  const global = ['whitelist-source-range', 'denylist-source-range', 'block-cidrs'].flatMap((name) =>
    configOrigin !== undefined && settings.global(name) !== undefined ? [inside(configOrigin, name)] : [],
  );
  if (listed.length + global.length === 0) return undefined;
  const origins = [...listed, ...global];
  return clientAddressStep(cluster, options, origins);
}
