import { findingType } from '../../domain/findings.ts';

export const companionLeft = findingType<{ name: string; owner: string }>({
  code: 'annotation/companion',
  severity: 'warning',
  fields: [],
  summary: 'An annotation of another tool acts on the Ingress and has to move.',
  message: ({ name, owner }) =>
    `${name} is read by ${owner}, which will no longer find it once the Ingress is gone.`,
  remedy: ({ owner }) => `Set up ${owner} for the Gateway before the Ingress is removed.`,
});

export const notRenewed = findingType<{ name: string }>({
  code: 'cert-manager/not-renewed',
  severity: 'warning',
  fields: [],
  summary: 'A copied certificate is not renewed.',
  message: ({ name }) =>
    `cert-manager keeps the certificate of this Ingress (${name}); the Gateway takes a copy of the Secret, which nobody renews, and with the Ingress its Certificate is deleted.`,
  remedy: () =>
    "Use --tls certificate to have a Certificate written in the gateway's namespace, or make one there by hand.",
  url: 'https://cert-manager.io/docs/usage/certificate/',
});

export const certificateMoved = findingType<{ issuer: string; namespace: string }>({
  code: 'cert-manager/certificate',
  severity: 'note',
  fields: [],
  summary: "The certificate is asked for in the gateway's namespace.",
  message: ({ issuer, namespace }) =>
    `A Certificate in ${namespace} takes the place of the one that cert-manager makes for this Ingress; ${issuer} signs both until the Ingress is removed.`,
  remedy: () =>
    'Wait until the Certificate is ready before the cut-over. An issuer that solves HTTP-01 through an Ingress of class nginx needs a solver for the gateway, or DNS-01.',
  url: 'https://istio.io/latest/docs/ops/integrations/certmanager/',
});

export const issuerMoves = findingType<{ issuer: string; namespace: string }>({
  code: 'cert-manager/issuer-namespace',
  severity: 'warning',
  fields: [],
  summary: 'A namespaced Issuer cannot sign in the namespace of the gateway.',
  message: ({ issuer, namespace }) =>
    `The Issuer ${issuer} signs for its own namespace alone, and the Certificate has to stand in ${namespace}, where the gateway looks for its Secret.`,
  remedy: ({ namespace }) =>
    `Make the Issuer and its Secrets in ${namespace}, too, or turn it into a ClusterIssuer.`,
  url: 'https://cert-manager.io/docs/configuration/issuers/',
});

export const defaultIssuer = findingType<object>({
  code: 'cert-manager/default-issuer',
  severity: 'warning',
  fields: [],
  summary: 'Only cert-manager knows which issuer kubernetes.io/tls-acme means.',
  message: () =>
    "kubernetes.io/tls-acme leaves the issuer to cert-manager's flags (--default-issuer-name), which are not in the input; no Certificate was written.",
  remedy: () =>
    'Name the issuer on the Ingress with cert-manager.io/cluster-issuer and convert again with --tls certificate.',
  url: 'https://cert-manager.io/docs/usage/ingress/',
});

export const solver = findingType<{ name: string }>({
  code: 'cert-manager/solver',
  severity: 'warning',
  fields: [],
  summary: 'An annotation steers how HTTP-01 challenges pass through ingress-nginx.',
  message: ({ name }) =>
    `${name} says how HTTP-01 challenges are answered through an Ingress; the gateway serves no Ingresses.`,
  remedy: () =>
    'Give the issuer a solver that reaches the gateway: DNS-01, or HTTP-01 with a gatewayHTTPRoute or an ingressClassName that Istio serves.',
  url: 'https://cert-manager.io/docs/configuration/acme/http01/',
});

export const dnsMoved = findingType<{ name: string }>({
  code: 'external-dns/moved',
  severity: 'note',
  fields: [],
  summary: 'An annotation of external-dns stands on the Gateway now.',
  message: ({ name }) =>
    `${name} was put on the Gateway of each host; external-dns reads it there if its sources include istio-gateway.`,
  remedy: () =>
    'Add --source=istio-gateway to external-dns. While Ingress and Gateway both stand, records change only when the Ingress is removed or external-dns stops reading Ingresses.',
  url: 'https://kubernetes-sigs.github.io/external-dns/latest/docs/sources/istio/',
});

export const dnsElsewhere = findingType<{ name: string; gateway: string }>({
  code: 'external-dns/existing-gateway',
  severity: 'warning',
  fields: [],
  summary: 'An annotation of external-dns belongs on a Gateway that is not written.',
  message: ({ name, gateway }) =>
    `${name} acts on the Ingress today; the Gateway ${gateway} is there already and was not changed.`,
  remedy: ({ gateway }) =>
    `Annotate ${gateway} by hand, or the VirtualServices, which external-dns reads with --source=istio-virtualservice.`,
  url: 'https://kubernetes-sigs.github.io/external-dns/latest/docs/sources/istio/',
});

export const companionFindingTypes = [
  companionLeft,
  notRenewed,
  certificateMoved,
  issuerMoves,
  defaultIssuer,
  solver,
  dnsMoved,
  dnsElsewhere,
];
