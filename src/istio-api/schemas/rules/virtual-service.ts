import type { KindRules } from '../crd.ts';
import {
  anyText,
  atMostOne,
  dnsLabel,
  duration,
  exactlyOne,
  matching,
  oneOf,
  percent,
  port,
  type Schema,
  wholeSeconds,
  wildcardHost,
} from '../shapes.ts';

const token = "[-!#$%&'*+.^_`|~0-9A-Za-z]+";
const matchedHeader = matching(
  `^(?::(?:method|scheme|authority|path|status)|@request\\.auth\\.claims[.\\[].+|${token})$`,
  'a header name',
);
/** ValidateHTTPHeaderWithAuthorityOperationName, and what HTTP takes for a name. */
const requestHeader = matching(`^(?::authority|${token})$`, 'the name of a request header');
/** ValidateHTTPHeaderOperationName: `Host` cannot be removed, nor set on a response. */
const otherHeader = matching(`^(?![Hh][Oo][Ss][Tt]$)${token}$`, 'the name of a header other than Host');
/** ValidateHTTPHeaderValue */
const headerValue = matching(
  '^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*$',
  'a header value without control characters',
);

const oneMatch: Schema = {
  minProperties: 1,
  maxProperties: 1,
  description: 'an object with exactly one of exact, prefix, regex',
};

/** Weights that are all zero are refused. */
const weighted: Schema = {
  if: { minItems: 2 },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { contains: { properties: { weight: { minimum: 1 } }, required: ['weight'] } },
};

const headerOperations = Object.fromEntries(
  ['request', 'response'].flatMap((side) => {
    const set: Schema = { propertyNames: side === 'request' ? requestHeader : otherHeader };
    return [
      [`headers.${side}.set`, set],
      [`headers.${side}.add`, set],
      [`headers.${side}.set{}`, headerValue],
      [`headers.${side}.add{}`, headerValue],
      [`headers.${side}.remove[]`, otherHeader],
    ];
  }),
);

/** What istiod's validation and Envoy refuse (istio.io/istio, pkg/config/validation); routes have names, which EnvoyFilters find them by. */
export const virtualService: KindRules = {
  without: ['http[].delegate', 'http[].mirror', 'http[].mirrorPercent', 'http[].mirror_percent'],
  rules: {
    '': {
      required: ['hosts', 'gateways'],
      anyOf: ['http', 'tls', 'tcp'].map((field) => ({ required: [field] })),
      description: 'an object with http, tls or tcp',
    },
    hosts: { uniqueItems: true },
    'hosts[]': wildcardHost,
    'sniHosts[]': wildcardHost,
    'gateways[]': matching(
      '^(?:mesh|(?:[a-z0-9][-a-z0-9]{0,62}/)?[a-z0-9][-a-z0-9]{0,62})$',
      'the name of a Gateway, perhaps with its namespace',
    ),
    'http[]': {
      required: ['name'],
      ...exactlyOne('route', 'redirect', 'directResponse'),
      dependentRequired: { rewrite: ['route'], fault: ['route'], mirrors: ['route'], retries: ['route'] },
    },
    uri: oneMatch,
    scheme: oneMatch,
    method: oneMatch,
    authority: oneMatch,
    'queryParams{}': oneMatch,
    'allowOrigins[]': oneMatch,
    // An empty object asks for presence.
    'headers{}': { maxProperties: 1 },
    'withoutHeaders{}': { maxProperties: 1 },
    'match[].headers': { propertyNames: matchedHeader },
    'match[].withoutHeaders': { propertyNames: matchedHeader },
    'match[].queryParams': { propertyNames: { type: 'string', minLength: 1 } },
    exact: anyText,
    'uri.exact': anyText,
    'uri.prefix': anyText,
    'headers{}.exact': anyText,
    'withoutHeaders{}.exact': anyText,
    'queryParams{}.exact': anyText,
    'allowOrigins[].exact': anyText,
    sourceLabels: { $ref: '#/$defs/labels' },
    sourceNamespace: dnsLabel,
    'match[].port': port,
    'port.number': port,
    'destination.host': wildcardHost,
    'destination.subset': dnsLabel,
    'destination.port': { required: ['number'] },
    route: weighted,
    'route[]': { required: ['destination'] },
    'mirrors[]': { required: ['destination'] },
    'tls[]': { required: ['match', 'route'] },
    'tcp[]': { required: ['route'] },
    'redirect.port': port,
    'redirect.scheme': oneOf('http', 'https'),
    // Codes that pass Istio and then make Envoy refuse the whole route table.
    'redirect.redirectCode': {
      enum: [301, 302, 303, 307, 308],
      description: 'a code that Envoy redirects with: 301, 302, 303, 307 or 308',
    },
    redirect: {
      allOf: [
        {
          anyOf: ['uri', 'authority', 'port', 'scheme'].map((field) => ({ required: [field] })),
          description: 'an object with uri, authority, port or scheme',
        },
        atMostOne('port', 'derivePort'),
      ],
    },
    // Of `redirect` and `rewrite` these are texts, and no matches.
    'redirect.uri': { type: 'string', minLength: 1 },
    'redirect.authority': { type: 'string', minLength: 1 },
    'rewrite.uri': { type: 'string', minLength: 1 },
    'rewrite.authority': { type: 'string', minLength: 1 },
    rewrite: { minProperties: 1, ...atMostOne('uri', 'uriRegexRewrite') },
    uriRegexRewrite: { required: ['match', 'rewrite'] },
    'uriRegexRewrite.rewrite': { type: 'string', minLength: 1 },
    'directResponse.status': { type: 'integer', minimum: 200, maximum: 599 },
    'directResponse.body': { required: ['string'] },
    'directResponse.body.string': anyText,
    timeout: duration,
    perTryTimeout: duration,
    backoff: duration,
    fixedDelay: duration,
    percentage: percent,
    'retries.retryOn': matching('^[-a-z0-9]+(?:,[-a-z0-9]+)*$', 'retry policies, separated by commas'),
    retries: {
      required: ['attempts'],
      if: { properties: { attempts: { const: 0 } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: {
        not: {
          anyOf: ['perTryTimeout', 'retryOn', 'retryRemoteLocalities'].map((field) => ({
            required: [field],
          })),
        },
        description: 'an object with only attempts where attempts is 0',
      },
    },
    fault: { minProperties: 1 },
    delay: { required: ['fixedDelay'] },
    abort: exactlyOne('httpStatus', 'grpcStatus'),
    'abort.httpStatus': { type: 'integer', minimum: 200, maximum: 599 },
    corsPolicy: { required: ['allowOrigins'] },
    'allowMethods[]': oneOf(
      'GET',
      'HEAD',
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'CONNECT',
      'OPTIONS',
      'TRACE',
      '*',
    ),
    'allowHeaders[]': matching(`^${token}$`, 'a header name'),
    'exposeHeaders[]': matching(`^${token}$`, 'a header name'),
    maxAge: wholeSeconds,
    ...headerOperations,
  },
};
