import type { Options } from '../domain/options.ts';
import type { IstioObject } from '../istio-api/objects.ts';
import type { RoutePatch } from './istio-filters.ts';
import type { Re2 } from './istio-match.ts';
import type { Verdict } from './istio-policies.ts';
import type { RouteRequest } from './route.ts';

export interface IstioContext {
  readonly options: Options;
  /** By `namespace/name`. */
  readonly gateways: ReadonlyMap<string, IstioObject>;
  /** By each of their hosts, in lower case. */
  readonly virtualServices: ReadonlyMap<string, readonly IstioObject[]>;
  /** By host. */
  readonly destinationRules: ReadonlyMap<string, IstioObject>;
  readonly patches: ReadonlyMap<string, readonly RoutePatch[]>;
  readonly re2: Re2;
  policies(request: RouteRequest, port: number): Verdict;
}
