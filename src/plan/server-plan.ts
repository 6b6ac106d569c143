import type { Location, Server } from '../nginx/model.ts';
import type { Effect } from './effect.ts';

/** What features ask for a host as a whole. */
export interface ServerEffects {
  readonly server: Server;
  readonly effects: readonly Effect[];
}

/** Everything that features ask for on one host. */
export interface ServerPlan extends ServerEffects {
  readonly locations: readonly LocationPlan[];
}

export interface LocationPlan {
  readonly location: Location;
  readonly effects: readonly Effect[];
}
