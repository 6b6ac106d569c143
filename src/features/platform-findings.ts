import { findingType } from '../domain/findings.ts';

export const forwardedHeaders = findingType<object>({
  code: 'platform/forwarded-headers',
  severity: 'note',
  fields: [
    'request-header:x-real-ip',
    'request-header:x-forwarded-for',
    'request-header:x-forwarded-host',
    'request-header:x-forwarded-port',
    'request-header:x-forwarded-scheme',
    'request-header:x-scheme',
    'request-header:x-original-forwarded-for',
    'request-header:x-original-forwarded-host',
  ],
  summary: 'Backends receive fewer client headers than from ingress-nginx.',
  message: () =>
    'ingress-nginx sends every backend X-Real-IP, X-Forwarded-Host, -Port, -Scheme, and X-Scheme, and only the client in X-Forwarded-For. With --no-forwarded-headers the gateway sends only X-Forwarded-For, to which it appends, and X-Forwarded-Proto.',
  remedy: () => 'Remove --no-forwarded-headers if applications read these headers.',
  url: 'https://istio.io/latest/docs/ops/configuration/traffic-management/network-topologies/',
});

export const originalHeaders = findingType<object>({
  code: 'platform/original-forwarded-headers',
  severity: 'note',
  fields: [
    'request-header:x-original-forwarded-for',
    'request-header:x-original-forwarded-host',
    'request-header:x-forwarded-for',
    'request-header:x-forwarded-proto',
    'request-header:x-forwarded-port',
    'request-header:x-forwarded-host',
    'request-header:x-forwarded-scheme',
    'request-header:x-scheme',
    'request-header:x-real-ip',
  ],
  summary: 'Forwarded headers that a client sends itself are treated differently.',
  message: () =>
    "ingress-nginx moves a client's X-Forwarded-For and X-Forwarded-Host to X-Original-Forwarded-For and X-Original-Forwarded-Host; Istio removes them.",
  remedy: () => 'Usually no action is needed, unless an application reads the original headers.',
});

export const requestId = findingType<object>({
  code: 'platform/request-id',
  severity: 'note',
  fields: ['request-header:x-request-id'],
  summary: "A client's X-Request-ID is replaced.",
  message: () => 'ingress-nginx keeps the X-Request-ID that a client sends; Envoy replaces it.',
  remedy: () => 'Allow EnvoyFilters (--envoy-filters allow) to keep it.',
});

export const pathNormalization = findingType<object>({
  code: 'platform/path-normalization',
  severity: 'warning',
  fields: ['path', 'upstream', 'status', 'location', 'method', 'host'],
  summary: 'Paths with //, dot segments, or percent-encoding are matched and passed on differently.',
  message: () =>
    'ingress-nginx matches the decoded path with dot segments resolved and slashes merged, and passes the path on as the client sent it. Istio only resolves dot segments and passes the result on, so odd spellings of a path can match another route or reach the backend changed.',
  gateway: {
    question: 'Which spellings of a path choose the same route?',
    applied: "Istio's default: only dot segments are resolved before a route is chosen.",
    recommended:
      'Set meshConfig.pathNormalization.normalization to DECODE_AND_MERGE_SLASHES, which is closest to ingress-nginx without an EnvoyFilter.',
    flags: '--path-normalization DECODE_AND_MERGE_SLASHES',
  },
  remedy: () =>
    'Set meshConfig.pathNormalization.normalization to DECODE_AND_MERGE_SLASHES and pass --path-normalization DECODE_AND_MERGE_SLASHES, or let EnvoyFilters read paths as ingress-nginx does (--envoy-filters allow --path-normalization NGINX).',
  url: 'https://istio.io/latest/docs/ops/best-practices/security/#customize-your-system-on-path-normalization',
});

export const sentPath = findingType<object>({
  code: 'platform/sent-path',
  severity: 'note',
  fields: ['path', 'location'],
  summary: 'Paths with dot segments or needless percent-encoding reach the backend normalized.',
  message: () =>
    'Routes match the path as ingress-nginx reads it. The gateway resolves dot segments and decodes plain characters before the backend receives the path; ingress-nginx passes it on as the client sent it.',
  remedy: () => 'Usually no action is needed: both spellings name the same resource.',
});

export const proxyHeader = findingType<object>({
  code: 'platform/proxy-header',
  severity: 'warning',
  fields: ['request-header:proxy'],
  summary: "A client's Proxy header reaches the backend.",
  message: () =>
    'ingress-nginx removes the request header Proxy, which old CGI programs mistake for a setting (HTTPoxy). Istio passes it on.',
  gateway: {
    question: 'May clients send a Proxy header to backends?',
    applied: 'The header reaches backends, because of --no-forwarded-headers.',
    recommended: 'Remove --no-forwarded-headers: the gateway then drops the header, as ingress-nginx does.',
    flags: '--forwarded-headers',
  },
  remedy: () => 'Remove --no-forwarded-headers, or make sure that no application is a CGI program.',
  url: 'https://httpoxy.org/',
});

export const dottedHosts = findingType<{ stripped: boolean }>({
  code: 'platform/dotted-hosts',
  severity: 'note',
  fields: [
    'status',
    'upstream',
    'location',
    'path',
    'method',
    'host',
    'request-header:x-forwarded-host',
    'response-header:content-type',
  ],
  summary: "Istio doesn't serve host names that end in a dot.",
  message: ({ stripped }) =>
    stripped
      ? 'ingress-nginx also serves a host under its name with a dot at the end, and passes the name on; the gateway removes the dot first.'
      : 'ingress-nginx also serves a host under its name with a dot at the end; Istio returns 404.',
  remedy: ({ stripped }) =>
    stripped ? '' : 'Allow EnvoyFilters (--envoy-filters allow) if clients use such names.',
});

export const bodySize = findingType<object>({
  code: 'platform/body-size',
  severity: 'note',
  fields: ['status', 'upstream', 'path', 'method', 'host'],
  summary: "Istio doesn't limit the size of request bodies.",
  message: () =>
    'Unless configured otherwise, ingress-nginx returns 413 for request bodies over 1 MiB; Istio passes on bodies of any size.',
  remedy: () =>
    'If you need a limit, set proxy-body-size (in the ConfigMap for all hosts) or allow EnvoyFilters (--envoy-filters allow).',
});

export const headerLimits = findingType<object>({
  code: 'platform/header-limits',
  severity: 'note',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'connection'],
  summary: 'Limits for the size of request headers differ.',
  message: () =>
    'ingress-nginx allows 8 KiB for a header line and 32 KiB in total, and returns 400 or 414; Envoy allows 60 KiB in total and returns 431.',
  remedy: () => 'Usually no action is needed.',
});

export const underscores = findingType<object>({
  code: 'platform/underscore-headers',
  severity: 'warning',
  fields: ['request-header:(underscore)'],
  summary: 'Request headers with underscores in their names reach the backend; ingress-nginx drops them.',
  gateway: {
    question: 'May request headers with underscores in their names reach backends?',
    applied: 'They reach backends.',
    recommended:
      'Accept it, unless an application reads X_Real_IP as X-Real-IP (CGI, WSGI, and some PHP set-ups do); then allow EnvoyFilters, which drop them.',
    flags: '',
  },
  message: () => 'ingress-nginx drops request headers with underscores in their names; Istio passes them on.',
  remedy: () =>
    'If an application reads X_Real_IP as X-Real-IP, drop them in the gateway (--envoy-filters allow).',
});

export const upstreamFailures = findingType<object>({
  code: 'platform/upstream-failures',
  severity: 'note',
  fields: ['status', 'side-requests', 'upstream', 'path', 'method', 'host'],
  summary: 'Failing backends are retried and reported differently.',
  gateway: {
    question: 'How often is a request retried, and which status does a client get when its backend fails?',
    applied: "Istio's retries: twice after a failed connection. Clients get 503.",
    recommended: 'Keep it, and adapt alerts and clients that distinguish 502, 503, and 504.',
    flags: '',
  },
  message: () =>
    'ingress-nginx tries a request three times after errors and timeouts and returns 502 or 504. Istio retries twice, only after connection failures, and returns 503.',
  remedy: () => 'Check alerts and clients that distinguish 502, 503, and 504.',
});

export const retries = findingType<object>({
  code: 'platform/retries',
  severity: 'note',
  fields: ['side-requests'],
  summary: 'The number of retries can differ.',
  message: () =>
    'ingress-nginx and the gateway both retry a request whose backend fails, but each counts tries by its own rules.',
  remedy: () => 'Usually no action is needed.',
});

export const unknownHosts = findingType<object>({
  code: 'platform/unknown-hosts-https',
  severity: 'note',
  fields: ['status', 'upstream', 'location', 'connection', 'certificate'],
  summary: 'The gateway refuses HTTPS for hosts that no Ingress names.',
  gateway: {
    question: 'What do clients get over HTTPS for a host that no Ingress names?',
    applied: 'The gateway closes the connection.',
    recommended: 'Keep it: ingress-nginx returns 404 with a certificate that no client accepts.',
    flags: '',
  },
  message: () =>
    'For other host names, ingress-nginx returns 404 over HTTPS, with its default certificate. Istio closes such connections.',
  remedy: () => 'Usually no action is needed. To serve them, set --default-certificate.',
});

export const malformed = findingType<object>({
  code: 'platform/malformed-requests',
  severity: 'note',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'location', 'connection'],
  summary: 'Malformed requests can get another response.',
  message: () =>
    "ingress-nginx returns 400 for requests that it can't parse, such as a path that leaves the root, and 405 for TRACE. Envoy has its own rules.",
  remedy: () => '',
});

export const nothingServed = findingType<object>({
  code: 'platform/nothing-served',
  severity: 'warning',
  fields: ['connection'],
  summary: 'ingress-nginx serves no Ingress of the input, so no Gateway is written.',
  message: () =>
    'The controller serves no host of the input and returns 404 for every request. Without a Gateway, the ports of Istio stay closed.',
  remedy: () =>
    "Check why the Ingresses aren't served: their class, an option of the controller, or canaries without a main Ingress.",
});

export const checkedFirst = findingType<object>({
  code: 'platform/checked-without-endpoints',
  severity: 'note',
  fields: [
    'status',
    'location',
    'side-requests',
    'response-header:www-authenticate',
    'response-header:set-cookie',
  ],
  summary: 'Requests are checked even while a Service has no ready pod.',
  message: () =>
    'While a Service has no ready pod, ingress-nginx returns 503 before it checks addresses, passwords, limits, and the size of the body. The gateway checks them first, so it can return 401, 403, 413, or 429 instead.',
  remedy: () => 'Usually no action is needed.',
});

export const platformFindingTypes = [
  checkedFirst,
  retries,
  nothingServed,
  forwardedHeaders,
  originalHeaders,
  requestId,
  proxyHeader,
  pathNormalization,
  sentPath,
  dottedHosts,
  bodySize,
  headerLimits,
  underscores,
  upstreamFailures,
  unknownHosts,
  malformed,
];
