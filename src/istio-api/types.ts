/** The parts of Istio's API that we write, as in networking.istio.io/v1 (Istio 1.32). Only fields that something emits. */

export type StringMatch =
  | { readonly exact: string }
  | { readonly prefix: string }
  | { readonly regex: string };

/** An empty object asks for presence alone. */
export type HeaderMatch = StringMatch | Record<string, never>;

export interface HttpMatch {
  readonly name?: string;
  readonly uri?: StringMatch;
  readonly method?: StringMatch;
  readonly authority?: StringMatch;
  readonly headers?: Readonly<Record<string, HeaderMatch>>;
  readonly withoutHeaders?: Readonly<Record<string, HeaderMatch>>;
  readonly queryParams?: Readonly<Record<string, StringMatch>>;
  readonly port?: number;
}

export interface HeaderOperations {
  readonly set?: Readonly<Record<string, string>>;
  readonly add?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

export interface Headers {
  readonly request?: HeaderOperations;
  readonly response?: HeaderOperations;
}

export interface Destination {
  readonly host: string;
  readonly subset?: string;
  readonly port?: { readonly number: number };
}

export interface WeightedDestination {
  readonly destination: Destination;
  readonly weight?: number;
  readonly headers?: Headers;
}

export interface Rewrite {
  readonly uri?: string;
  readonly authority?: string;
  readonly uriRegexRewrite?: { readonly match: string; readonly rewrite: string };
}

export interface Redirect {
  readonly uri?: string;
  readonly authority?: string;
  readonly port?: number;
  readonly scheme?: string;
  readonly redirectCode?: number;
}

export interface Retries {
  readonly attempts: number;
  readonly perTryTimeout?: string;
  readonly retryOn?: string;
}

export interface CorsPolicy {
  readonly allowOrigins: readonly StringMatch[];
  readonly allowMethods?: readonly string[];
  readonly allowHeaders?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  readonly maxAge?: string;
  readonly allowCredentials?: boolean;
}

export interface Mirror {
  readonly destination: Destination;
  readonly percentage?: { readonly value: number };
}

export interface HttpRoute {
  readonly name: string;
  readonly match?: readonly HttpMatch[];
  readonly redirect?: Redirect;
  readonly directResponse?: { readonly status: number; readonly body?: { readonly string: string } };
  readonly route?: readonly WeightedDestination[];
  readonly rewrite?: Rewrite;
  readonly timeout?: string;
  readonly retries?: Retries;
  readonly mirrors?: readonly Mirror[];
  readonly corsPolicy?: CorsPolicy;
  readonly headers?: Headers;
}

export interface VirtualServiceSpec {
  readonly hosts: readonly string[];
  readonly gateways: readonly string[];
  readonly http?: readonly HttpRoute[];
  readonly tls?: readonly {
    readonly match: readonly { readonly port?: number; readonly sniHosts: readonly string[] }[];
    readonly route: readonly WeightedDestination[];
  }[];
  readonly tcp?: readonly {
    readonly match: readonly { readonly port: number }[];
    readonly route: readonly WeightedDestination[];
  }[];
}

export interface ServerTlsSettings {
  readonly mode: 'SIMPLE' | 'MUTUAL' | 'OPTIONAL_MUTUAL' | 'PASSTHROUGH';
  readonly credentialName?: string;
  readonly minProtocolVersion?: string;
  readonly maxProtocolVersion?: string;
  readonly cipherSuites?: readonly string[];
}

export interface GatewayServer {
  readonly port: { readonly number: number; readonly name: string; readonly protocol: string };
  readonly hosts: readonly string[];
  readonly tls?: ServerTlsSettings;
}

export interface GatewaySpec {
  readonly selector: Readonly<Record<string, string>>;
  readonly servers: readonly GatewayServer[];
}

export interface ClientTlsSettings {
  readonly mode: 'DISABLE' | 'SIMPLE' | 'MUTUAL';
  readonly credentialName?: string;
  readonly sni?: string;
  readonly subjectAltNames?: readonly string[];
  readonly insecureSkipVerify?: boolean;
}

export interface LoadBalancer {
  readonly simple?: 'ROUND_ROBIN' | 'LEAST_REQUEST' | 'RANDOM' | 'PASSTHROUGH';
  readonly consistentHash?: {
    readonly httpHeaderName?: string;
    readonly httpQueryParameterName?: string;
    readonly useSourceIp?: boolean;
    readonly httpCookie?: {
      readonly name: string;
      readonly path?: string;
      readonly ttl?: string;
      readonly attributes?: readonly { readonly name: string; readonly value?: string }[];
    };
  };
  readonly localityLbSetting?: { readonly enabled: boolean };
}

export interface ConnectionPool {
  readonly tcp?: {
    readonly maxConnections?: number;
    readonly connectTimeout?: string;
    readonly idleTimeout?: string;
    readonly maxConnectionDuration?: string;
  };
  readonly http?: {
    readonly h2UpgradePolicy?: 'UPGRADE' | 'DO_NOT_UPGRADE';
    readonly http1MaxPendingRequests?: number;
    readonly http2MaxRequests?: number;
    readonly maxRequestsPerConnection?: number;
    readonly idleTimeout?: string;
  };
}

export interface OutlierDetection {
  readonly splitExternalLocalOriginErrors: boolean;
  readonly consecutiveLocalOriginFailures: number;
  readonly consecutiveGatewayErrors: number;
  readonly consecutive5xxErrors: number;
  readonly interval: string;
  readonly baseEjectionTime: string;
  readonly maxEjectionPercent: number;
  readonly minHealthPercent: number;
}

/** What a DestinationRule says for one port of a Service. */
export interface PortPolicy {
  readonly loadBalancer?: LoadBalancer;
  readonly connectionPool?: ConnectionPool;
  readonly outlierDetection?: OutlierDetection;
  readonly tls?: ClientTlsSettings;
}

export interface DestinationRuleSpec {
  readonly host: string;
  readonly workloadSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly trafficPolicy?: PortPolicy;
  readonly subsets?: readonly { readonly name: string; readonly trafficPolicy?: PortPolicy }[];
}

export interface AuthorizationRule {
  readonly from?: readonly { readonly source: AuthorizationSource }[];
  readonly to?: readonly { readonly operation: AuthorizationOperation }[];
  readonly when?: readonly {
    readonly key: string;
    readonly values?: readonly string[];
    readonly notValues?: readonly string[];
  }[];
}

export interface AuthorizationSource {
  readonly principals?: readonly string[];
  readonly ipBlocks?: readonly string[];
  readonly notIpBlocks?: readonly string[];
  readonly remoteIpBlocks?: readonly string[];
  readonly notRemoteIpBlocks?: readonly string[];
}

export interface AuthorizationOperation {
  readonly hosts?: readonly string[];
  readonly notHosts?: readonly string[];
  readonly ports?: readonly string[];
  readonly notPorts?: readonly string[];
  readonly methods?: readonly string[];
  readonly notMethods?: readonly string[];
  readonly paths?: readonly string[];
  readonly notPaths?: readonly string[];
}
