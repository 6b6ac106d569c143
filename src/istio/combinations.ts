import type { HeaderOperations, PortPolicy } from '../istio-api/types.ts';
import type { Condition } from '../plan/answer-effect.ts';
import type { Explained } from '../plan/because.ts';
import type { Effect, ForwardPatch } from '../plan/effect.ts';
import { canonical } from '../text/json.ts';
import { both, implies, isAlways } from './conditions.ts';

/** What an effect asks for where its condition holds. */
export type Conditional = Explained & { readonly variant: string; readonly when: Condition } & (
    | { readonly patch: ForwardPatch }
    | { readonly response: HeaderOperations }
    | { readonly policy: PortPolicy }
  );

const none: readonly never[] = [];

export function conditionalOf(effect: Effect): Conditional | undefined {
  if (!('when' in effect) || isAlways(effect.when)) return undefined;
  const { because = none } = effect;
  const when = effect.when ?? {};
  if (effect.kind === 'forward') return { variant: effect.variant ?? '', when, because, patch: effect.patch };
  if (effect.kind === 'response-headers')
    return { variant: effect.variant ?? '', when, because, response: effect.response };
  if (effect.kind === 'destination')
    return { variant: effect.variant ?? '', when, because, policy: effect.policy };
  return undefined;
}

/** Requests that meet a condition, what holds for them, and the conditions that they do not meet. */
interface Way {
  readonly condition: Condition;
  readonly active: readonly Conditional[];
  readonly without: readonly Condition[];
}

/**
 * Each way in which conditional effects can hold together, the narrowest first. Those with equal conditions go together,
 * and a way without some condition never stands where that condition holds.
 */
export function combinations(base: Condition, conditionals: readonly Conditional[]): readonly Way[] {
  let ways: Way[] = [{ condition: base, active: none, without: none }];
  for (const group of byCondition(conditionals)) {
    const { when } = group[0]!;
    const parted: Way[] = [];
    for (const { condition, active, without } of ways) {
      const merged = both(condition, when);
      if (implies(condition, when)) parted.push({ condition, active: [...active, ...group], without });
      else if (merged === undefined || without.some((other) => implies(merged, other)))
        parted.push({ condition, active, without });
      else {
        parted.push({ condition: merged, active: [...active, ...group], without });
        parted.push({ condition, active, without: [...without, when] });
      }
    }
    ways = parted;
  }
  return ways;
}

function byCondition(conditionals: readonly Conditional[]): Conditional[][] {
  if (conditionals.length < 2) return conditionals.map((conditional) => [conditional]);
  const groups = new Map<string, Conditional[]>();
  for (const conditional of conditionals) {
    const key = canonical(conditional.when);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [conditional]);
    else group.push(conditional);
  }
  return [...groups.values()];
}

export function variantsOf(active: readonly Conditional[]): string[] {
  if (active.length < 2) return active.map(({ variant }) => variant);
  return [...new Set(active.map(({ variant }) => variant))];
}
