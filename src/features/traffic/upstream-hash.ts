import { findingType } from '../../domain/findings.ts';
import { qualifiedName } from '../../domain/origin.ts';
import type { LoadBalancer } from '../../istio-api/types.ts';
import { claimAll, findingOf, idle } from '../claims.ts';
import type { Feature } from '../feature.ts';
import { hashKey } from './load-balance.ts';

const names = ['upstream-hash-by', 'upstream-hash-by-subset', 'upstream-hash-by-subset-size'];

const notHashable = findingType<{ key: string }>({
  code: 'upstream-hash/not-hashable',
  severity: 'warning',
  fields: [],
  summary: 'Requests are not kept on one pod by the key that nginx hashes.',
  message: ({ key }) =>
    `upstream-hash-by ${key} hashes something that a DestinationRule cannot; requests go to any pod of the Service.`,
  remedy: () =>
    'Hash one header, cookie, query parameter, the address or the path; or have the application or a filter write the key into a header.',
  url: 'https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings-ConsistentHashLB',
});

const rewritten = findingType<{ key: string }>({
  code: 'upstream-hash/rewritten-path',
  severity: 'note',
  fields: [],
  summary: 'The path is hashed as it is sent on.',
  message: ({ key }) =>
    `nginx hashes ${key} as the client sent it; Envoy hashes the path after the rewrite, so paths that are rewritten to one meet one pod.`,
  remedy: () => '',
});

const subset = findingType<object>({
  code: 'upstream-hash/subset',
  severity: 'note',
  fields: [],
  summary: 'A key keeps to one pod where it kept to a group of pods.',
  message: () =>
    'upstream-hash-by-subset spreads a key over a group of pods; Envoy keeps it on one pod, which a very frequent key may overload.',
  remedy: () => 'Watch the load of single pods after the cut-over.',
});

/**
 * upstream-hash-by as consistent hashing on one thing (ingress-nginx 1.15.1, annotations/upstreamhashby/main.go,
 * lua/balancer/chash.lua; scenario upstream-hash-by). The Ingress that mentions the Service port first decides.
 */
export const upstreamHash: Feature = {
  name: 'upstream-hash',
  findings: [notHashable, rewritten, subset],
  location({ owner, upstream, backend, canary, origin }) {
    const key = hashKey(upstream?.creator);
    if (key === undefined || upstream === undefined || backend.kind !== 'service')
      return idle(owner, names, 'The first Ingress with the Service does not set it.');
    if (upstream.affinity !== undefined) return idle(owner, names, 'Cookie affinity comes before it.');
    const consistentHash = hashOf(key);
    const mine = upstream.creator === owner;
    const effects =
      consistentHash === undefined
        ? []
        : [
            {
              kind: 'destination' as const,
              purpose: 'hash',
              backend,
              policy: { loadBalancer: { consistentHash } },
              origin: owner.annotations.get('upstream-hash-by')?.origin ?? origin,
            },
          ];
    // The canary's upstream has settings of its own.
    const canaryKey = hashKey(canary?.upstream.creator);
    const canaryHash = canaryKey === undefined ? undefined : hashOf(canaryKey);
    const all =
      canary === undefined || canaryHash === undefined
        ? effects
        : [
            ...effects,
            {
              kind: 'destination' as const,
              purpose: 'hash',
              backend: canary.backend,
              policy: { loadBalancer: { consistentHash: canaryHash } },
              origin,
            },
          ];
    if (!mine)
      return {
        ...idle(
          owner,
          names,
          `${qualifiedName(upstream.creator.ingress.ref)} is older, has the same Service and decides.`,
        ),
        effects: all,
      };
    const grouped = owner.annotations.get('upstream-hash-by-subset')?.value === true;
    const rewrites = owner.annotations.has('rewrite-target');
    return {
      effects: all,
      claims: [
        ...claimAll(owner, ['upstream-hash-by'], consistentHash === undefined ? 'manual' : 'converted'),
        ...claimAll(owner, names.slice(1), grouped ? 'impossible' : 'no-effect-today', {
          reason: grouped ? 'Envoy keeps a key on one pod.' : 'upstream-hash-by-subset is off.',
        }),
      ],
      findings: [
        ...(consistentHash === undefined ? [findingOf(notHashable, { key }, owner, 'upstream-hash-by')] : []),
        ...(consistentHash?.httpHeaderName === ':path' && rewrites
          ? [findingOf(rewritten, { key }, owner, 'upstream-hash-by')]
          : []),
        ...(grouped ? [findingOf(subset, {}, owner, 'upstream-hash-by-subset')] : []),
      ],
    };
  },
};

const known: Readonly<Record<string, LoadBalancer['consistentHash'] | undefined>> = {
  request_uri: { httpHeaderName: ':path' },
  uri: { httpHeaderName: ':path' },
  host: { httpHeaderName: ':authority' },
  http_host: { httpHeaderName: ':authority' },
  best_http_host: { httpHeaderName: ':authority' },
  request_method: { httpHeaderName: ':method' },
  remote_addr: { useSourceIp: true },
  binary_remote_addr: { useSourceIp: true },
  the_real_ip: { useSourceIp: true },
};

/** One variable of nginx, `$x` or `${x}`, as what Envoy hashes; undefined for text, for several and for others. */
export function hashOf(key: string): LoadBalancer['consistentHash'] | undefined {
  const variable = /^\$(?:\{(\w+)\}|(\w+))$/.exec(key);
  const name = variable?.[1] ?? variable?.[2];
  if (name === undefined) return undefined;
  if (Object.hasOwn(known, name)) return known[name];
  const [, kind, rest] = /^(http|arg|cookie)_(\w+)$/.exec(name) ?? [];
  if (rest === undefined) return undefined;
  if (kind === 'http') return { httpHeaderName: rest.replaceAll('_', '-') };
  return kind === 'arg' ? { httpQueryParameterName: rest } : { httpCookie: { name: rest } };
}
