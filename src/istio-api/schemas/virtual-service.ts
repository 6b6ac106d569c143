import {
  anyText,
  atMostOne,
  closed,
  count,
  dnsLabel,
  duration,
  exactlyOne,
  exportTo,
  flag,
  kindSchema,
  labels,
  list,
  map,
  matching,
  networking,
  oneOf,
  percent,
  port,
  ref,
  type Schema,
  text,
  texts,
  wholeSeconds,
  wildcardHost,
} from './shapes.ts';

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

const one: Schema = {
  minProperties: 1,
  maxProperties: 1,
  description: 'an object with exactly one of exact, prefix, regex',
};
const nonEmptyMatch: Schema = {
  ...closed({ exact: anyText, prefix: text, regex: text }),
  ...one,
};

const destination = closed(
  { host: wildcardHost, subset: dnsLabel, port: closed({ number: port }, ['number']) },
  ['host'],
);

/** Weights that are all zero are refused. */
function weighted(fields: Record<string, Schema>): Schema {
  return list(closed({ destination: ref('destination'), weight: count, ...fields }, ['destination']), 1, {
    if: { minItems: 2 },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { contains: { properties: { weight: { minimum: 1 } }, required: ['weight'] } },
  });
}

const httpMatch = closed({
  name: text,
  uri: { ...closed({ exact: anyText, prefix: anyText, regex: text }), ...one },
  ignoreUriCase: flag,
  scheme: ref('stringMatch'),
  method: ref('stringMatch'),
  authority: ref('stringMatch'),
  headers: map(ref('headerMatch'), matchedHeader),
  withoutHeaders: map(ref('headerMatch'), matchedHeader),
  queryParams: map(ref('stringMatch'), text),
  port,
  sourceLabels: labels,
  sourceNamespace: dnsLabel,
  gateways: texts,
  statPrefix: text,
});

/** Codes that pass Istio and then make Envoy refuse the whole route table are no codes here. */
const redirectCode: Schema = {
  type: 'integer',
  enum: [301, 302, 303, 307, 308],
  description: 'a code that Envoy redirects with: 301, 302, 303, 307 or 308',
};

const redirect: Schema = {
  ...closed({
    uri: text,
    authority: text,
    port,
    derivePort: oneOf('FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT'),
    scheme: oneOf('http', 'https'),
    redirectCode,
  }),
  allOf: [
    {
      anyOf: ['uri', 'authority', 'port', 'scheme'].map((field) => ({ required: [field] })),
      description: 'an object with uri, authority, port or scheme',
    },
    atMostOne('port', 'derivePort'),
  ],
};

const rewrite: Schema = {
  ...closed({
    uri: text,
    authority: text,
    uriRegexRewrite: closed({ match: text, rewrite: text }, ['match', 'rewrite']),
  }),
  minProperties: 1,
  ...atMostOne('uri', 'uriRegexRewrite'),
};

const retries: Schema = {
  ...closed(
    {
      attempts: count,
      perTryTimeout: duration,
      retryOn: matching('^[-a-z0-9]+(?:,[-a-z0-9]+)*$', 'retry policies, separated by commas'),
      retryRemoteLocalities: flag,
      retryIgnorePreviousHosts: flag,
      backoff: duration,
    },
    ['attempts'],
  ),
  if: { properties: { attempts: { const: 0 } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: {
    not: {
      anyOf: ['perTryTimeout', 'retryOn', 'retryRemoteLocalities'].map((field) => ({ required: [field] })),
    },
    description: 'an object with attempts alone where attempts is 0',
  },
};

const corsPolicy = closed(
  {
    allowOrigins: list(ref('stringMatch')),
    allowMethods: list(
      oneOf('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*'),
    ),
    allowHeaders: list(matching(`^${token}$`, 'a header name')),
    exposeHeaders: list(matching(`^${token}$`, 'a header name')),
    maxAge: wholeSeconds,
    allowCredentials: flag,
    unmatchedPreflights: oneOf('FORWARD', 'IGNORE'),
  },
  ['allowOrigins'],
);

const httpStatus: Schema = { type: 'integer', minimum: 200, maximum: 599 };
const directResponse = closed({ status: httpStatus, body: closed({ string: anyText }, ['string']) }, [
  'status',
]);

const fault: Schema = {
  ...closed({
    delay: closed({ fixedDelay: duration, percentage: percent }, ['fixedDelay']),
    abort: closed(
      { httpStatus, grpcStatus: text, percentage: percent },
      [],
      exactlyOne('httpStatus', 'grpcStatus'),
    ),
  }),
  minProperties: 1,
};

const httpRoute: Schema = {
  ...closed(
    {
      name: text,
      match: list(ref('httpMatch')),
      redirect: ref('redirect'),
      directResponse,
      route: weighted({ headers: ref('headers') }),
      rewrite,
      timeout: duration,
      retries,
      fault,
      mirrors: list(closed({ destination: ref('destination'), percentage: percent }, ['destination'])),
      corsPolicy: ref('corsPolicy'),
      headers: ref('headers'),
    },
    ['name'],
  ),
  ...exactlyOne('route', 'redirect', 'directResponse'),
  dependentRequired: { rewrite: ['route'], fault: ['route'], mirrors: ['route'], retries: ['route'] },
};

const sniHosts = list(wildcardHost);
const tlsMatch = closed({ port, sniHosts, gateways: texts, sourceLabels: labels }, ['sniHosts']);
const tcpMatch = closed({ port, destinationSubnets: texts, gateways: texts, sourceLabels: labels });

export const virtualService = kindSchema(
  'VirtualService',
  networking,
  closed(
    {
      hosts: list(wildcardHost, 1, { uniqueItems: true }),
      gateways: list(
        matching(
          '^(?:mesh|(?:[a-z0-9][-a-z0-9]{0,62}/)?[a-z0-9][-a-z0-9]{0,62})$',
          'the name of a Gateway, perhaps with its namespace',
        ),
      ),
      http: list(ref('httpRoute')),
      tls: list(closed({ match: list(tlsMatch), route: weighted({}) }, ['match', 'route'])),
      tcp: list(closed({ match: list(tcpMatch), route: weighted({}) }, ['route'])),
      exportTo,
    },
    ['hosts', 'gateways'],
    {
      anyOf: ['http', 'tls', 'tcp'].map((field) => ({ required: [field] })),
      description: 'an object with http, tls or tcp',
    },
  ),
  {
    stringMatch: nonEmptyMatch,
    // An empty object asks for presence.
    headerMatch: closed({ exact: anyText, prefix: text, regex: text }, [], { maxProperties: 1 }),
    httpRoute,
    httpMatch,
    redirect,
    corsPolicy,
    destination,
    headers: closed({ request: ref('requestHeaders'), response: ref('responseHeaders') }),
    requestHeaders: closed({
      set: map(headerValue, requestHeader),
      add: map(headerValue, requestHeader),
      remove: list(otherHeader),
    }),
    responseHeaders: closed({
      set: map(headerValue, otherHeader),
      add: map(headerValue, otherHeader),
      remove: list(otherHeader),
    }),
  },
);
