import type { GatewaySpec, VirtualServiceSpec } from '../istio-api/types.ts';
import type { Location } from '../nginx/model.ts';
import type { Evasions } from './guards.ts';
import type { PlannedRoute, UnmatchedLocation } from './routes.ts';

/** A location's routes under their final names. */
export interface NamedRoutes {
  readonly location: Location;
  readonly routes: readonly PlannedRoute[];
}

export interface HostSpecs {
  readonly gateway: GatewaySpec | undefined;
  readonly virtualService: VirtualServiceSpec;
  readonly routes: readonly NamedRoutes[];
  readonly unmatched: readonly UnmatchedLocation[];
}

/** How the locations of a host are protected, as far as its routes have to know. */
export interface Protection {
  /** True where AuthorizationPolicies protect the host, so that its routes may take no name that these do not know. */
  readonly byPolicy: boolean;
  readonly evasions: Evasions;
}
