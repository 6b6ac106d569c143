import type { Mappings } from '../decode/mapping.ts';
import type { Offer } from './choices.ts';
import type { Previewer } from './preview.ts';

/** Why the screen is left for a while. */
export type Leave = { readonly kind: 'editor'; readonly offer: Offer } | { readonly kind: 'suspend' };

/** What the session does for the screen. */
export interface Tools {
  readonly previewer: Previewer;
  readonly mappings: Mappings;
  /** RFC 3339. */
  now(): string;
  /** Leaves for `$EDITOR` or the shell; the components go and come again. */
  leave(what: Leave): void;
}
