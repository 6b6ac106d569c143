import type { KnownAnnotation } from '../decode/annotation.ts';
import { qualifiedName } from '../domain/origin.ts';
import { visible } from '../text/escape.ts';

/** Why an effect is there, as in `proxy-body-size: 20m (shop/storefront)`: comments of the output come from it. */
export interface Explained {
  readonly because?: readonly string[];
}

/** In characters; a longer value is cut. */
const longestValue = 60;

/** A setting of the input in one line. */
export function reasonOf({ mapping, raw, origin }: KnownAnnotation): string {
  const [first = ''] = raw.trim().split('\n');
  const value = visible(first, longestValue);
  const more = first === raw.trim() ? '' : ' …';
  return `${mapping.name}: ${value}${more} (${qualifiedName(origin.source.ref)})`;
}

/** The reasons of all, each once, in their order. */
export function reasonsOf(all: Iterable<Explained>): readonly string[] {
  const reasons = new Set<string>();
  for (const { because = [] } of all) for (const reason of because) reasons.add(reason);
  return [...reasons];
}
