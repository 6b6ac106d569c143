import type { KindRules } from '../crd.ts';
import {
  anyText,
  atMostOne,
  dnsLabel,
  dnsName,
  duration,
  durationOrZero,
  exactlyOne,
  oneOf,
  port,
  type Schema,
  wildcardHost,
} from '../shapes.ts';

const share: Schema = { type: 'integer', minimum: 0, maximum: 100 };

/** What istiod's validation refuses (istio.io/istio, pkg/config/validation), and values that Istio gave up. */
export const destinationRule: KindRules = {
  rules: {
    host: wildcardHost,
    'subsets[].name': dnsLabel,
    trafficPolicy: { minProperties: 1 },
    'portLevelSettings[]': { required: ['port'] },
    'port.number': port,
    'portLevelSettings[].port': { required: ['number'] },
    loadBalancer: atMostOne('simple', 'consistentHash'),
    // LEAST_CONN was given up in favour of LEAST_REQUEST.
    'loadBalancer.simple': oneOf('ROUND_ROBIN', 'LEAST_REQUEST', 'RANDOM', 'PASSTHROUGH'),
    consistentHash: {
      allOf: [
        exactlyOne('httpHeaderName', 'httpQueryParameterName', 'useSourceIp', 'httpCookie'),
        atMostOne('ringHash', 'maglev'),
      ],
    },
    httpCookie: { required: ['name'] },
    'httpCookie.path': anyText,
    'httpCookie.ttl': durationOrZero,
    'attributes[]': { required: ['name'] },
    'attributes[].value': anyText,
    'maglev.tableSize': { type: 'integer', minimum: 2, maximum: 5000010 },
    warmup: { required: ['duration'] },
    'warmup.duration': duration,
    'warmup.minimumPercent': { type: 'number', minimum: 0, maximum: 100 },
    'warmup.aggression': { type: 'number', exclusiveMinimum: 0 },
    connectionPool: { minProperties: 1 },
    connectTimeout: duration,
    maxConnectionDuration: duration,
    'tcp.idleTimeout': durationOrZero,
    'http.idleTimeout': duration,
    'tcpKeepalive.time': duration,
    'tcpKeepalive.interval': duration,
    'connectionPool.http': {
      not: {
        properties: { h2UpgradePolicy: { const: 'UPGRADE' }, useClientProtocol: { const: true } },
        required: ['h2UpgradePolicy', 'useClientProtocol'],
      },
      description: 'without useClientProtocol where h2UpgradePolicy is UPGRADE',
    },
    'outlierDetection.interval': duration,
    baseEjectionTime: duration,
    maxEjectionPercent: share,
    minHealthPercent: share,
    'tls.credentialName': dnsName,
    tls: {
      required: ['mode'],
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
    },
  },
};
