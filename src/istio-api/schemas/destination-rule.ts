import {
  anyText,
  atMostOne,
  closed,
  count,
  dnsLabel,
  dnsName,
  duration,
  durationOrZero,
  exactlyOne,
  exportTo,
  flag,
  kindSchema,
  labels,
  list,
  networking,
  oneOf,
  port,
  ref,
  type Schema,
  text,
  texts,
  wildcardHost,
  workloadSelector,
} from './shapes.ts';

const consistentHash: Schema = {
  ...closed({
    httpHeaderName: text,
    httpQueryParameterName: text,
    useSourceIp: flag,
    httpCookie: closed(
      {
        name: text,
        path: anyText,
        ttl: durationOrZero,
        attributes: list(closed({ name: text, value: anyText }, ['name'])),
      },
      ['name'],
    ),
    ringHash: closed({ minimumRingSize: count }),
    maglev: closed({ tableSize: { type: 'integer', minimum: 2, maximum: 5000010 } }),
  }),
  allOf: [
    exactlyOne('httpHeaderName', 'httpQueryParameterName', 'useSourceIp', 'httpCookie'),
    atMostOne('ringHash', 'maglev'),
  ],
};

const warmup = closed(
  {
    duration,
    minimumPercent: { type: 'number', minimum: 0, maximum: 100 },
    aggression: { type: 'number', exclusiveMinimum: 0 },
  },
  ['duration'],
);

const loadBalancer: Schema = {
  ...closed({
    simple: oneOf('ROUND_ROBIN', 'LEAST_REQUEST', 'RANDOM', 'PASSTHROUGH'),
    consistentHash,
    warmup,
  }),
  ...atMostOne('simple', 'consistentHash'),
};

const connectionPool: Schema = {
  ...closed({
    tcp: closed({
      maxConnections: count,
      connectTimeout: duration,
      maxConnectionDuration: duration,
      idleTimeout: durationOrZero,
      tcpKeepalive: closed({ probes: count, time: duration, interval: duration }),
    }),
    http: closed(
      {
        http1MaxPendingRequests: count,
        http2MaxRequests: count,
        maxRequestsPerConnection: count,
        maxRetries: count,
        idleTimeout: duration,
        h2UpgradePolicy: oneOf('DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE'),
        useClientProtocol: flag,
        maxConcurrentStreams: count,
      },
      [],
      {
        not: {
          properties: { h2UpgradePolicy: { const: 'UPGRADE' }, useClientProtocol: { const: true } },
          required: ['h2UpgradePolicy', 'useClientProtocol'],
        },
        description: 'without useClientProtocol where h2UpgradePolicy is UPGRADE',
      },
    ),
  }),
  minProperties: 1,
};

const share: Schema = { type: 'integer', minimum: 0, maximum: 100 };
const outlierDetection = closed({
  splitExternalLocalOriginErrors: flag,
  consecutiveLocalOriginFailures: count,
  consecutiveGatewayErrors: count,
  consecutive5xxErrors: count,
  interval: duration,
  baseEjectionTime: duration,
  maxEjectionPercent: share,
  minHealthPercent: share,
});

const tls: Schema = {
  ...closed(
    {
      mode: oneOf('DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'),
      credentialName: dnsName,
      sni: text,
      subjectAltNames: texts,
      insecureSkipVerify: flag,
    },
    ['mode'],
  ),
  allOf: [
    {
      if: { properties: { mode: { const: 'MUTUAL' } }, required: ['mode'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ['credentialName'] },
    },
    {
      if: { properties: { insecureSkipVerify: { const: true } }, required: ['insecureSkipVerify'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: {
        not: { anyOf: [{ required: ['credentialName'] }, { required: ['subjectAltNames'] }] },
        description: 'without credentialName and subjectAltNames where insecureSkipVerify is true',
      },
    },
  ],
};

const policy: Record<string, Schema> = {
  loadBalancer: ref('loadBalancer'),
  connectionPool: ref('connectionPool'),
  outlierDetection: ref('outlierDetection'),
  tls: ref('tls'),
};

export const destinationRule = kindSchema(
  'DestinationRule',
  networking,
  closed(
    {
      host: wildcardHost,
      trafficPolicy: ref('trafficPolicy'),
      subsets: list(closed({ name: dnsLabel, labels, trafficPolicy: ref('trafficPolicy') }, ['name'])),
      exportTo,
      workloadSelector,
    },
    ['host'],
  ),
  {
    loadBalancer,
    connectionPool,
    outlierDetection,
    tls,
    trafficPolicy: closed(
      {
        ...policy,
        portLevelSettings: list(closed({ port: closed({ number: port }, ['number']), ...policy }, ['port'])),
        proxyProtocol: closed({ version: oneOf('V1', 'V2') }),
      },
      [],
      { minProperties: 1 },
    ),
  },
);
