import type { KnownAnnotation } from '../decode/annotation.ts';
import { type Origin, qualifiedName } from '../domain/origin.ts';
import { memoize } from '../memoize.ts';
import { visible } from '../text/escape.ts';

/** A setting of the input that something comes from. */
export interface Reason {
  /** In one line, as in `proxy-body-size: 20m (shop/storefront)`. */
  readonly text: string;
  readonly origin: Origin;
}

/** Why an effect is there: comments of the output come from it, and `diff` shows it. */
export interface Explained {
  readonly because?: readonly Reason[];
}

/** In characters; a longer value is cut. */
const longestValue = 60;

/** The same for all locations of an Ingress. */
export const reasonOf = memoize(({ mapping, raw, origin }: KnownAnnotation): Reason => {
  const [first = ''] = raw.trim().split('\n');
  const value = visible(first, longestValue);
  const more = first === raw.trim() ? '' : ' …';
  return { text: `${mapping.name}: ${value}${more} (${qualifiedName(origin.source.ref)})`, origin };
});

const none: readonly Reason[] = [];

/** The reasons of all, each once, in their order. */
export function reasonsOf(all: readonly Explained[]): readonly Reason[] {
  if (all.every(({ because = none }) => because.length === 0)) return none;
  const reasons = new Map<string, Reason>();
  for (const { because = none } of all)
    for (const reason of because) if (!reasons.has(reason.text)) reasons.set(reason.text, reason);
  return [...reasons.values()];
}
