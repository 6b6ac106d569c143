import { findingType } from '../../domain/findings.ts';
import { qualifiedName } from '../../domain/origin.ts';
import type { LoadBalancer } from '../../istio-api/types.ts';
import type { Location, ModelIngress } from '../../nginx/model.ts';
import type { Effect } from '../../plan/effect.ts';
import { nothing } from '../../plan/result.ts';
import { claimAll, findingOf, idle } from '../claims.ts';
import type { Feature } from '../feature.ts';

const simple: Readonly<Record<string, LoadBalancer['simple'] | undefined>> = {
  round_robin: 'ROUND_ROBIN',
  ewma: 'LEAST_REQUEST',
};

const keyless = findingType<{ algorithm: string }>({
  code: 'load-balance/no-key',
  severity: 'warning',
  fields: [],
  summary: 'A hashing algorithm has nothing to hash.',
  message: ({ algorithm }) =>
    `load-balance ${algorithm} needs upstream-hash-by or affinity, which the Service does not have; Istio balances by its default.`,
  remedy: () => 'Say what to hash with upstream-hash-by, or remove the annotation.',
});

/**
 * load-balance where it is written, in an annotation or the controller's ConfigMap (ingress-nginx 1.15.1,
 * annotations/loadbalancing/main.go, lua/balancer.lua get_implementation): after cookie affinity and upstream-hash-by.
 */
export const loadBalance: Feature = {
  name: 'load-balance',
  findings: [keyless],
  location(location, { settings }) {
    const { owner, upstream, backend } = location;
    if (upstream === undefined || backend.kind !== 'service')
      return idle(owner, ['load-balance'], 'Nothing is balanced here.');
    const decided = decidedBy(location);
    const setting = settings.of(upstream.creator, 'load-balance');
    const written = setting !== undefined && setting.from !== 'default' ? String(setting.value) : undefined;
    if (written === undefined && !owner.annotations.has('load-balance')) return nothing;
    if (decided !== undefined || upstream.creator !== owner) {
      const reason =
        decided === undefined
          ? `${qualifiedName(upstream.creator.ingress.ref)} is older, has the same Service and decides.`
          : `${decided} comes before it.`;
      return {
        effects: decided === undefined ? balancing(written, location) : [],
        claims: claimAll(owner, ['load-balance'], 'no-effect-today', { reason }),
        findings: [],
      };
    }
    const known = written !== undefined && simple[written] !== undefined;
    return {
      effects: balancing(written, location),
      claims: claimAll(
        owner,
        ['load-balance'],
        known ? 'converted' : 'manual',
        known ? {} : { reason: 'It has nothing to hash.' },
      ),
      findings:
        known || !owner.annotations.has('load-balance')
          ? []
          : [findingOf(keyless, { algorithm: String(written) }, owner, 'load-balance')],
    };
  },
};

/** What takes the choice of the pod away from `load-balance`. */
function decidedBy({ upstream }: Location): string | undefined {
  if (upstream?.affinity !== undefined) return 'Cookie affinity';
  return hashKey(upstream?.creator) === undefined ? undefined : 'upstream-hash-by';
}

/** What `upstream-hash-by` of an Ingress hashes. */
export function hashKey(creator: ModelIngress | undefined): string | undefined {
  const value = creator?.annotations.get('upstream-hash-by')?.value;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function balancing(written: string | undefined, location: Location): Effect[] {
  const chosen = written === undefined ? undefined : simple[written];
  if (chosen === undefined || location.backend.kind !== 'service') return [];
  const origin = location.owner.annotations.get('load-balance')?.origin ?? location.origin;
  return [
    {
      kind: 'destination',
      purpose: chosen.toLowerCase().replace('_', '-'),
      backend: location.backend,
      policy: { loadBalancer: { simple: chosen } },
      origin,
    },
  ];
}
