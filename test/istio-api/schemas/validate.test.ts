import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { validatorsFile, validatorsSource } from '../../../scripts/istio-schemas.ts';
import { schemas } from '../../../src/istio-api/schemas/kinds.ts';
import { validateObject } from '../../../src/istio-api/schemas/validate.ts';
import { changed, valid } from './objects.ts';

describe('validateObject', () => {
  it.each(Object.entries(valid))('takes a full %s', (_, object) =>
    expect(validateObject(object)).toEqual([]),
  );

  it('knows every kind of the table', () => {
    expect(
      Object.values(valid)
        .map((object) => object.kind)
        .sort(),
    ).toEqual(Object.keys(schemas()).sort());
  });

  it('takes the older versions of the networking kinds', () => {
    for (const version of ['v1beta1', 'v1alpha3']) {
      expect(
        validateObject({ ...valid.virtualService, apiVersion: `networking.istio.io/${version}` }),
      ).toEqual([]);
    }
  });

  const http = 'spec/http/0';
  const server = 'spec/servers/1';
  it.each<[keyof typeof valid, path: string, value: unknown, problem: string]>([
    ['gateway', 'kind', 'Ingress', 'kind must be a kind that is written here'],
    ['gateway', 'apiVersion', 'networking.istio.io/v2', 'apiVersion must be one of'],
    [
      'gateway',
      'metadata/name',
      'a'.repeat(64),
      'metadata.name must be a DNS label of at most 63 characters',
    ],
    ['gateway', 'metadata/name', 'a.b', 'metadata.name must be a DNS label'],
    ['gateway', 'metadata/name', undefined, 'metadata must have the field `name`'],
    ['gateway', 'metadata/labels', { 'a b': 'c' }, 'metadata.labels must not have the key `a b`'],
    ['gateway', 'metadata/labels', { a: 'b c' }, 'metadata.labels.a must be a label value'],
    ['gateway', 'status', {}, ' must not have the field `status`'],
    ['gateway', 'spec/servers', [], 'spec.servers must be not empty'],
    ['gateway', `${server}/port/number`, 70000, 'spec.servers[1].port.number must be <= 65535'],
    ['gateway', `${server}/port/number`, '443', 'spec.servers[1].port.number must be of the type integer'],
    [
      'gateway',
      `${server}/port/targetPort`,
      443,
      'spec.servers[1].port must not have the field `targetPort`',
    ],
    ['gateway', `${server}/hosts`, ['a_b.example.com'], 'spec.servers[1].hosts[0] must be a host name'],
    ['gateway', `${server}/hosts`, ['a*.example.com'], 'spec.servers[1].hosts[0] must be a host name'],
    [
      'gateway',
      `${server}/hosts`,
      ['a.b', 'a.b'],
      'spec.servers[1].hosts must be a list without repeated entries',
    ],
    ['gateway', `${server}/tls`, undefined, 'spec.servers[1] must have the field `tls`'],
    [
      'gateway',
      `${server}/tls/credentialName`,
      undefined,
      'spec.servers[1].tls must have the field `credentialName`',
    ],
    [
      'gateway',
      `${server}/tls/credentialName`,
      'shop/tls',
      'spec.servers[1].tls.credentialName must be a DNS name',
    ],
    [
      'gateway',
      'spec/servers/0/tls',
      { mode: 'SIMPLE', credentialName: 'a' },
      'spec.servers[0].tls must be without mode',
    ],
    [
      'gateway',
      'spec/servers/2/tls/credentialName',
      'a',
      'spec.servers[2].tls must be without credentialName',
    ],
    ['virtualService', 'spec/hosts', ['http://shop'], 'spec.hosts[0] must be a host name'],
    ['virtualService', 'spec/gateways', ['a.b'], 'spec.gateways[0] must be the name of a Gateway'],
    [
      'virtualService',
      `${http}/redirect`,
      { uri: '/' },
      'spec.http[0] must be an object with exactly one of route, redirect',
    ],
    [
      'virtualService',
      `${http}/route`,
      undefined,
      'spec.http[0] must be an object with exactly one of route, redirect',
    ],
    ['virtualService', `${http}/name`, undefined, 'spec.http[0] must have the field `name`'],
    ['virtualService', `${http}/timeout`, '0s', 'spec.http[0].timeout must be a duration of at least 1ms'],
    ['virtualService', `${http}/timeout`, '0.0s', 'spec.http[0].timeout must be a duration of at least 1ms'],
    [
      'virtualService',
      `${http}/timeout`,
      '0.0005s',
      'spec.http[0].timeout must be a duration of at least 1ms',
    ],
    ['virtualService', `${http}/timeout`, '30', 'spec.http[0].timeout must be a duration of at least 1ms'],
    [
      'virtualService',
      `${http}/match/0/uri`,
      {},
      'spec.http[0].match[0].uri must be an object with exactly one of',
    ],
    [
      'virtualService',
      `${http}/match/0/uri`,
      { exact: '/', prefix: '/' },
      'spec.http[0].match[0].uri must be an object with exactly',
    ],
    [
      'virtualService',
      `${http}/match/0/uri`,
      { regex: '' },
      'spec.http[0].match[0].uri.regex must be not empty',
    ],
    [
      'virtualService',
      `${http}/match/0/method`,
      { prefix: '' },
      'spec.http[0].match[0].method.prefix must be not empty',
    ],
    [
      'virtualService',
      `${http}/match/0/headers`,
      { 'a b': {} },
      'must not have the key `a b`, which is not a header name',
    ],
    [
      'virtualService',
      `${http}/match/0/headers`,
      { a: { present: true } },
      'headers.a must not have the field `present`',
    ],
    ['virtualService', `${http}/headers/request/set`, { ':path': 'x' }, 'must not have the key `:path`'],
    ['virtualService', `${http}/headers/request/set`, { 'x y': 'x' }, 'must not have the key `x y`'],
    [
      'virtualService',
      `${http}/headers/request/set`,
      { x: 'a\nb' },
      'set.x must be a header value without control characters',
    ],
    ['virtualService', `${http}/headers/response/set`, { Host: 'x' }, 'must not have the key `Host`'],
    [
      'virtualService',
      `${http}/headers/request/remove`,
      ['host'],
      'remove[0] must be the name of a header other than Host',
    ],
    ['virtualService', `${http}/route/0/weight`, -1, 'spec.http[0].route[0].weight must be >= 0'],
    ['virtualService', `${http}/route/0/destination/host`, '', 'destination.host must be a host name'],
    [
      'virtualService',
      `${http}/route/0/destination/port`,
      { number: 0 },
      'destination.port.number must be >= 1',
    ],
    [
      'virtualService',
      `${http}/rewrite/uri`,
      '/',
      'spec.http[0].rewrite must be an object with at most one of uri',
    ],
    [
      'virtualService',
      `${http}/retries`,
      { attempts: 0, retryOn: '5xx' },
      'spec.http[0].retries must be an object with only attempts',
    ],
    [
      'virtualService',
      `${http}/corsPolicy/allowMethods`,
      ['FETCH'],
      'allowMethods[0] must be one of GET, HEAD',
    ],
    [
      'virtualService',
      `${http}/corsPolicy/maxAge`,
      '0s',
      'corsPolicy.maxAge must be a duration of at least 1s',
    ],
    [
      'virtualService',
      'spec/http/1/redirect/redirectCode',
      304,
      'redirectCode must be a code that Envoy redirects with',
    ],
    [
      'virtualService',
      'spec/http/1/redirect',
      { redirectCode: 301 },
      'redirect must be an object with uri, authority, port or scheme',
    ],
    ['virtualService', 'spec/http/1/redirect/scheme', 'ftp', 'redirect.scheme must be one of http, https'],
    [
      'virtualService',
      'spec/http/1/rewrite',
      { uri: '/' },
      'spec.http[1] must not have the field `rewrite` without `route`',
    ],
    ['virtualService', 'spec/http/2/directResponse/status', 600, 'directResponse.status must be <= 599'],
    [
      'destinationRule',
      'spec/trafficPolicy/loadBalancer/consistentHash',
      { useSourceIp: true },
      'at most one of simple',
    ],
    [
      'destinationRule',
      'spec/trafficPolicy/loadBalancer',
      { simple: 'LEAST_CONN' },
      'loadBalancer.simple must be one of',
    ],
    [
      'destinationRule',
      'spec/trafficPolicy/portLevelSettings/0/tls',
      { mode: 'MUTUAL' },
      'tls must have the field `credentialName`',
    ],
    [
      'destinationRule',
      'spec/trafficPolicy/portLevelSettings/0/loadBalancer/consistentHash',
      {},
      'with exactly one of httpHeaderName',
    ],
    ['serviceEntry', 'spec/hosts', ['*'], 'spec.hosts must be'],
    ['serviceEntry', 'spec/resolution', 'NONE', 'spec must be without endpoints where resolution is NONE'],
    [
      'envoyFilter',
      'spec/workloadSelector',
      undefined,
      'spec must be an object with exactly one of workloadSelector',
    ],
    ['envoyFilter', 'spec/configPatches/0/patch/value', undefined, 'patch must have the field `value`'],
    [
      'envoyFilter',
      'spec/configPatches/0/match/routeConfiguration',
      {},
      'match must be an object with at most one of listener',
    ],
    [
      'authorizationPolicy',
      'spec/selector',
      undefined,
      'spec must be an object with exactly one of selector',
    ],
    ['authorizationPolicy', 'spec/action', 'CUSTOM', 'spec must have the field `provider`'],
    ['authorizationPolicy', 'spec/rules/0/from/0/source', {}, 'source must be not empty'],
    [
      'authorizationPolicy',
      'spec/rules/0/from/0/source/ipBlocks',
      ['example.com'],
      'ipBlocks[0] must be an IP address',
    ],
    ['authorizationPolicy', 'spec/rules/0/to/0/operation/paths', [''], 'paths[0] must be not empty'],
    ['kustomization', 'resources', ['../secret.yaml'], 'resources[0] must be a file inside of the directory'],
    ['kustomization', 'resources', ['/etc/passwd'], 'resources[0] must be a file inside of the directory'],
    [
      'destinationRule',
      'spec/trafficPolicy/portLevelSettings/0/tls/insecureSkipVerify',
      true,
      'tls must be without credentialName and subjectAltNames',
    ],
  ])('%s with %s = %j', (name, path, value, problem) => {
    const problems = validateObject(changed(valid[name], path, value));
    expect(problems.map(({ path, message }) => `${path} ${message}`).join('\n')).toContain(problem);
  });

  it('refuses weights that are all zero', () => {
    const zero = { destination: { host: 'a' }, weight: 0 };
    const problems = validateObject(changed(valid.virtualService, 'spec/http/0/route', [zero, zero]));
    expect(problems).toEqual([
      { path: 'spec.http[0].route', message: 'must be a list of which one weight at least is not 0' },
    ]);
  });

  it("takes every way to set the request's host", () => {
    for (const name of ['Host', 'host', ':authority']) {
      const set = { [name]: 'web' };
      expect(
        validateObject(changed(valid.virtualService, 'spec/http/3/headers', { request: { set } })),
      ).toEqual([]);
    }
  });

  it('tells each problem once', () => {
    const problems = validateObject(changed(valid.virtualService, 'spec/http/0/timeout', '0s'));
    expect(problems).toHaveLength(1);
  });
});

it('the compiled validators are those of the schemas', () => {
  expect(
    readFileSync(validatorsFile, 'utf8') === validatorsSource(),
    'run npx tsx scripts/istio-schemas.ts',
  ).toBe(true);
});

it('the compiled validators are a module of their own', () => {
  expect(/\brequire\(/.test(validatorsSource())).toBe(false);
});
