/** Who an annotation belongs to that ingress-nginx does not read. */
export interface Owner {
  readonly kind: 'companion' | 'foreign';
  readonly name: string;
}

/** The owner of a key, by its domain; undefined where nobody is known. `kubernetes.io/ingress.class` is not asked for here. */
export function ownerOf(key: string): Owner | undefined {
  const exact = byKey.get(key);
  if (exact !== undefined) return exact;
  const slash = key.indexOf('/');
  if (slash < 0) return undefined;
  // `a.b.example.com` belongs to whom `example.com` belongs, unless a longer domain is listed.
  let domain = key.slice(0, slash).toLowerCase();
  for (;;) {
    const owner = byDomain.get(domain);
    if (owner !== undefined) return owner;
    const dot = domain.indexOf('.');
    if (dot < 0) return undefined;
    domain = domain.slice(dot + 1);
  }
}

const companion = (name: string): Owner => ({ kind: 'companion', name });
const foreign = (name: string): Owner => ({ kind: 'foreign', name });

/** Keys of a domain that several share. */
const byKey: ReadonlyMap<string, Owner> = new Map([
  ['kubernetes.io/tls-acme', companion('cert-manager')],
  ['kubernetes.io/ingress.allow-http', foreign('GKE Ingress')],
  ['kubernetes.io/ingress.global-static-ip-name', foreign('GKE Ingress')],
  ['kubernetes.io/ingress.regional-static-ip-name', foreign('GKE Ingress')],
  ['kubernetes.io/change-cause', foreign('kubectl')],
  // The GKE controller writes its state under the domain that was ingress-nginx's first.
  ...[
    'backends',
    'forwarding-rule',
    'https-forwarding-rule',
    'https-target-proxy',
    'redirect-url-map',
    'ssl-cert',
    'static-ip',
    'target-proxy',
    'url-map',
  ].map((name) => [`ingress.kubernetes.io/${name}`, foreign('GKE Ingress')] as const),
]);

const byDomain: ReadonlyMap<string, Owner> = new Map([
  ['cert-manager.io', companion('cert-manager')],
  ['certmanager.k8s.io', companion('cert-manager')],
  ['external-dns.alpha.kubernetes.io', companion('external-dns')],
  ['external-dns.kubernetes.io', companion('external-dns')],
  ...Object.entries({
    'F5 NGINX Ingress Controller': ['nginx.org', 'nginx.com', 'appprotect.f5.com', 'appprotectdos.f5.com'],
    'F5 BIG-IP': ['virtual-server.f5.com'],
    Traefik: ['traefik.ingress.kubernetes.io', 'traefik.io', 'traefik.containo.us'],
    HAProxy: ['haproxy.org', 'haproxy.com', 'haproxy-ingress.github.io', 'haproxy.ingress.kubernetes.io'],
    'AWS Load Balancer Controller': ['alb.ingress.kubernetes.io'],
    'a cloud provider (for Services)': ['service.beta.kubernetes.io'],
    Kong: ['konghq.com'],
    'Azure Application Gateway': ['appgw.ingress.kubernetes.io', 'appgw.ingress.azure.io'],
    'GKE Ingress': ['networking.gke.io', 'cloud.google.com', 'ingress.gcp.kubernetes.io'],
    Contour: ['projectcontour.io', 'contour.heptio.com'],
    'Emissary-ingress': ['getambassador.io'],
    'Apache APISIX': ['k8s.apisix.apache.org', 'apisix.apache.org'],
    Higress: ['higress.io', 'higress.ingress.kubernetes.io'],
    'Alibaba Cloud MSE': ['mse.ingress.kubernetes.io'],
    Cilium: ['ingress.cilium.io', 'cilium.io'],
    Pomerium: ['ingress.pomerium.io'],
    Skipper: ['zalando.org'],
    Voyager: ['ingress.appscode.com'],
    Citrix: ['ingress.citrix.com'],
    VMware: ['ako.vmware.com', 'ncp', 'nsx.vmware.com'],
    OpenShift: ['openshift.io'],
    Istio: ['istio.io'],
    kubectl: ['kubectl.kubernetes.io'],
    Kustomize: ['kustomize.config.k8s.io', 'config.kubernetes.io', 'config.k8s.io'],
    Helm: ['meta.helm.sh', 'helm.sh'],
    'Argo CD': ['argocd.argoproj.io', 'argoproj.io', 'argocd-image-updater.argoproj.io'],
    Flux: ['fluxcd.io'],
    Rancher: ['cattle.io'],
    GitLab: ['gitlab.com'],
    Reloader: ['reloader.stakater.com', 'stakater.com'],
    Prometheus: ['prometheus.io'],
    Homepage: ['gethomepage.dev'],
    Hajimari: ['hajimari.io'],
    Skaffold: ['skaffold.dev'],
    Velero: ['velero.io'],
    Keel: ['keel.sh'],
  }).flatMap(([name, domains]) => domains.map((domain) => [domain, foreign(name)] as const)),
]);
