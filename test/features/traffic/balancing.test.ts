import { expect, test } from 'vitest';
import { codesOf, convertYaml, objectsOf, routesOf, statusOf } from '../convert.ts';
import { clusterYaml } from '../upstreams.ts';

const web = (annotations: Record<string, string>, config: Record<string, string> = {}) =>
  clusterYaml({ ingresses: [{ name: 'web', to: [{ service: 'web' }], annotations }], config });

function policies(yaml: string): unknown[] {
  return objectsOf(convertYaml(yaml), 'DestinationRule').flatMap(({ spec }) =>
    (spec as { subsets: { trafficPolicy: unknown }[] }).subsets.map(({ trafficPolicy }) => trafficPolicy),
  );
}

test.each([
  ['round_robin', 'ROUND_ROBIN'],
  ['ewma', 'LEAST_REQUEST'],
])('load-balance %s', (algorithm, simple) => {
  expect(policies(web({ 'load-balance': algorithm }))).toEqual([{ loadBalancer: { simple } }]);
  expect(policies(web({}, { 'load-balance': algorithm }))).toEqual([{ loadBalancer: { simple } }]);
});

test('nothing is said where nothing is written', () => {
  expect(policies(web({}))).toEqual([]);
});

test('an algorithm that hashes needs a key', () => {
  const conversion = convertYaml(web({ 'load-balance': 'chash' }));
  expect(codesOf(conversion)).toContain('load-balance/no-key');
  expect(statusOf(conversion, 'load-balance')).toBe('manual');
});

test.each([
  ['$request_uri', { httpHeaderName: ':path' }],
  ['$' + '{uri}', { httpHeaderName: ':path' }],
  ['$host', { httpHeaderName: ':authority' }],
  ['$http_x_user_id', { httpHeaderName: 'x-user-id' }],
  ['$arg_user', { httpQueryParameterName: 'user' }],
  ['$cookie_user', { httpCookie: { name: 'user' } }],
  ['$binary_remote_addr', { useSourceIp: true }],
])('upstream-hash-by %s', (key, consistentHash) => {
  const yaml = web({ 'upstream-hash-by': key, 'load-balance': 'ewma' });
  expect(policies(yaml)).toEqual([{ loadBalancer: { consistentHash } }]);
  expect(statusOf(convertYaml(yaml), 'load-balance')).toBe('no-effect-today');
});

test.each(['$request_uri$host', 'text', '$constructor', '$connection'])('%s cannot be hashed', (key) => {
  const conversion = convertYaml(web({ 'upstream-hash-by': key }));
  expect(objectsOf(conversion, 'DestinationRule')).toEqual([]);
  expect(codesOf(conversion)).toContain('upstream-hash/not-hashable');
  expect(statusOf(conversion, 'upstream-hash-by')).toBe('manual');
});

test('a rewritten path and a group of pods are told', () => {
  const conversion = convertYaml(
    web({ 'upstream-hash-by': '$uri', 'upstream-hash-by-subset': 'true', 'rewrite-target': '/new' }),
  );
  expect(codesOf(conversion)).toEqual(
    expect.arrayContaining(['upstream-hash/rewritten-path', 'upstream-hash/subset']),
  );
});

test('the first Ingress of a Service decides for all', () => {
  const conversion = convertYaml(
    clusterYaml({
      ingresses: [
        { name: 'first', to: [{ service: 'web' }], annotations: { 'upstream-hash-by': '$host' } },
        {
          name: 'second',
          host: 'b.example.com',
          to: [{ service: 'web' }],
          annotations: { 'load-balance': 'ewma' },
        },
      ],
    }),
  );
  const subsets = ['a.example.com', 'b.example.com'].map(
    (host) => routesOf(conversion, host)[0]?.route?.[0]?.destination.subset,
  );
  expect(subsets).toEqual(['hash', 'hash']);
  expect(statusOf(conversion, 'load-balance')).toBe('no-effect-today');
});

test('connection-proxy-header close is one request for each connection', () => {
  const closing = web({ 'connection-proxy-header': 'close' });
  expect(policies(closing)).toEqual([{ connectionPool: { http: { maxRequestsPerConnection: 1 } } }]);
  expect(codesOf(convertYaml(closing))).toContain('connection/websockets');
  expect(policies(web({ 'connection-proxy-header': 'keep-alive' }))).toEqual([]);
});
