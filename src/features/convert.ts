import type { KnownAnnotation } from '../decode/annotation.ts';
import type { Finding } from '../domain/findings.ts';
import type { Options } from '../domain/options.ts';
import { moreSevere, type Outcome } from '../domain/outcome.ts';
import type { Location, ModelIngress, NginxModel } from '../nginx/model.ts';
import { type Reason, reasonOf } from '../plan/because.ts';
import type { Converted } from '../plan/converted.ts';
import type { Effect } from '../plan/effect.ts';
import { withHeaders } from '../plan/header-names.ts';
import { type Claim, type FeatureResult, nothing } from '../plan/result.ts';
import type { LocationPlan, ServerEffects, ServerPlan } from '../plan/server-plan.ts';
import type { Context, Feature } from './feature.ts';

/** The options that hold for what a feature makes of an Ingress, where somebody decided otherwise than the context. */
export type OptionsFor = (ingress: ModelIngress, feature: string, base: Options) => Options;

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
      .map((ingress) => optionsFor(ingress, name, context.options))
      .find((own) => own !== context.options);
    return options === undefined ? context : { ...context, options };
  };
  const claims = new Map<KnownAnnotation, Claim>();
  const findings: Finding[] = [];
  const outcomes = new Map<string, Outcome>();
  const closed = new Set<Location>();
  const take = (result: FeatureResult): readonly Effect[] => {
    if (result === nothing) return nothing.effects;
    for (const claim of result.claims) {
      const known = claims.get(claim.annotation);
      if (known === undefined || moreSevere(known, claim) === claim) claims.set(claim.annotation, claim);
    }
    for (const reported of result.findings) findings.push(reported);
    for (const outcome of result.outcomes ?? []) {
      const { origin, kind, name, value } = outcome.subject;
      const { file, ref } = origin.source;
      const key = JSON.stringify([file, ref, origin.path, kind, name, value]);
      const known = outcomes.get(key);
      outcomes.set(key, known === undefined ? outcome : moreSevere(known, outcome));
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
  const servers = model.servers.map((server): ServerEffects => {
    const effects: Effect[] = [];
    for (const feature of ofServer) {
      const result = feature.server!(server, contextFor(server.ingresses, feature));
      for (const effect of explained(take(result), result.claims)) effects.push(effect);
    }
    return { server, effects };
  });
  const ofLocation = features.filter((feature) => feature.location !== undefined);
  const locationEffects = (location: Location, ofItsServer: readonly Effect[]): LocationPlan => {
    const effects: Effect[] = [];
    const before = findings.length;
    for (const feature of ofLocation) {
      const around = contextFor([location.owner], feature);
      const result = feature.location!(location, around);
      if (result === nothing) continue;
      const asFilters = around !== context && around.options.envoyFilters === 'allow';
      for (const effect of explained(take(result), result.claims))
        effects.push(asFilters ? asFilter(effect) : effect);
    }
    for (let at = before; at < findings.length; at++) {
      if (findings[at]!.type.withLocationHeaders)
        findings[at] = withHeaders(findings[at]!, [...ofItsServer, ...effects]);
    }
    if (effects.some((effect) => effect.kind === 'answer' && effect.phase === 'closed')) closed.add(location);
    return { location, effects };
  };
  function* plans(): Generator<ServerPlan> {
    for (const { server, effects } of servers)
      yield {
        server,
        effects,
        locations: server.locations.map((location) => locationEffects(location, effects)),
      };
  }
  return { servers, plans: plans(), claims, findings, outcomes, closed };
}

/** The effects with what they come from: the annotations that the feature says it converted. */
function explained(effects: readonly Effect[], claims: readonly Claim[]): readonly Effect[] {
  if (effects.length === 0 || claims.length === 0) return effects;
  const because = claims
    .filter(({ status }) => status === 'converted')
    .map(({ annotation }) => reasonOf(annotation));
  return because.length === 0
    ? effects
    : effects.map((effect) => ({ ...effect, because: ownOf(effect, because) }));
}

/** Of an effect that names its place, the setting at that place; else all that its feature converted. */
function ownOf(effect: Effect, because: readonly Reason[]): readonly Reason[] {
  if (effect.kind !== 'destination') return because;
  const own = because.filter(({ origin }) => origin === effect.origin);
  return own.length === 0 ? because : own;
}

/** A list of addresses for which somebody allowed EnvoyFilters becomes one (istio/access-filters.ts). */
function asFilter(effect: Effect): Effect {
  return effect.kind === 'policy' ? { ...effect, asFilter: true } : effect;
}
