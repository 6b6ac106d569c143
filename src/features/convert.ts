import type { KnownAnnotation } from '../decode/annotation.ts';
import type { Finding } from '../findings.ts';
import type { LocationPlan, ServerPlan } from '../istio/hosts.ts';
import type { Location, ModelIngress, NginxModel } from '../nginx/model.ts';
import type { Options } from '../options.ts';
import { graver, type Outcome } from '../outcome.ts';
import type { Claim, Effect, FeatureResult } from './effect.ts';
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

/** The options that hold for what a feature makes of an Ingress, where somebody decided otherwise than the context. */
export type OptionsFor = (ingress: ModelIngress, feature: string) => Options;

/** Asks each feature for each server and location. */
export function convertServers(
  model: NginxModel,
  features: readonly Feature[],
  context: Context,
  optionsFor?: OptionsFor,
): Converted {
  const contextFor = (ingresses: readonly ModelIngress[], { name }: Feature): Context => {
    if (optionsFor === undefined) return context;
    const options = ingresses
      .map((ingress) => optionsFor(ingress, name))
      .find((own) => own !== context.options);
    return options === undefined ? context : { ...context, options };
  };
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
    for (const feature of speakers)
      take({ effects: [], ...feature.ingress!(ingress, contextFor([ingress], feature)) });
  }
  const ofServer = features.filter((feature) => feature.server !== undefined);
  const ofLocation = features.filter((feature) => feature.location !== undefined);
  const plans = model.servers.map((server): ServerPlan => {
    const effects: Effect[] = [];
    for (const feature of ofServer)
      effects.push(...take(feature.server!(server, contextFor(server.ingresses, feature))));
    const locations = server.locations.map((location): LocationPlan => {
      const own: Effect[] = [];
      for (const feature of ofLocation) {
        const around = contextFor([location.owner], feature);
        const asked = take(feature.location!(location, around));
        const asFilters = around !== context && around.options.envoyFilters === 'allow';
        own.push(...(asFilters ? asked.map(asFilter) : asked));
      }
      if (own.some((effect) => effect.kind === 'answer' && effect.phase === 'closed')) closed.add(location);
      return { location, effects: own };
    });
    return { server, effects, locations };
  });
  return { plans, claims, findings, outcomes: [...outcomes.values()], closed };
}

/** A list of addresses for which somebody allowed EnvoyFilters becomes one (istio/access-filters.ts). */
function asFilter(effect: Effect): Effect {
  return effect.kind === 'policy' ? { ...effect, asFilter: true } : effect;
}
