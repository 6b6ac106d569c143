/** What the reader does with an object. */
export type Role =
  | 'ingress'
  | 'ingress-class'
  | 'service'
  | 'secret'
  | 'config-map'
  | 'workload'
  | 'istio'
  | 'related'
  | 'other';

const NETWORKING = /^(?:networking\.k8s\.io|extensions)\//;

const ROLES: Readonly<Record<string, readonly [apiVersion: RegExp, role: Role]>> = {
  Ingress: [NETWORKING, 'ingress'],
  IngressClass: [NETWORKING, 'ingress-class'],
  Service: [/^v1$/, 'service'],
  Secret: [/^v1$/, 'secret'],
  ConfigMap: [/^v1$/, 'config-map'],
  Deployment: [/^(?:apps|extensions)\//, 'workload'],
  DaemonSet: [/^(?:apps|extensions)\//, 'workload'],
  Pod: [/^v1$/, 'workload'],
  NetworkPolicy: [NETWORKING, 'related'],
  Namespace: [/^v1$/, 'related'],
  Certificate: [/^cert-manager\.io\//, 'related'],
};

const ISTIO = /^(?:networking|security|telemetry|extensions)\.istio\.io\//;

const CLUSTER_SCOPED: ReadonlySet<string> = new Set(['IngressClass', 'Namespace']);

export function roleOf(apiVersion: string, kind: string): Role {
  if (ISTIO.test(apiVersion)) return 'istio';
  const entry = Object.hasOwn(ROLES, kind) ? ROLES[kind] : undefined;
  return entry?.[0].test(apiVersion) ? entry[1] : 'other';
}

export function isClusterScoped(kind: string): boolean {
  return CLUSTER_SCOPED.has(kind);
}
