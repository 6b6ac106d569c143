import crds from '../istio-api/schemas/crds.generated.json' with { type: 'json' };

/** Field names and enumerated values of Kubernetes' kinds that are read; those of Istio's come from its definitions. */
const kubernetesFields = `spec rules host http paths path pathType backend defaultBackend service name port number resource
  apiGroup kind serviceName servicePort tls hosts secretName ingressClassName controller parameters scope
  namespace ports protocol targetPort nodePort appProtocol selector clusterIP clusterIPs type externalName
  externalIPs loadBalancerIP loadBalancerSourceRanges loadBalancerClass externalTrafficPolicy
  internalTrafficPolicy sessionAffinity sessionAffinityConfig ipFamilies ipFamilyPolicy
  publishNotReadyAddresses allocateLoadBalancerNodePorts healthCheckNodePort clientIP timeoutSeconds
  podSelector matchLabels matchExpressions key operator values policyTypes ingress egress from to
  namespaceSelector ipBlock cidr except endPort immutable finalizers dnsNames commonName issuerRef group
  duration renewBefore secretTemplate labels annotations privateKey algorithm size encoding rotationPolicy
  usages subject organizations isCA keystores revisionHistoryLimit`;

const kubernetesValues = `Exact Prefix ImplementationSpecific TCP UDP SCTP ClusterIP NodePort LoadBalancer ExternalName
  Local Cluster ClientIP None SingleStack PreferDualStack RequireDualStack IPv4 IPv6 Opaque Ingress Egress In NotIn
  Exists DoesNotExist Always Never RSA ECDSA Ed25519 PKCS1 PKCS8 HTTP HTTPS HTTP2 GRPC GRPC-WEB TLS MONGO
  Service IngressClass Secret ConfigMap Deployment DaemonSet Pod Namespace NetworkPolicy Certificate Issuer ClusterIssuer
  v1 apps/v1 extensions/v1beta1 networking.k8s.io networking.k8s.io/v1 networking.k8s.io/v1beta1
  cert-manager.io cert-manager.io/v1 kubernetes.io/tls kubernetes.io/basic-auth kubernetes.io/dockerconfigjson
  kubernetes.io/dockercfg kubernetes.io/service-account-token kubernetes.io/ssh-auth helm.sh/release.v1`;

/** Fields whose value may be one of these; in any other field, the same word is a name. */
const enumerations: ReadonlySet<string> = new Set(
  `apiVersion kind apiGroup group pathType protocol type externalTrafficPolicy internalTrafficPolicy sessionAffinity
  ipFamilyPolicy ipFamilies mode action operator policyTypes applyTo context location resolution
  minProtocolVersion maxProtocolVersion algorithm encoding rotationPolicy simple`.split(/\s+/),
);

const fields = new Set(kubernetesFields.split(/\s+/));
const values = new Set(kubernetesValues.split(/\s+/));
for (const [kind, { apiVersions, spec }] of Object.entries(crds)) {
  values.add(kind);
  for (const version of apiVersions) values.add(version);
  addNode(spec);
}

function addNode(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  const {
    properties = {},
    items,
    values: open,
    enum: listed = [],
  } = node as Readonly<Record<string, unknown>>;
  for (const [name, inner] of Object.entries(properties as object)) {
    fields.add(name);
    addNode(inner);
  }
  for (const value of listed as readonly unknown[]) if (typeof value === 'string') values.add(value);
  addNode(items);
  addNode(open);
}

/** A field that the definition of a kind has. */
export function isField(name: string): boolean {
  return fields.has(name);
}

/** A value that the definition of a kind lists. */
export function isOfApi(field: string, value: string): boolean {
  return enumerations.has(field) && values.has(value);
}
