import type { Decision } from './decision.ts';
import type { Extra } from './extras.ts';

/** A gateway of Istio that takes over from a controller. */
export interface GatewayOptions {
  /** Namespace of the gateway's pods: Secrets, policies and EnvoyFilters stand there. */
  readonly namespace: string;
  /** Labels of the gateway's pods. */
  readonly selector: Readonly<Record<string, string>>;
  /** `namespace/name` of a Gateway that is there already; no Gateway is written then. */
  readonly existing: string | undefined;
  /** Ports of the gateway's Service. */
  readonly httpPort: number;
  readonly httpsPort: number;
  /** The service account of the gateway's pods; undefined: as the input shows it. */
  readonly serviceAccount?: string | undefined;
  /** What the names of its objects end with, so that those of two gateways never meet; undefined where there is one gateway. */
  readonly suffix?: string | undefined;
}

/** One controller of several: the class by which it is known, and the gateway that takes over from it. */
export interface ControllerOptions {
  /** A class that it serves, its `--controller-class`, or `namespace/name` of its workload. */
  readonly class: string;
  readonly gateway: Partial<GatewayOptions> & Pick<GatewayOptions, 'namespace' | 'selector'>;
  /** Its flags, after those of its workload. */
  readonly flags?: readonly string[];
  /** Its release, in place of the one that the input shows. */
  readonly version?: string;
}

/** A share of the connections to a TCP port that goes to another Service: what canaries are for HTTP, and nginx doesn't have. */
export interface TcpSplit {
  /** The port of `tcp-services`. */
  readonly port: number;
  /** `namespace/name:port` */
  readonly service: string;
  /** In percent. */
  readonly weight: number;
}

/** The choices that a shop has to make; each is a flag and a key of the config file `ingress2istio.yaml`. */
export interface Options {
  readonly gateway: GatewayOptions;
  /** The gateway of each controller, where the input has several of them. */
  readonly controllers?: readonly ControllerOptions[];
  /** Convert the Ingresses of this controller only. */
  readonly controller?: string;
  /** One namespace for all Gateways and VirtualServices; undefined: that of the host's oldest Ingress. */
  readonly namespace: string | undefined;
  readonly clusterDomain: string;
  readonly apiVersion: 'v1' | 'v1beta1' | 'v1alpha3';
  /** The oldest Istio release that the output has to work with, as in `1.30`. */
  readonly istioVersion: string;
  /**
   * How a certificate gets to the gateway's namespace: `auto` writes a cert-manager Certificate there where cert-manager issues it
   * today, and plans a copy of the Secret elsewhere; `certificate` is another name for it; `copy` plans copies only.
   */
  readonly tls: 'auto' | 'copy' | 'certificate';
  /** Who signs for `kubernetes.io/tls-acme`: the name of a ClusterIssuer, or `Kind/name`; undefined: as the input shows it. */
  readonly defaultIssuer: string | undefined;
  /** `namespace/name` or name of a Secret in the gateway's namespace that serves hosts without a `tls` entry. */
  readonly defaultCertificate: string | undefined;
  readonly envoyFilters: 'allow' | 'deny';
  /** Write nginx's request headers (X-Real-IP, X-Forwarded-Host …) on every route. */
  readonly forwardedHeaders: boolean;
  /** Put basic-auth users into the EnvoyFilter; the one case in which the data of a Secret is read. */
  readonly inlineSecrets: boolean;
  /** Name of the `extensionProviders` entry for external auth; undefined: nginx's own question where EnvoyFilters are allowed, else its locations are closed. */
  readonly extAuthProvider: string | undefined;
  /** Send the CORS headers on every response, as nginx does, and not on preflights alone. */
  readonly corsOnEveryResponse: boolean;
  /** Mesh settings known to be in force, so that their gap is closed. */
  readonly mesh: {
    /** `NGINX`: the gateway gets EnvoyFilters that read paths as nginx does (features/routing/paths.ts), whatever the mesh has. */
    readonly pathNormalization: 'BASE' | 'NONE' | 'MERGE_SLASHES' | 'DECODE_AND_MERGE_SLASHES' | 'NGINX';
    readonly numTrustedProxies: number;
  };
  /** Take it that snippets are allowed where the input holds no controller ConfigMap. */
  readonly assumeSnippets: boolean;
  /** The release of the controller, as in `1.9.6`; undefined: as the input shows it. */
  readonly controllerVersion: string | undefined;
  /** Flags of the controller, as in `--ingress-class=internal`. */
  readonly controllerFlags: readonly string[];
  /** What is written beside the conversion, in a directory of its own. */
  readonly extras: readonly Extra[];
  readonly tcpSplits: readonly TcpSplit[];
  /** What people decided in a review; of a file of its own (`--decisions`). */
  readonly decisions?: readonly Decision[];
}

/** What people say before the input is read, which may show the release of Istio. */
export type GivenOptions = Omit<Options, 'istioVersion'> & { readonly istioVersion: string | undefined };

export const defaultOptions: Options = {
  gateway: {
    namespace: 'istio-system',
    selector: { istio: 'ingressgateway' },
    existing: undefined,
    httpPort: 80,
    httpsPort: 443,
    serviceAccount: undefined,
  },
  namespace: undefined,
  clusterDomain: 'cluster.local',
  apiVersion: 'v1',
  istioVersion: '1.30',
  tls: 'auto',
  defaultIssuer: undefined,
  defaultCertificate: undefined,
  envoyFilters: 'deny',
  forwardedHeaders: true,
  inlineSecrets: false,
  extAuthProvider: undefined,
  corsOnEveryResponse: true,
  mesh: { pathNormalization: 'BASE', numTrustedProxies: 0 },
  assumeSnippets: true,
  controllerVersion: undefined,
  controllerFlags: [],
  extras: [],
  tcpSplits: [],
};

/** The Secret in the gateway's namespace that stands for nginx's own certificate; a step of the report says how to make it. */
export const ownCertificate = 'ingress-default-certificate';

/** All that brings behaviour closest to nginx: `--parity`. Changes of the mesh that it relies on are written under `mesh/`. */
export function withParity<Given extends GivenOptions>(options: Given): Given {
  return {
    ...options,
    envoyFilters: 'allow',
    forwardedHeaders: true,
    inlineSecrets: true,
    corsOnEveryResponse: true,
    defaultCertificate: options.defaultCertificate ?? ownCertificate,
    mesh: {
      ...options.mesh,
      pathNormalization: options.mesh.pathNormalization === 'BASE' ? 'NGINX' : options.mesh.pathNormalization,
    },
  };
}

/** Whether the gateway gives policies and routes the path that nginx reads (features/routing/paths.ts). */
export function readsPathsAsNginx({ mesh, envoyFilters }: Options): boolean {
  return mesh.pathNormalization === 'NGINX' && envoyFilters === 'allow';
}

/** The last part of a name of the gateway's own objects; none where there is one gateway. */
export function suffixOf({ gateway }: Options): readonly string[] {
  return gateway.suffix === undefined ? [] : [gateway.suffix];
}

/** The options with more flags of the controller; the last one of a name counts. */
export function withFlags(options: Options, flags: readonly string[]): Options {
  return flags.length === 0
    ? options
    : { ...options, controllerFlags: [...flags, ...options.controllerFlags] };
}

/** Where the pods of all gateways are. */
export function gatewayNamespaces({
  gateway,
  controllers = [],
}: Pick<Options, 'gateway' | 'controllers'>): readonly string[] {
  const own = controllers.map((one) => one.gateway.namespace);
  return [...new Set(own.length === 0 ? [gateway.namespace] : own)].sort();
}
