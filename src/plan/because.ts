import type { KnownAnnotation } from '../decode/annotation.ts';
import { type Origin, qualifiedName } from '../domain/origin.ts';
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

export function reasonOf({ mapping, raw, origin }: KnownAnnotation): Reason {
  const [first = ''] = raw.trim().split('\n');
  const value = visible(first, longestValue);
  const more = first === raw.trim() ? '' : ' …';
  return { text: `${mapping.name}: ${value}${more} (${qualifiedName(origin.source.ref)})`, origin };
}

/** The reasons of all, each once, in their order. */
export function reasonsOf(all: Iterable<Explained>): readonly Reason[] {
  const reasons = new Map<string, Reason>();
  for (const { because = [] } of all)
    for (const reason of because) if (!reasons.has(reason.text)) reasons.set(reason.text, reason);
  return [...reasons.values()];
}
