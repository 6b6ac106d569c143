import type { KnownAnnotation } from '../decode/annotation.ts';
import type { Finding } from '../findings.ts';
import type { LocationPlan, ServerPlan } from '../istio/hosts.ts';
import type { Location, NginxModel } from '../nginx/model.ts';
import { graver, type Outcome } from '../outcome.ts';
import type { Claim, FeatureResult } from './effect.ts';
import type { Context, Feature } from './feature.ts';

/** What all features made of a model. */
export interface Converted {
  readonly plans: readonly ServerPlan[];
  /** What features say of each annotation, over all locations. */
  readonly claims: ReadonlyMap<KnownAnnotation, readonly Claim[]>;
  readonly findings: readonly Finding[];
  readonly outcomes: readonly Outcome[];
  /** Locations that a feature closes because it cannot carry their protection over. */
  readonly closed: ReadonlySet<Location>;
}

/** Asks each feature for each server and location. */
export function convertServers(model: NginxModel, features: readonly Feature[], context: Context): Converted {
  const claims = new Map<KnownAnnotation, Claim[]>();
  const findings: Finding[] = [];
  const outcomes = new Map<string, Outcome>();
  const closed = new Set<Location>();
  const take = (result: FeatureResult) => {
    for (const claim of result.claims) {
      const known = claims.get(claim.annotation);
      if (known === undefined) claims.set(claim.annotation, [claim]);
      else known.push(claim);
    }
    findings.push(...result.findings);
    for (const outcome of result.outcomes ?? []) {
      const { origin, kind, name, value } = outcome.subject;
      const { file, ref } = origin.source;
      const key = JSON.stringify([file, ref, origin.path, kind, name, value]);
      const known = outcomes.get(key);
      outcomes.set(key, known === undefined ? outcome : graver(known, outcome));
    }
    return result.effects;
  };
  const speakers = features.filter((feature) => feature.ingress !== undefined);
  for (const ingress of model.ingresses) {
    if (ingress.state.kind !== 'served') continue;
    for (const feature of speakers) take({ effects: [], ...feature.ingress!(ingress, context) });
  }
  const plans = model.servers.map((server): ServerPlan => {
    const effects = features.flatMap((feature) =>
      feature.server === undefined ? [] : take(feature.server(server, context)),
    );
    const locations = server.locations.map((location): LocationPlan => {
      const own = features.flatMap((feature) =>
        feature.location === undefined ? [] : take(feature.location(location, context)),
      );
      if (own.some((effect) => effect.kind === 'answer' && effect.phase === 'closed')) closed.add(location);
      return { location, effects: own };
    });
    return { server, effects, locations };
  });
  return { plans, claims, findings, outcomes: [...outcomes.values()], closed };
}
