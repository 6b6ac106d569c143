import { findingType } from '../../domain/findings.ts';

const everything = ['status', 'location', 'upstream', 'path', 'method', 'host'] as const;
const directivesReference = 'https://nginx.org/en/docs/dirindex.html';

export const syntax = findingType<{ name: string; problem: string; line: number; column: number }>({
  code: 'snippet/syntax',
  severity: 'error',
  fields: [],
  summary: 'A snippet is not nginx configuration, and nginx loads no configuration with it.',
  message: ({ name, problem, line, column }) =>
    `The snippet ${name} is invalid at line ${line}, column ${column}: ${problem}. nginx refuses the whole configuration with it, for every host, and keeps the last valid one. Nothing of this snippet is converted.`,
  remedy: () => 'Correct the snippet or remove it, then convert again.',
});

export const syntaxClosed = findingType<{ name: string }>({
  code: 'snippet/syntax-closed',
  severity: 'error',
  fields: everything,
  summary: "A snippet that can't be read contains a protection, so what it protects returns 503.",
  message: ({ name }) =>
    `The snippet ${name} can't be read, but it looks like a protection. What it protects returns 503 until you choose an option.`,
  remedy: () => 'Correct the snippet, then convert again.',
});

export const refused = findingType<{ directive: string; reason: string }>({
  code: 'snippet/refused-by-nginx',
  severity: 'error',
  fields: [],
  summary: 'nginx loads no configuration with this directive at this place.',
  message: ({ directive, reason }) =>
    `nginx refuses the whole configuration because of "${directive}": ${reason}. The directive does nothing today and isn't converted.`,
  remedy: () => 'Remove the line; where there is an annotation for the same setting, use that.',
  url: directivesReference,
});

export const notCarriedOver = findingType<{ directive: string; reason: string; remedy: string }>({
  code: 'snippet/not-carried-over',
  severity: 'warning',
  fields: [],
  summary: 'A directive of a snippet needs manual migration.',
  message: ({ directive, reason }) => `"${directive}" isn't converted: ${reason}`,
  remedy: ({ remedy }) => remedy,
  url: directivesReference,
});

export const closed = findingType<{ directive: string; reason: string }>({
  code: 'snippet/closed',
  severity: 'error',
  fields: everything,
  summary: "A snippet protects something in a way that can't be converted, so the route returns 503.",
  message: ({ directive, reason }) =>
    `"${directive}" blocks requests and can't be converted: ${reason} What it protects returns 503 until you choose an option.`,
  remedy: () =>
    'Write the protection as an AuthorizationPolicy (or with an external authorizer), then remove the line; or remove it if it is no longer needed.',
  url: 'https://istio.io/latest/docs/reference/config/security/authorization-policy/',
});

export const successOnly = findingType<{ header: string }>({
  code: 'snippet/header-on-every-status',
  severity: 'note',
  fields: [],
  summary: 'A header that nginx adds only to successes and redirects is on every response.',
  message: ({ header }) =>
    `nginx adds ${header} only to responses with the status 200, 201, 204, 206, 301, 302, 303, 304, 307 or 308; the gateway adds it to errors, too.`,
  remedy: () => 'Usually no action is needed. Remove the line if errors must not have the header.',
  url: 'https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header',
});

export const replacedInIf = findingType<{ headers: string }>({
  code: 'snippet/headers-beside-if',
  severity: 'note',
  fields: [],
  summary: 'Headers of a location stay where an "if" adds headers of its own.',
  message: ({ headers }) =>
    `Where this "if" is true, nginx sends only the add_header lines inside it; the gateway sends ${headers} as well.`,
  remedy: () => 'Usually no action is needed: the missing headers are rarely intended.',
  url: 'https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header',
});

export const severalIfs = findingType<object>({
  code: 'snippet/several-ifs',
  severity: 'warning',
  fields: [],
  summary: 'Where several "if" blocks are true at once, nginx uses the headers of the last one.',
  message: () =>
    'An earlier block sets headers under a condition, too. Where both are true, nginx uses only those of the last block. The gateway uses those of both, or of the first one if both test the same part of the request.',
  remedy: () => 'Nothing where the conditions exclude each other; else put them into one.',
});

export const noExpiry = findingType<object>({
  code: 'snippet/no-expires-header',
  severity: 'note',
  fields: ['response-header:expires'],
  summary: 'Cache-Control is written, and Expires is not.',
  message: () =>
    'nginx sends Expires with a time counted from now, together with Cache-Control: max-age, which has precedence for every HTTP/1.1 client. The gateway sends only Cache-Control.',
  remedy: () => '',
});

export const sentTwice = findingType<{ header: string }>({
  code: 'snippet/header-sent-twice',
  severity: 'warning',
  fields: [],
  summary: 'nginx sends a request header twice, and the gateway once.',
  message: ({ header }) =>
    `ingress-nginx sets ${header} itself, so that nginx sends the header twice today: its own line and that of the snippet. The gateway sends the one of the snippet.`,
  remedy: ({ header }) => `Look which of the two values of ${header} the application takes today.`,
});

export const valueDiffers = findingType<{ directive: string; difference: string }>({
  code: 'snippet/value-differs',
  severity: 'note',
  fields: [],
  summary: 'A variable of nginx has a counterpart with a slightly different value.',
  message: ({ directive, difference }) => `In "${directive}" a variable differs on Envoy: ${difference}.`,
  remedy: () => '',
  url: 'https://www.envoyproxy.io/docs/envoy/latest/configuration/advanced/substitution_formatter',
});

export const forwardedProto = findingType<{ directive: string }>({
  code: 'snippet/forwarded-proto-of-gateway',
  severity: 'warning',
  fields: ['status', 'location', 'upstream'],
  summary: 'The gateway overwrites X-Forwarded-Proto unless it trusts a proxy before it.',
  message: ({ directive }) =>
    `"${directive}" tests X-Forwarded-Proto as a load balancer sends it. The gateway writes the header itself: with TLS ending at the load balancer every request would look like plain HTTP, and a redirect to HTTPS would never end.`,
  remedy: () =>
    'Set meshConfig.defaultConfig.gatewayTopology.numTrustedProxies to the number of proxies before the gateway, and say so in the config file (mesh.numTrustedProxies).',
  url: 'https://istio.io/latest/docs/ops/configuration/traffic-management/network-topologies/',
});

export const queryDiffers = findingType<{ directive: string; difference: string }>({
  code: 'snippet/query-differs',
  severity: 'note',
  fields: ['location', 'path'],
  summary: 'The query of a rewritten or redirected request differs.',
  message: ({ directive, difference }) => `With "${directive}" ${difference}`,
  remedy: () => 'Nothing, unless clients send a query there.',
});

export const staysInLocation = findingType<{ directive: string }>({
  code: 'snippet/no-second-location',
  severity: 'warning',
  fields: ['upstream', 'path', 'status'],
  summary: 'A rewritten request stays with its location.',
  message: ({ directive }) =>
    `After "${directive}" nginx looks for a location again, by the new path, and may end in another one. The gateway rewrites the path and keeps the backend of this location.`,
  remedy: () => 'If the new path belongs to another backend, add a route for the old path to that backend.',
});

export const connectionClosed = findingType<object>({
  code: 'snippet/status-444',
  severity: 'note',
  fields: ['status', 'connection'],
  summary: 'nginx closes the connection without a response; the gateway returns 444.',
  message: () =>
    'return 444 closes the connection without an answer; the gateway answers with the status 444.',
  remedy: () => 'Nothing, or take 403, which clients know.',
});

export const emptyLocation = findingType<{ path: string }>({
  code: 'snippet/location-without-backend',
  severity: 'warning',
  fields: [],
  summary: 'A location of a server snippet has nothing to serve and returns 404.',
  message: ({ path }) =>
    `The location ${path} of the server snippet has neither proxy_pass nor return: nginx looks for a file and returns 404, whatever the Ingresses define for these paths. The conversion does the same.`,
  remedy: () =>
    'If the paths should have reached the application, remove the location from the snippet: its header lines never took effect.',
});

export const snippetFindings = [
  syntax,
  syntaxClosed,
  refused,
  notCarriedOver,
  closed,
  successOnly,
  replacedInIf,
  severalIfs,
  noExpiry,
  sentTwice,
  valueDiffers,
  forwardedProto,
  queryDiffers,
  staysInLocation,
  connectionClosed,
  emptyLocation,
] as const;
