import { describe, expect, it } from 'vitest';
import { defaultOptions } from '../../../src/domain/options.ts';
import {
  codesOf,
  convertYaml,
  filters,
  input,
  messagesOf,
  objectsOf,
  parity,
  patchesOf,
  routesOf,
  statusOf,
} from '../convert.ts';

const forwarded = defaultOptions;
const bare = { ...defaultOptions, forwardedHeaders: false };

function configMap(name: string, data: Readonly<Record<string, string>>): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'demo' },
    data,
  });
}

describe('what nginx tells upstreams of the client', () => {
  it('is left out with --no-forwarded-headers', () => {
    const conversion = convertYaml(input([{}]), bare);
    expect(routesOf(conversion)[0]?.headers?.request).toBeUndefined();
    expect(codesOf(conversion)).toEqual(
      expect.arrayContaining(['platform/forwarded-headers', 'platform/proxy-header']),
    );
  });

  it('is set on every route, and the port follows the scheme', () => {
    const conversion = convertYaml(
      input([{ tls: true, annotations: { 'ssl-redirect': 'false' } }]),
      forwarded,
    );
    expect(codesOf(conversion)).not.toContain('platform/forwarded-headers');
    const [secure, plain] = routesOf(conversion);
    expect([secure?.name, plain?.name]).toEqual(['root.secure', 'root']);
    expect(secure?.headers?.request).toEqual({
      set: {
        'x-forwarded-for': '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
        'x-forwarded-host': '%REQ(:AUTHORITY)%',
        'x-forwarded-port': '443',
        'x-forwarded-scheme': '%REQ(X-FORWARDED-PROTO)%',
        'x-original-forwarded-host': '%REQ(X-Forwarded-Host)%',
        'x-real-ip': '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
        'x-scheme': '%REQ(X-FORWARDED-PROTO)%',
      },
      remove: ['proxy', 'x-original-forwarded-for'],
    });
    expect(plain?.headers?.request?.set?.['x-forwarded-port']).toBe('80');
  });

  it('keeps the X-Forwarded-For and X-Request-ID of the client only with EnvoyFilters', () => {
    const conversion = convertYaml(input([{}]), parity);
    expect(patchesOf(conversion, 'original-forwarded-for')).toMatchObject([
      { applyTo: 'NETWORK_FILTER', patch: { operation: 'MERGE' } },
    ]);
    expect(patchesOf(conversion, 'request-id')).toMatchObject([
      { patch: { value: { typed_config: { preserve_external_request_id: true } } } },
    ]);
    expect(codesOf(conversion)).not.toContain('platform/request-id');
    expect(codesOf(conversion)).not.toContain('platform/original-forwarded-headers');
  });

  it.each([
    [{}, true],
    [{ 'enable-underscores-in-headers': 'true' }, false],
    [{ 'ignore-invalid-headers': 'false' }, false],
  ])('drops headers with underscores as nginx does: %j', (config, drops) => {
    const text = input([{}], { hsts: 'true', ...config });
    expect(patchesOf(convertYaml(text, filters), 'underscore-headers')).toHaveLength(drops ? 1 : 0);
    expect(codesOf(convertYaml(text)).includes('platform/underscore-headers')).toBe(drops);
  });
});

describe('a controller behind a proxy', () => {
  const text = input([{ tls: true }], { 'use-forwarded-headers': 'true' });

  it('has the mesh count its proxies, and says so once', () => {
    const conversion = convertYaml(text);
    expect(objectsOf(conversion, 'MeshConfig').map(({ spec }) => spec)).toEqual([
      { defaultConfig: { gatewayTopology: { numTrustedProxies: 1 } } },
    ]);
    expect(conversion.steps.filter(({ kind }) => kind === 'mesh-config')).toHaveLength(1);
    expect(messagesOf(conversion, 'headers/trusted-proxies')).toHaveLength(1);
  });

  it('redirects by what the proxy says of the scheme, so that a proxy which ends TLS is not sent in circles', () => {
    const redirects = routesOf(convertYaml(text)).filter((route) => route.redirect !== undefined);
    const matches = redirects.flatMap(({ match }) => match ?? []);
    expect(matches.length).toBeGreaterThan(0);
    for (const { headers } of matches) expect(headers).toEqual({ 'x-forwarded-proto': { exact: 'http' } });
  });

  it('believes its host and port, and adds a port where it names none', () => {
    const conversion = convertYaml(text, parity);
    expect(patchesOf(conversion, 'forwarded-host')).not.toEqual([]);
    expect(patchesOf(conversion, 'forwarded-port')).toHaveLength(2);
    const sent = routesOf(conversion).find((route) => route.route !== undefined)?.headers?.request;
    expect(sent?.set?.['x-forwarded-host']).toBe('%REQ(X-Forwarded-Host?:AUTHORITY)%');
    expect(sent?.set).not.toHaveProperty('x-forwarded-port');
  });

  it('may send the whole chain', () => {
    const full = input([{}], { 'use-forwarded-headers': 'true', 'compute-full-forwarded-for': 'true' });
    expect(routesOf(convertYaml(full, forwarded))[0]?.headers?.request?.set).not.toHaveProperty(
      'x-forwarded-for',
    );
  });

  it('may speak the proxy protocol', () => {
    const conversion = convertYaml(input([{}], { 'use-proxy-protocol': 'true' }));
    expect(objectsOf(conversion, 'MeshConfig')).toMatchObject([
      { spec: { defaultConfig: { gatewayTopology: { proxyProtocol: {} } } } },
    ]);
  });
});

describe('HSTS', () => {
  it.each([
    [{ hsts: 'true' }, 'max-age=31536000; includeSubDomains'],
    [{ 'hsts-max-age': '60', 'hsts-include-subdomains': 'false' }, 'max-age=60'],
    [{ 'hsts-preload': 'true' }, 'max-age=31536000; includeSubDomains; preload'],
    [{ hsts: 'false' }, undefined],
  ])('%j', (config, value) => {
    const routes = routesOf(convertYaml(input([{ tls: true }], config)));
    const secure = routes.find((route) => route.route !== undefined);
    expect(secure?.headers?.response?.set?.['strict-transport-security']).toBe(value);
    expect(routes.find((route) => route.redirect)?.headers).toBeUndefined();
  });
});

describe('custom-headers', () => {
  const annotated = input([{ annotations: { 'custom-headers': 'demo/extra' } }], {
    'global-allowed-response-headers': 'X-One,X-Two,X-None',
  });

  it('sets the entries of the ConfigMap, with % as it stands, and takes away those that are empty', () => {
    const text = `${annotated}\n---\n${configMap('extra', { 'X-One': '50%', 'X-None': '' })}`;
    const conversion = convertYaml(text);
    expect(routesOf(conversion)[0]?.headers?.response).toEqual({
      set: { 'x-one': '50%%' },
      remove: ['x-none'],
    });
    expect(statusOf(conversion, 'custom-headers')).toBe('converted');
  });

  it('has none on a location that nginx denies', () => {
    const conversion = convertYaml(`${annotated}\n---\n${configMap('extra', { 'X-Three': '3' })}`);
    expect(routesOf(conversion)).toMatchObject([{ directResponse: { status: 503 } }]);
    expect(JSON.stringify(routesOf(conversion))).not.toContain('x-three');
  });
});

describe('upstream-vhost', () => {
  it.each([
    ['internal.example.net', { authority: 'internal.example.net' }, 'converted'],
    ['$service_name.$namespace.internal', { authority: 'web.demo.internal' }, 'converted'],
    ['$http_host', undefined, 'converted'],
    ['$http_x_vhost', undefined, 'opt-in'],
    ['$upstream_addr', undefined, 'manual'],
  ])('%s', (value, rewrite, status) => {
    const conversion = convertYaml(input([{ annotations: { 'upstream-vhost': value } }]));
    expect(routesOf(conversion)[0]?.rewrite).toEqual(rewrite);
    expect(statusOf(conversion, 'upstream-vhost')).toBe(status);
    expect(codesOf(conversion).includes('headers/upstream-vhost-variable')).toBe(status !== 'converted');
  });

  it('takes a header with EnvoyFilters', () => {
    const conversion = convertYaml(input([{ annotations: { 'upstream-vhost': '$http_x_vhost' } }]), filters);
    expect(patchesOf(conversion, 'upstream-host')).toMatchObject([
      { patch: { value: { route: { host_rewrite_header: 'x-vhost' } } } },
    ]);
  });
});

describe("the headers of the controller's ConfigMaps", () => {
  const config = { 'add-headers': 'demo/resp', 'proxy-set-headers': 'demo/req', 'hide-headers': 'X-A, x-b' };
  const text = (resp: Record<string, string>, req: Record<string, string>) =>
    [input([{}], config), configMap('resp', resp), configMap('req', req)].join('\n---\n');

  it('are on every route, with variables', () => {
    const conversion = convertYaml(text({ 'X-G': 'a $host' }, { 'X-S': '$remote_addr' }), bare);
    expect(routesOf(conversion)[0]?.headers).toEqual({
      request: { set: { 'x-s': '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%' } },
      response: { set: { 'x-g': 'a a.example.com' }, remove: ['x-a', 'x-b'] },
    });
  });

  it('tell of what cannot be written, and of what nginx sends twice', () => {
    const conversion = convertYaml(text({ 'X-G': '$request_completion' }, { Host: 'x', 'X-S': 's' }), bare);
    expect(messagesOf(conversion, 'headers/global-variable')).toEqual([
      expect.stringContaining('$request_completion'),
    ]);
    expect(messagesOf(conversion, 'headers/sent-twice')).toHaveLength(1);
    expect(routesOf(conversion)[0]?.headers?.request).toEqual({ set: { 'x-s': 's' } });
  });
});
