import { findingType } from '../../../domain/findings.ts';

export const closed = findingType<{ host: string; reason: string; remedy: string }>({
  code: 'auth-tls/closed',
  severity: 'error',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'location', 'connection'],
  summary: "Client certificates aren't converted, so the host returns 503 over HTTPS.",
  message: ({ host, reason }) =>
    `ingress-nginx requires client certificates for ${host}, which aren't converted: ${reason}. Over HTTPS the host returns 503 until you choose an option.`,
  remedy: ({ remedy }) => remedy,
  url: 'https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/#configure-a-mutual-tls-ingress-gateway',
});

export const handshake = findingType<{ host: string }>({
  code: 'auth-tls/handshake',
  severity: 'warning',
  fields: ['connection'],
  summary: 'Clients without a valid certificate get no answer.',
  message: ({ host }) =>
    `ingress-nginx returns 400, or the error page, to clients of ${host} whose certificate is missing or invalid; Istio breaks off the TLS handshake.`,
  remedy: () =>
    'Nothing, unless a client relies on the answer; with EnvoyFilters allowed (--envoy-filters allow) it is that of nginx.',
});

export const noAuthority = findingType<{ host: string }>({
  code: 'auth-tls/unknown-authority',
  severity: 'error',
  fields: ['connection', 'request-header:ssl-client-verify'],
  summary: 'Certificates of other authorities are refused.',
  message: ({ host }) =>
    `With optional_no_ca nginx takes any client certificate for ${host} and leaves the judgement to the application; Istio refuses those that the CA does not vouch for.`,
  remedy: () => 'Allow EnvoyFilters (--envoy-filters allow).',
});

export const failureReason = findingType<{ host: string }>({
  code: 'auth-tls/failure-reason',
  severity: 'note',
  fields: ['request-header:ssl-client-verify'],
  summary: 'ssl-client-verify does not say why a certificate failed.',
  message: ({ host }) =>
    `For an invalid certificate, ingress-nginx sends the application of ${host} FAILED and the reason; the gateway sends only FAILED.`,
  remedy: () => 'Nothing, unless the application reads the reason.',
});

export const errorPage = findingType<{ host: string; page: string }>({
  code: 'auth-tls/error-page',
  severity: 'warning',
  fields: ['status', 'location', 'connection'],
  summary: "The error page for invalid certificates isn't converted.",
  message: ({ host, page }) =>
    `Clients of ${host} whose certificate is missing or not valid are not sent to ${page}.`,
  remedy: () =>
    'Allow EnvoyFilters (--envoy-filters allow), and give the page as a URL with http:// or https://.',
});

export const depth = findingType<{ host: string; depth: number }>({
  code: 'auth-tls/verify-depth',
  severity: 'note',
  fields: [],
  summary: 'Chains of client certificates may be longer than nginx allows.',
  message: ({ host, depth: limit }) =>
    `ingress-nginx accepts chains of up to ${limit} intermediate certificates for ${host}; Istio accepts up to 100.`,
  remedy: () => 'Allow EnvoyFilters (--envoy-filters allow) to keep the limit.',
});

export const plainHttp = findingType<{ host: string }>({
  code: 'auth-tls/plain-http',
  severity: 'warning',
  fields: [],
  summary: 'Plain HTTP needs no client certificate.',
  message: ({ host }) =>
    `Some paths of ${host} are also served over plain HTTP, where no client certificate is required. That's the same today.`,
  remedy: () => 'Set force-ssl-redirect before the migration if these paths are to be protected.',
});

export const subjectRefused = findingType<{ host: string }>({
  code: 'auth-tls/subject-refused',
  severity: 'note',
  fields: ['response-header:strict-transport-security'],
  summary: 'The answer to a certificate with another subject has one header more.',
  message: ({ host }) =>
    `Clients of ${host} whose subject does not fit get 403 as today, with the Strict-Transport-Security header of the location.`,
  remedy: () => '',
});

export const authTlsFindings = [
  closed,
  handshake,
  noAuthority,
  failureReason,
  errorPage,
  depth,
  plainHttp,
  subjectRefused,
];
