/** A kind that is asked for, and nothing else is. */
export interface AskedKind {
  readonly kind: string;
  readonly plural: string;
  /** The first that the server has is read. */
  readonly versions: readonly string[];
  /**
   * `scope`: in the namespaces that the user names; `gateway`: there and in the gateway's namespace; `everywhere`: in
   * all namespaces, or without one.
   */
  readonly where: 'scope' | 'gateway' | 'everywhere';
  readonly selector?: string;
  /** Without it the conversion says wrong things; without others it says less. */
  readonly essential: boolean;
  /** What is missing without it, as the end of a sentence. */
  readonly without: string;
}

const istio = (kind: string, plural: string): AskedKind => ({
  kind,
  plural,
  versions: ['networking.istio.io/v1', 'networking.istio.io/v1beta1', 'networking.istio.io/v1alpha3'],
  where: 'gateway',
  essential: false,
  without: 'what Istio serves already cannot be compared with the output',
});

const workload = (kind: string, plural: string): AskedKind => ({
  kind,
  plural,
  versions: ['apps/v1'],
  where: 'everywhere',
  selector: 'app.kubernetes.io/name in (ingress-nginx,nginx-ingress,istiod,cert-manager)',
  essential: false,
  without:
    'the flags of the controller are unknown (--controller-flags says them), and the release of Istio is, too (--istio-version)',
});

export const askedKinds: readonly AskedKind[] = [
  {
    kind: 'Ingress',
    plural: 'ingresses',
    versions: ['networking.k8s.io/v1', 'networking.k8s.io/v1beta1', 'extensions/v1beta1'],
    where: 'scope',
    essential: true,
    without: 'there is nothing to convert',
  },
  {
    kind: 'IngressClass',
    plural: 'ingressclasses',
    versions: ['networking.k8s.io/v1', 'networking.k8s.io/v1beta1'],
    where: 'everywhere',
    essential: true,
    without: 'Ingresses that name a class may look like those of another controller',
  },
  {
    kind: 'Service',
    plural: 'services',
    versions: ['v1'],
    where: 'scope',
    essential: true,
    without: 'every backend looks missing, and its paths return 503 in the output',
  },
  workload('Deployment', 'deployments'),
  workload('DaemonSet', 'daemonsets'),
  {
    kind: 'NetworkPolicy',
    plural: 'networkpolicies',
    versions: ['networking.k8s.io/v1'],
    where: 'scope',
    essential: false,
    without: "policies that admit only the old controller aren't found",
  },
  {
    kind: 'Namespace',
    plural: 'namespaces',
    versions: ['v1'],
    where: 'everywhere',
    essential: false,
    without:
      'it is not known which namespaces a NetworkPolicy, or --watch-namespace-selector of the controller, means by their labels',
  },
  {
    kind: 'Certificate',
    plural: 'certificates',
    versions: ['cert-manager.io/v1'],
    where: 'gateway',
    essential: false,
    without: 'it is not known which Secrets cert-manager renews',
  },
  istio('Gateway', 'gateways'),
  istio('VirtualService', 'virtualservices'),
  istio('DestinationRule', 'destinationrules'),
  istio('ServiceEntry', 'serviceentries'),
  { ...istio('EnvoyFilter', 'envoyfilters'), versions: ['networking.istio.io/v1alpha3'] },
  {
    ...istio('AuthorizationPolicy', 'authorizationpolicies'),
    versions: ['security.istio.io/v1', 'security.istio.io/v1beta1'],
  },
];

/** The path of a collection in the API, or of one object in it. */
export function apiPath(
  version: string,
  plural: string,
  namespace: string | undefined,
  name?: string,
): string {
  const root = version.includes('/') ? `/apis/${version}` : `/api/${version}`;
  const inside = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${inside}/${plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}
