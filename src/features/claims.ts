import type { Finding, FindingType, Scope } from '../domain/findings.ts';
import { finding } from '../domain/findings.ts';
import type { Origin } from '../domain/origin.ts';
import type { OutcomeStatus } from '../domain/outcome.ts';
import type { Location, ModelIngress, Server } from '../nginx/model.ts';
import { type Claim, type FeatureResult, nothing } from '../plan/result.ts';

/** Claims for those of the named annotations that the Ingress has. */
export function claimAll(
  owner: ModelIngress,
  names: readonly string[],
  status: OutcomeStatus,
  more: Omit<Claim, 'annotation' | 'status'> = {},
): Claim[] {
  const claims: Claim[] = [];
  if (owner.annotations.size === 0) return claims;
  for (const name of names) {
    const annotation = owner.annotations.get(name);
    if (annotation !== undefined) claims.push({ annotation, status, ...more });
  }
  return claims;
}

/** What a feature says where nothing of it acts today; of most Ingresses, which have none of its annotations, nothing. */
export function idle(owner: ModelIngress, names: readonly string[], reason: string): FeatureResult {
  const claims = claimAll(owner, names, 'no-effect-today', { reason });
  return claims.length === 0 ? nothing : { ...nothing, claims };
}

/** Whether the Ingress has any of the named annotations. */
export function hasAny({ annotations }: ModelIngress, names: readonly string[]): boolean {
  return annotations.size > 0 && names.some((name) => annotations.has(name));
}

/** Whether any request of the location can reach an upstream; the implicit `/` of a host, for one, answers 404 by itself. */
export function reachesUpstream({ backend, denied }: Location): boolean {
  return backend.kind === 'service' && denied === undefined;
}

export function scopeOfLocation(location: Location): Scope {
  return {
    kind: 'location',
    host: location.server.host,
    path: location.path,
    match: location.matches[0]?.kind ?? 'prefix',
  };
}

export function scopeOfHost(server: Server): Scope {
  return { kind: 'host', host: server.host };
}

/** A finding about a location, at the annotation that causes it, else at the path. */
export function findingAt<Args extends object>(
  type: FindingType<Args>,
  args: Args,
  location: Location,
  name?: string,
): Finding {
  const origin: Origin =
    (name === undefined ? undefined : location.owner.annotations.get(name)?.origin) ?? location.origin;
  return finding(type, args, { origin, scope: scopeOfLocation(location) });
}

/** A finding about all locations of an Ingress alike. */
export function findingOf<Args extends object>(
  type: FindingType<Args>,
  args: Args,
  owner: ModelIngress,
  name: string,
): Finding {
  const origin = owner.annotations.get(name)?.origin;
  return finding(type, args, { origin, scope: { kind: 'ingress', ingress: owner.ingress.ref } });
}
