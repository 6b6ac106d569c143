import type { KnownAnnotation } from '../decode/annotation.ts';
import type { ControllerOption } from '../decode/controller-option.ts';
import type { Finding } from '../domain/findings.ts';
import type { Origin } from '../domain/origin.ts';
import type { Ingress, PathRule, Service, ServicePort } from '../read/cluster.ts';
import type { Release } from './release.ts';

/**
 * What ingress-nginx does today, as servers and locations. The model holds facts of nginx alone: nothing in it knows Istio.
 * Rules are those of ingress-nginx 1.15.1; each function that builds a part names its source.
 */
export interface NginxModel {
  readonly controller: Controller;
  /** Every Ingress of the input, in the controller's order of precedence: oldest first. */
  readonly ingresses: readonly ModelIngress[];
  /** Sorted by host; the catch-all server, if anything asks for it, is last. */
  readonly servers: readonly Server[];
  /** `tcp-services`, by port. */
  readonly tcpServices: readonly TcpService[];
}

/** An Ingress, and whether the controller serves it. */
export interface ModelIngress {
  readonly ingress: Ingress;
  /** Annotations of ingress-nginx by canonical name; only those with a value, an alias under the name it stands for. */
  readonly annotations: ReadonlyMap<string, KnownAnnotation>;
  /** Annotations of ingress-nginx whose value the controller refuses. */
  readonly refused: readonly KnownAnnotation[];
  readonly state: IngressState;
  /** True where `canary: "true"` makes it an alternative for the locations of others. */
  readonly canary: boolean;
}

export type IngressState =
  | { readonly kind: 'served' }
  /** Of another controller, or of none. */
  | { readonly kind: 'not-selected'; readonly reason: string }
  /** Nothing is made of it until somebody says more: which gateway takes over, or whether the controller watches its namespace. */
  | { readonly kind: 'waiting'; readonly reason: string; readonly finding: Finding }
  /** The controller refuses to load it, so nothing of it works today. */
  | {
      readonly kind: 'dropped';
      readonly reason: string;
      readonly origin: Origin;
      /** True where older releases serve it by default, and nothing shows which one runs. */
      readonly unsure: boolean;
    };

/** A `server` block: one host with everything that any Ingress says of it. */
export interface Server {
  /** As in the Ingress, lower-cased; '' is the catch-all server, nginx's `_`. */
  readonly host: string;
  readonly aliases: readonly Alias[];
  /** Aliases that an earlier server has, too: nginx ignores them here. */
  readonly lostAliases: readonly (Alias & { readonly winner: string })[];
  /** Undefined where no Ingress of the host has a `tls` section. */
  readonly tls: ServerTls | undefined;
  /** Locations in nginx's order of choice: the first that matches answers. */
  readonly locations: readonly Location[];
  /** True where one `use-regex` or effective `rewrite-target` turned all locations into regular expressions. */
  readonly regex: boolean;
  /** The Ingress that created the server: the oldest with a rule for the host. */
  readonly owner: ModelIngress;
  /** All Ingresses with a rule for the host, canaries included, oldest first. */
  readonly ingresses: readonly ModelIngress[];
  /** An error in client-certificate settings: nginx answers 403 for the whole host. */
  readonly denied: Denial | undefined;
}

export interface Alias {
  readonly name: string;
  readonly annotation: KnownAnnotation;
}

/** The certificate that nginx shows for a host; `default` is the controller's own, or the one of `--default-ssl-certificate`. */
export interface ServerTls {
  readonly certificate:
    | { readonly kind: 'secret'; readonly namespace: string; readonly name: string }
    | { readonly kind: 'default'; readonly reason: string };
  /** False where a `tls` entry names the host but its Secret is not in the input. */
  readonly secretFound: boolean;
  readonly owner: ModelIngress;
  readonly origin: Origin;
}

/** A reason for nginx to answer 503 (location) or 403 (server) instead of serving. */
export interface Denial {
  readonly reason: string;
  readonly origin: Origin;
  /** True where older releases serve it by default, and nothing shows which one runs. */
  readonly unsure?: boolean;
}

/** How a location matches, on the decoded path with dots resolved and slashes merged. A regex is a case-insensitive PCRE, anchored at its start only. */
export interface Match {
  readonly kind: 'exact' | 'prefix' | 'regex';
  readonly path: string;
}

/** A `location` block. Prefix `/foo` is one location with two matches, unless another Ingress path took one of them. */
export interface Location {
  readonly server: Server;
  /** The path as the Ingress writes it, `/` where it is empty. */
  readonly path: string;
  readonly matches: readonly Match[];
  /** Whose annotations apply. */
  readonly owner: ModelIngress;
  /** The path of the Ingress; undefined for the implicit `/` of a known host. */
  readonly rule: PathRule | undefined;
  readonly origin: Origin;
  readonly backend: LocationBackend;
  /** What the path names, where `backend` is that of the annotation `default-backend` because it is not there. */
  readonly missing: { readonly service: string; readonly reason: string } | undefined;
  /** Undefined for the built-in default backend. */
  readonly upstream: Upstream | undefined;
  readonly canary: Canary | undefined;
  /** The path for which nginx itself answers 301 to add a slash, as in `/foo` for Prefix `/foo/`; undefined where it does not. */
  readonly slashRedirectFrom: string | undefined;
  readonly denied: Denial | undefined;
}

export type LocationBackend =
  | ServiceBackend
  /** nginx has a location but nothing to send to: 503. */
  | {
      readonly kind: 'unavailable';
      readonly reason: string;
      readonly service: string;
      readonly origin: Origin;
    }
  /** The controller's built-in default backend: 404. */
  | { readonly kind: 'not-found' };

export interface ServiceBackend {
  readonly kind: 'service';
  readonly service: Service;
  readonly port: ServicePort;
  /** The backend of the Ingress (or controller flag) that named it. */
  readonly origin: Origin | undefined;
}

/** What all locations share that name one Service port in the same words: nginx balances over it. */
export interface Upstream {
  /** `$proxy_upstream_name`: namespace, Service and port as the Ingress writes it (ingress-nginx 1.15.1, controller/util.go). */
  readonly name: string;
  /** The Ingress that mentions it first: its `load-balance` and `upstream-hash-by` count. */
  readonly creator: ModelIngress;
  readonly affinity: Affinity | undefined;
}

/** Cookie affinity of an upstream. */
export interface Affinity {
  readonly mode: 'balanced' | 'persistent';
  /** The last Ingress that asks for it: its cookie counts. */
  readonly owner: ModelIngress;
  /** The paths that set the cookie, by host; on others a cookie is obeyed and not set. */
  readonly locations: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The alternative backend of a location. Field names are those of the annotations, without `canary-`. */
export interface Canary {
  readonly ingress: ModelIngress;
  readonly backend: ServiceBackend;
  readonly upstream: Upstream;
  /** Whether the affinity of the main upstream holds for the canary, too: a client stays where it is. */
  readonly sticky: boolean;
  readonly byHeader: string | undefined;
  readonly byHeaderValue: string | undefined;
  readonly byHeaderPattern: string | undefined;
  readonly byCookie: string | undefined;
  /** 0 … `weightTotal` */
  readonly weight: number;
  readonly weightTotal: number;
}

export interface TcpService {
  readonly port: number;
  readonly backend: ServiceBackend | { readonly kind: 'unavailable'; readonly reason: string };
  readonly acceptProxyProtocol: boolean;
  readonly sendProxyProtocol: boolean;
  readonly origin: Origin;
}

/** Where the value of a setting comes from. */
export interface Setting<Value> {
  readonly value: Value;
  readonly from: KnownAnnotation | 'configmap' | 'default';
}

/** How the controller was started and configured. */
export interface Controller {
  readonly release: Release;
  readonly flags: ControllerFlags;
  /** The controller's ConfigMap as written, as far as the release knows its keys; empty where the input holds none. */
  readonly config: ReadonlyMap<string, string>;
  /** The keys that the release knows, with its defaults. */
  readonly options: ReadonlyMap<string, ControllerOption>;
  /** What the ConfigMap holds under keys that the release does not know. */
  readonly unread: ReadonlyMap<string, string>;
  readonly configOrigin: Origin | undefined;
  /** Whether `*-snippet` annotations act today. */
  readonly snippets: boolean;
  /** Whether that is taken for granted: the input holds no ConfigMap that says so. */
  readonly snippetsAssumed: boolean;
}

export interface ControllerFlags {
  readonly ingressClass: string;
  readonly controllerClass: string;
  readonly ingressClassByName: boolean;
  readonly watchIngressWithoutClass: boolean;
  readonly watchNamespace: string;
  /** Labels of the namespaces that it watches, as in `team=shop`. */
  readonly watchNamespaceSelector: string;
  readonly annotationsPrefix: string;
  readonly defaultBackendService: string;
  readonly defaultSslCertificate: string;
  readonly enableSslPassthrough: boolean;
  readonly disableCatchAll: boolean;
  readonly disableSvcExternalName: boolean;
  readonly deepInspect: boolean;
  /** Whether the values of annotations are held against rules before they are read. */
  readonly validatesAnnotations: boolean;
  /** Paths of the catch-all server that begin with it answer 200, for load balancers. */
  readonly healthCheckPath: string;
  readonly httpPort: number;
  readonly httpsPort: number;
}
