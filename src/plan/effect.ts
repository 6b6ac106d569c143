import type { KnownAnnotation } from '../decode/annotation.ts';
import type { Origin } from '../domain/origin.ts';
import type { IstioObject } from '../istio-api/objects.ts';
import type {
  AuthorizationSource,
  ClientTlsSettings,
  CorsPolicy,
  Destination,
  HeaderOperations,
  Mirror,
  PortPolicy,
  Retries,
  Rewrite,
  ServerTlsSettings,
} from '../istio-api/types.ts';
import type { ServiceBackend } from '../nginx/model.ts';
import type { AnswerEffect, Condition } from './answer-effect.ts';
import type { Explained } from './because.ts';
import type { Step } from './step.ts';

/**
 * What a feature asks for. Features return effects and never touch objects; `istio/assemble.ts` alone merges them.
 * An effect of a location acts on all routes of that location, wherever it does not say less.
 */
export type Effect = Explained &
  (
    | AnswerEffect
    | ForwardEffect
    | HeadersEffect
    | StatusHeadersEffect
    | SplitEffect
    | PolicyEffect
    | RouteFilterEffect
    | ReplyHeadersEffect
    | HttpFilterEffect
    | ConnectionManagerEffect
    | FilterChainEffect
    | GuardEffect
    | DestinationEffect
    | ExternalEffect
    | GatewayEffect
    | GatewayAnnotationsEffect
    | PassthroughEffect
    | HostEffect
    | ObjectEffect
    | MeshEffect
    | TelemetryEffect
    | StepEffect
  );

/** How the location's requests go to the upstream; with a condition, for the requests that meet it. */
export interface ForwardEffect {
  readonly kind: 'forward';
  /** What the condition is about, for route names: `websocket`, `secure`. Needed with `when`. */
  readonly variant?: string;
  readonly when?: Condition;
  readonly patch: ForwardPatch;
}

export interface ForwardPatch {
  readonly rewrite?: Rewrite;
  readonly timeout?: string;
  readonly retries?: Retries;
  /** Time until each try has to respond; needs retries, and adds Istio's own where none are given. */
  readonly perTryTimeout?: string;
  readonly mirrors?: readonly Mirror[];
  readonly corsPolicy?: CorsPolicy;
  readonly request?: HeaderOperations;
  readonly response?: HeaderOperations;
  /** Sends the requests elsewhere than to the location's backend. */
  readonly destination?: Destination;
}

/** Response headers of everything that the location answers, by itself or from the upstream. */
export interface HeadersEffect {
  readonly kind: 'response-headers';
  readonly variant?: string;
  readonly when?: Condition;
  readonly response: HeaderOperations;
  /** Where nginx sets them; undefined: in the location. */
  readonly place?: 'server' | 'http';
}

/** Response headers of the location's answers with some statuses; their values are plain text. Only with EnvoyFilters allowed. */
export interface StatusHeadersEffect {
  readonly kind: 'status-headers';
  readonly statuses: readonly number[];
  readonly response: HeaderOperations;
  /** Seconds from the answer on that `Expires` names. */
  readonly expiresIn?: number;
}

/** The canary's routes, in the order in which they are tried; the last has no condition. */
export interface SplitEffect {
  readonly kind: 'split';
  readonly branches: readonly {
    readonly name: string;
    readonly when?: Condition;
    readonly to: readonly {
      readonly backend: ServiceBackend;
      readonly weight?: number;
      readonly headers?: { response?: HeaderOperations };
    }[];
  }[];
}

/** An AuthorizationPolicy over the location's requests; the assembler finds hosts and paths, and closes the location where they cannot be written. */
export interface PolicyEffect {
  readonly kind: 'policy';
  /** What it does, for its name: `allow-list`, `deny-list`, `ext-auth`. */
  readonly purpose: string;
  readonly action: 'DENY' | 'CUSTOM';
  readonly provider?: string;
  /** Any of them; undefined: every client. */
  readonly from?: readonly AuthorizationSource[];
  readonly notMethods?: readonly string[];
  /** nginx answers some requests, such as plain HTTP that it redirects, before the policy counts; Istio checks first. */
  readonly exceptPlainHttp: boolean;
  /** EnvoyFilters are allowed for this one. */
  readonly asFilter?: true;
  readonly annotations: readonly KnownAnnotation[];
  readonly origin: Origin;
}

/** Merges `value` into Envoy's routes of the location (EnvoyFilter HTTP_ROUTE); only with EnvoyFilters allowed. */
export interface RouteFilterEffect {
  readonly kind: 'route-filter';
  /** What it does, for the EnvoyFilter's name: `idle-timeout`. */
  readonly purpose: string;
  /**
   * `forwarded`: routes that go to an upstream; `weighted`: those with a share for a canary; `checked`: these, and those which nginx would pass to a backend that is not
   * there, so that its access rules count; `all`: those that the gateway answers, too.
   */
  readonly on: 'forwarded' | 'weighted' | 'checked' | 'redirect' | 'all';
  readonly value: object;
  /** Only routes of this variant. */
  readonly variant?: string;
  /** Written once for the host where all its routes of this kind ask for one value. */
  readonly wide?: true;
}

/** Answers that filters give in place of the location's 404 carry its response headers (istio/reply-headers.ts). */
export interface ReplyHeadersEffect {
  readonly kind: 'reply-headers';
}

/** Inserts an HTTP filter into the gateway's listeners once, whoever asks for it; equal ones are one. */
export interface HttpFilterEffect {
  readonly kind: 'http-filter';
  readonly purpose: string;
  /** Position among the gateway's filters. */
  readonly before: 'first' | 'router';
  /** Of two filters at one position, the one of the higher priority stands nearer to it; 0 if not given. */
  readonly priority?: number;
  readonly filter: { readonly name: string; readonly [field: string]: unknown };
}

/** Merges `value` into the HTTP connection managers of the gateway, for all of its hosts; equal ones are one. */
export interface ConnectionManagerEffect {
  readonly kind: 'connection-manager';
  readonly purpose: string;
  readonly value: object;
}

/** Merges `value` into the TLS filter chain of the host (EnvoyFilter FILTER_CHAIN); only with EnvoyFilters allowed. */
export interface FilterChainEffect {
  readonly kind: 'filter-chain';
  readonly purpose: string;
  readonly value: object;
}

/**
 * The location is protected by more than its routes show. Spellings of its path that Envoy would give to another location
 * are closed, unless all locations of the host have the same guards.
 */
export interface GuardEffect {
  readonly kind: 'guard';
  /** Equal for equal protections. */
  readonly key: string;
}

/** How the gateway treats a backend, for this location alone; with a condition, for the requests that meet it. */
export interface DestinationEffect {
  readonly kind: 'destination';
  /** What it does, for the name of the subset: `https`, `sticky`. */
  readonly purpose: string;
  readonly backend: ServiceBackend;
  readonly policy: PortPolicy;
  /** What the condition is about, for route names. Needed with `when`. */
  readonly variant?: string;
  readonly when?: Condition;
  /** Merged into Envoy's cluster of the subset (EnvoyFilter CLUSTER); only with EnvoyFilters allowed. */
  readonly cluster?: { readonly purpose: string; readonly value: object };
  readonly origin: Origin;
}

/** A host that the routes of a location name beside their backend, as it is and with a policy. */
export interface ExternalEffect {
  readonly kind: 'external';
  readonly host: ExternalHost;
}

export interface ExternalHost {
  readonly name: string;
  readonly port: number;
  /** Where the ServiceEntry stands. */
  readonly namespace: string;
  /** Spoken to over TLS; the destination then has the subset `https`. */
  readonly tls: ClientTlsSettings | undefined;
  /** A Service of the cluster, which the mesh knows without a ServiceEntry. */
  readonly inMesh?: boolean;
}

/** Changes the HTTPS server of the host in its Gateway. */
export interface GatewayEffect {
  readonly kind: 'gateway';
  readonly tls: Partial<ServerTlsSettings>;
}

/** Annotations of the host's Gateway, for tools that read them there. */
export interface GatewayAnnotationsEffect {
  readonly kind: 'gateway-annotations';
  readonly annotations: Readonly<Record<string, string>>;
}

/** Hands the TLS stream of the host on without ending it. */
export interface PassthroughEffect {
  readonly kind: 'passthrough';
  readonly backend: ServiceBackend;
}

/** One more name for the host: in Gateway and VirtualService. */
export interface HostEffect {
  readonly kind: 'host';
  readonly name: string;
  /** Served over HTTPS with the host's own certificate, or with that of a Secret; undefined: over plain HTTP only. */
  readonly certificate: 'of-host' | { readonly credentialName: string } | undefined;
  /** All of its requests are redirected, before any protection of the host counts. */
  readonly redirects?: true;
}

/** An object of its own. `file` as in `Emitted`; undefined: with its host. */
export interface ObjectEffect {
  readonly kind: 'object';
  readonly object: IstioObject;
  readonly file?: string;
}

/** Settings of the mesh itself that the conversion relies on, in the shape of MeshConfig; istio/mesh.ts makes one object of all. */
export interface MeshEffect {
  readonly kind: 'mesh';
  readonly fragment: Readonly<Record<string, unknown>>;
  /** Who needs it. */
  readonly origins: readonly Origin[];
}

/** What the Telemetry of the gateway says; all parts go into one object. */
export interface TelemetryEffect {
  readonly kind: 'telemetry';
  /** `not-here`: requests of this location are not logged; `nowhere`: none of the gateway is; `notFor`: those with these paths, query included. */
  readonly log?: 'not-here' | 'nowhere' | { readonly notFor: readonly string[] };
  readonly tracing?: {
    readonly providers?: readonly { readonly name: string }[];
    readonly randomSamplingPercentage: number;
  };
}

export interface StepEffect {
  readonly kind: 'step';
  readonly step: Step;
}
