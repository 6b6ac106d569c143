import { findingType } from '../../domain/findings.ts';

export const companionLeft = findingType<{ name: string; owner: string }>({
  code: 'annotation/companion',
  severity: 'warning',
  fields: [],
  summary: 'An annotation of another tool acts on the Ingress and has to move.',
  message: ({ name, owner }) => `${owner} reads ${name}, and no longer finds it when the Ingress is removed.`,
  remedy: ({ owner }) => `Set up ${owner} for the Gateway before the Ingress is removed.`,
});

export const notRenewed = findingType<{ name: string }>({
  code: 'cert-manager/not-renewed',
  severity: 'warning',
  fields: [],
  summary: 'The gateway uses a copy of this certificate, and nothing renews the copy.',
  message: ({ name }) =>
    `cert-manager renews the certificate of this Ingress (${name}). The gateway uses a copy of this certificate, and nothing renews the copy. When you delete the Ingress, its Certificate is deleted, too.`,
  remedy: () =>
    "Use --tls auto and name the issuer on the Ingress, or create a Certificate in the gateway's namespace.",
  url: 'https://cert-manager.io/docs/usage/certificate/',
});

export const certificateMoved = findingType<{ issuer: string; namespace: string }>({
  code: 'cert-manager/certificate',
  severity: 'note',
  fields: [],
  summary: "cert-manager issues the certificate in the gateway's namespace.",
  message: ({ issuer, namespace }) =>
    `A Certificate in ${namespace} replaces the one that cert-manager manages for this Ingress. ${issuer} signs both until you remove the Ingress.`,
  remedy: () =>
    'Make sure that the Certificate is ready before the cut-over. An issuer that solves HTTP-01 through an Ingress of class nginx needs a solver for the gateway, or DNS-01.',
  url: 'https://istio.io/latest/docs/ops/integrations/certmanager/',
});

export const issuerMoves = findingType<{ issuer: string; namespace: string }>({
  code: 'cert-manager/issuer-namespace',
  severity: 'warning',
  fields: [],
  summary: "A namespaced Issuer can't sign in the gateway's namespace.",
  message: ({ issuer, namespace }) =>
    `The Issuer ${issuer} only signs for its own namespace, and the Certificate has to be in ${namespace}, where the gateway looks for its Secret.`,
  remedy: ({ namespace }) =>
    `Create the Issuer and its Secrets in ${namespace}, too, or use a ClusterIssuer.`,
  url: 'https://cert-manager.io/docs/configuration/issuers/',
});

export const defaultIssuer = findingType<object>({
  code: 'cert-manager/default-issuer',
  severity: 'warning',
  fields: [],
  summary: 'Only cert-manager knows which issuer kubernetes.io/tls-acme means.',
  gateway: {
    question: 'Which issuer signs certificates for kubernetes.io/tls-acme?',
    applied: 'The gateway uses copies of these certificates, and nothing renews the copies.',
    recommended:
      "Name the issuer in cert-manager's flag --default-issuer-name, or add its Deployment to the input.",
    flags: '--default-issuer NAME',
  },
  message: () =>
    "kubernetes.io/tls-acme leaves the issuer to cert-manager's flags (--default-issuer-name), which are not in the input; no Certificate was written.",
  remedy: () =>
    'Set --default-issuer, or add the Deployment of cert-manager or the Certificates to the input.',
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
  summary: 'An annotation of external-dns moves to the Gateway.',
  message: ({ name }) =>
    `${name} was put on the Gateway of each host; external-dns reads it there if its sources include istio-gateway.`,
  remedy: () =>
    'Add --source=istio-gateway to external-dns. While both Ingress and Gateway exist, records change only when the Ingress is removed or external-dns stops reading Ingresses.',
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
    `Annotate ${gateway} manually, or the VirtualServices, which external-dns reads with --source=istio-virtualservice.`,
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
