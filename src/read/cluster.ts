import type { Finding } from '../domain/findings.ts';
import type { ObjectRef, ObjectSource, Origin, Path } from '../domain/origin.ts';

/** What was read: the objects that the conversion looks at, the count of all others, and what was wrong with the input. */
export interface Cluster {
  readonly ingresses: readonly Ingress[];
  readonly ingressClasses: readonly IngressClass[];
  readonly services: readonly Service[];
  readonly secrets: readonly SecretSummary[];
  readonly configMaps: readonly ConfigMap[];
  /** Pod templates of an ingress-nginx controller (Deployment or DaemonSet), with the arguments it was started with. */
  readonly controllers: readonly ControllerWorkload[];
  /** What cert-manager's flags say of Ingresses that name no issuer. */
  readonly issuerDefaults: readonly IssuerDefault[];
  /** Workloads of Istio that show its release. */
  readonly meshWorkloads: readonly MeshWorkload[];
  /** Istio objects which are there already. */
  readonly istioObjects: readonly PlainObject[];
  /** Other kinds that a check reads: NetworkPolicy, Certificate, Namespace. */
  readonly related: readonly PlainObject[];
  /** How many objects of each other kind were left alone, by `Kind`. */
  readonly others: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
}

/** What every object of a cluster has. */
export interface ClusterObject {
  readonly ref: ObjectRef;
  readonly source: ObjectSource;
  readonly annotations: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
}

/** An object that is kept as it stands; `body` is the parsed YAML and has only own, plain keys. */
export interface PlainObject extends ClusterObject {
  readonly apiVersion: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An Ingress in the shape of networking.k8s.io/v1, whatever version it was written in. */
export interface Ingress extends ClusterObject {
  /** RFC 3339, as written; undefined where the object has none. */
  readonly createdAt: string | undefined;
  /** `spec.ingressClassName` */
  readonly className: string | undefined;
  readonly defaultBackend: Backend | undefined;
  readonly tls: readonly TlsEntry[];
  readonly rules: readonly Rule[];
}

export interface TlsEntry {
  readonly hosts: readonly string[];
  /** '' where the entry names no Secret. */
  readonly secretName: string;
  readonly origin: Origin;
}

export interface Rule {
  /** '' for a rule without host. */
  readonly host: string;
  /** Undefined where the rule has no `http`: ingress-nginx then serves `/` with the default backend. */
  readonly paths: readonly PathRule[] | undefined;
  readonly origin: Origin;
}

export type PathType = 'Exact' | 'Prefix' | 'ImplementationSpecific';

export interface PathRule {
  /** '' where the rule gives no path. */
  readonly path: string;
  readonly pathType: PathType | undefined;
  readonly backend: Backend;
  readonly origin: Origin;
}

export type Backend =
  | {
      readonly kind: 'service';
      readonly name: string;
      readonly port: number | string | undefined;
      readonly origin: Origin;
    }
  | { readonly kind: 'resource'; readonly resource: string; readonly origin: Origin };

export interface IngressClass extends ClusterObject {
  readonly controller: string;
}

export interface Service extends ClusterObject {
  /** ClusterIP, NodePort, LoadBalancer or ExternalName. */
  readonly type: string;
  readonly externalName: string | undefined;
  readonly headless: boolean;
  /** `Local` keeps the addresses of clients; undefined where it isn't set, which is `Cluster`. */
  readonly externalTrafficPolicy: string | undefined;
  /** Labels of its pods. */
  readonly selector: ReadonlyMap<string, string>;
  readonly ports: readonly ServicePort[];
}

export interface ServicePort {
  readonly name: string | undefined;
  readonly port: number;
  readonly targetPort: number | string | undefined;
  readonly protocol: string;
  readonly appProtocol: string | undefined;
}

/** What may be known of a Secret: never a value, with `tls.crt`'s names as the one thing taken from it. */
export interface SecretSummary extends ClusterObject {
  readonly type: string;
  /** Names of the data keys, sorted; undefined where only metadata was read. */
  readonly keys: readonly string[] | undefined;
  /** DNS names (SAN, else the common name) of `tls.crt`; undefined where there is none or it could not be read. */
  readonly certificateNames: readonly string[] | undefined;
  /** True where `tls.crt` or `ca.crt` is there and is no certificate: ingress-nginx does not use such a Secret. */
  readonly brokenCertificate: boolean;
}

export interface ConfigMap extends ClusterObject {
  readonly data: ReadonlyMap<string, string>;
}

export interface ControllerWorkload extends ClusterObject {
  /** Arguments of the controller's container, as in `--ingress-class=nginx`. */
  readonly args: readonly string[];
  /** The image of that container, and where it stands. */
  readonly image: { readonly text: string; readonly path: readonly (string | number)[] } | undefined;
}

/** An istiod or a gateway of Istio whose release is known. */
export interface MeshWorkload extends ClusterObject {
  readonly role: 'istiod' | 'gateway';
  /** As in `1.30`. */
  readonly release: string;
  /** What shows it, as written, and where it stands. */
  readonly shown: string;
  readonly path: Path;
  /** Of its pods: their labels and the name of their service account, where they have one of their own. */
  readonly podLabels: ReadonlyMap<string, string>;
  readonly serviceAccount: string | undefined;
}

/** A cert-manager with an issuer for Ingresses that name none. */
export interface IssuerDefault extends ClusterObject {
  readonly name: string;
  readonly kind: string;
  readonly group: string;
}
