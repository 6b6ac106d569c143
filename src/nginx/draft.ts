import type { Origin } from '../domain/origin.ts';
import type { PathRule } from '../read/cluster.ts';
import type { LocationBackend, ModelIngress, Upstream } from './model.ts';

/** A location while the server is being put together. `implicit` is the `/` that every server starts with. */
export interface DraftLocation {
  readonly path: string;
  readonly pathType: 'Exact' | 'Prefix';
  readonly owner: ModelIngress;
  readonly rule: PathRule | undefined;
  readonly origin: Origin;
  readonly backend: LocationBackend;
  /** Key of nginx's upstream; '' for the built-in default backend. */
  readonly upstream: string;
  readonly implicit: boolean;
}

/** A path that another Ingress path with the same host, path and type made void. */
export interface LostPath {
  readonly path: PathRule;
  readonly winner: DraftLocation;
}

export interface DraftServer {
  readonly host: string;
  readonly owner: ModelIngress;
  readonly ingresses: ModelIngress[];
  /** By path: locations of one path differ in their type. */
  readonly locations: Map<string, DraftLocation[]>;
}

export interface Drafts {
  readonly servers: ReadonlyMap<string, DraftServer>;
  readonly lost: readonly LostPath[];
  /** Upstreams which exist for a canary alone, so that no location may use them. */
  readonly canaryUpstreams: ReadonlySet<string>;
  readonly upstreams: ReadonlyMap<string, Upstream>;
}
