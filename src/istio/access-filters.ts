import type { Options } from '../domain/options.ts';
import { accessFilterEffect, denyRules, routeRules } from '../plan/access-rules.ts';
import type { Effect, PolicyEffect } from '../plan/effect.ts';
import type { LocationPlan, ServerPlan } from '../plan/server-plan.ts';
import { canonical } from '../text/json.ts';

/**
 * With EnvoyFilters allowed, for all or for the location, DENY policies become rules of the location's own routes. These say
 * just what nginx's access phase says: redirects and preflights come before, every path that meets the location is checked
 * however it is spelled, and regular expressions are no obstacle.
 */
export function policiesAsFilters(plan: ServerPlan, options: Options): ServerPlan {
  const isDenial = (effect: Effect): effect is PolicyEffect =>
    effect.kind === 'policy' &&
    effect.action === 'DENY' &&
    effect.notMethods === undefined &&
    (options.envoyFilters === 'allow' || effect.asFilter === true);
  return plan.locations.some(({ effects }) => effects.some(isDenial))
    ? { ...plan, locations: plan.locations.map((one) => withFilter(one, isDenial)) }
    : plan;
}

function withFilter(
  { location, effects }: LocationPlan,
  isDenial: (effect: Effect) => effect is PolicyEffect,
): LocationPlan {
  const denials = effects.filter(isDenial);
  if (denials.length === 0) return { location, effects };
  const others = effects.filter((effect) => !isDenial(effect));
  const from = denials.map((denial) => denial.from);
  const rules = denyRules(from);
  return {
    location,
    effects: [
      ...others,
      accessFilterEffect,
      { kind: 'guard', key: canonical(rules) },
      routeRules('access', { rules }),
    ],
  };
}
