import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defaultOptions } from '../../../src/domain/options.ts';
import {
  codesOf,
  convertYaml,
  filters,
  input,
  objectsOf,
  patchesOf,
  routesOf,
  statusOf,
} from '../convert.ts';

const asking = { 'auth-tls-secret': 'demo/ca' };

const certificate = readFileSync(new URL('../../conformance/default.crt', import.meta.url)).toString(
  'base64',
);

function secret(name: string, keys: readonly string[]): string {
  const data = Object.fromEntries(keys.map((key) => [key, certificate]));
  return JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'demo' }, data });
}

function host(
  annotations: Readonly<Record<string, string>>,
  caKeys: readonly string[] = ['ca.crt'],
  tls = true,
): string {
  return [
    input([{ annotations, tls }]),
    secret('ca', caKeys),
    // Without data, as `kubectl get` of metadata alone gives it: it is taken for the host's.
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'cert', namespace: 'demo' },
      type: 'kubernetes.io/tls',
    }),
  ].join('\n---\n');
}

function tlsOf(conversion: ReturnType<typeof convertYaml>): { mode?: string; credentialName?: string } {
  const servers = objectsOf(conversion, 'Gateway')
    .filter(({ metadata }) => metadata.name === 'a-example-com')
    .flatMap(({ spec }) => (spec as { servers: { tls?: object }[] }).servers);
  return servers.find(({ tls }) => tls !== undefined)?.tls ?? {};
}

describe('with the stable API', () => {
  test.each([
    ['on', 'MUTUAL'],
    ['optional', 'OPTIONAL_MUTUAL'],
    ['optional_no_ca', 'OPTIONAL_MUTUAL'],
    ['off', 'SIMPLE'],
  ])('verify-client %s is %s', (value, mode) => {
    const conversion = convertYaml(host({ ...asking, 'auth-tls-verify-client': value }));
    expect(tlsOf(conversion)).toMatchObject({ mode, credentialName: 'demo-cert' });
    expect(codesOf(conversion).includes('auth-tls/handshake')).toBe(value !== 'off');
    expect(codesOf(conversion).includes('auth-tls/unknown-authority')).toBe(value === 'optional_no_ca');
  });

  test('the CA is copied beside the certificate, with its list of revoked ones', () => {
    const { secretCopies } = convertYaml(host(asking, ['ca.crl', 'ca.crt', 'tls.key']));
    expect(secretCopies).toContainEqual({
      from: { namespace: 'demo', name: 'ca' },
      to: { namespace: 'istio-system', name: 'demo-cert-cacert' },
      keys: { 'ca.crt': 'ca.crt', 'ca.crl': 'ca.crl' },
    });
  });

  test('the application hears of the certificate over HTTPS, and nothing that a client wrote', () => {
    const conversion = convertYaml(host({ ...asking, 'auth-tls-pass-certificate-to-upstream': 'true' }));
    const forwarded = routesOf(conversion).filter(({ route }) => route !== undefined);
    expect(forwarded).toHaveLength(1);
    expect(forwarded[0]?.headers?.request).toMatchObject({
      set: {
        'ssl-client-verify': 'SUCCESS',
        'ssl-client-subject-dn': '%DOWNSTREAM_PEER_SUBJECT%',
        'ssl-client-issuer-dn': '%DOWNSTREAM_PEER_ISSUER%',
        'ssl-client-cert': '%DOWNSTREAM_PEER_CERT%',
      },
      remove: expect.arrayContaining(['x-forwarded-client-cert']),
    });
  });

  test('a pattern for the subject closes HTTPS, and plain HTTP answers 403 as in nginx', () => {
    const conversion = convertYaml(host({ ...asking, 'auth-tls-match-cn': 'CN=.*app' }));
    expect(routesOf(conversion).map(({ directResponse }) => directResponse?.status)).toEqual([403, 503]);
    expect(codesOf(conversion)).toContain('auth-tls/closed');
    expect(statusOf(conversion, 'auth-tls-match-cn')).toBe('closed');
  });

  test('depth and error page need EnvoyFilters', () => {
    const conversion = convertYaml(
      host({ ...asking, 'auth-tls-verify-depth': '3', 'auth-tls-error-page': 'https://e.example.com/x' }),
    );
    expect(codesOf(conversion)).toEqual(
      expect.arrayContaining(['auth-tls/error-page', 'auth-tls/verify-depth']),
    );
    expect(statusOf(conversion, 'auth-tls-verify-depth')).toBe('opt-in');
    expect(statusOf(conversion, 'auth-tls-error-page')).toBe('opt-in');
  });

  test('a Gateway that is not ours closes HTTPS', () => {
    const gateway = { ...defaultOptions.gateway, existing: 'infra/shared' };
    const conversion = convertYaml(host(asking), { ...defaultOptions, gateway });
    expect(codesOf(conversion)).toContain('auth-tls/closed');
    expect(routesOf(conversion).some(({ route }) => route !== undefined)).toBe(false);
  });
});

describe('with EnvoyFilters', () => {
  test('a route answers as nginx, and without its filter takes every request', () => {
    const conversion = convertYaml(host({ ...asking, 'auth-tls-verify-depth': '2' }), filters);
    expect(tlsOf(conversion).mode).toBe('OPTIONAL_MUTUAL');
    const [refusal] = routesOf(conversion);
    expect(refusal?.directResponse?.status).toBe(400);
    expect(refusal?.match).toEqual([{ headers: { ':path': { prefix: '/' } }, port: 443 }]);
    const [match, chain] = patchesOf(conversion, '-com-client-certificates') as { patch: object }[];
    expect(match?.patch).toMatchObject({ value: { match: { tls_context: { validated: false } } } });
    expect(JSON.stringify(chain)).toContain('"max_verify_depth":2');
    expect(JSON.stringify(chain)).toContain('"disable_stateless_session_resumption":true');
    expect(codesOf(conversion)).not.toContain('auth-tls/handshake');
  });

  test.each([
    ['https://e.example.com/50%25', { status: 302, location: 'https://e.example.com/50%25' }],
    ['/denied', { status: 400, location: undefined }],
  ])('the error page %s', (page, { status, location }) => {
    const shown = page.includes('%') ? page.replace('/50%25', '/x') : page;
    const conversion = convertYaml(host({ ...asking, 'auth-tls-error-page': shown }), filters);
    const [refusal] = routesOf(conversion);
    expect(refusal?.directResponse?.status).toBe(status);
    expect(refusal?.headers?.response?.set?.['location']).toBe(location?.replace('/50%25', '/x'));
    expect(codesOf(conversion).includes('auth-tls/error-page')).toBe(status === 400);
  });

  test('the subject is searched on every route', () => {
    const conversion = convertYaml(host({ ...asking, 'auth-tls-match-cn': 'CN=.*app' }), filters);
    expect(JSON.stringify(patchesOf(conversion, '-com-client-subject'))).toContain('(?s:.*(?:CN=.*app).*)');
    expect(codesOf(conversion)).toContain('auth-tls/subject-refused');
  });

  test('optional_no_ca takes any certificate and reports it', () => {
    const conversion = convertYaml(host({ ...asking, 'auth-tls-verify-client': 'optional_no_ca' }), filters);
    const verified = routesOf(conversion).flatMap(
      ({ headers }) => headers?.request?.set?.['ssl-client-verify'] ?? [],
    );
    expect(verified.sort()).toEqual(['FAILED', 'NONE', 'SUCCESS']);
    expect(codesOf(conversion)).toContain('auth-tls/failure-reason');
    expect(routesOf(conversion).some(({ directResponse }) => directResponse?.status === 400)).toBe(false);
  });
});

test('plain HTTP that is not redirected stays open, and is told', () => {
  const plain = { ...asking, 'ssl-redirect': 'false' };
  expect(codesOf(convertYaml(host(plain)))).toContain('auth-tls/plain-http');
  expect(codesOf(convertYaml(host(asking)))).not.toContain('auth-tls/plain-http');
});

test('a Secret without ca.crt asks nobody', () => {
  const conversion = convertYaml(host(asking, ['tls.crt', 'tls.key']));
  expect(tlsOf(conversion).mode).toBe('SIMPLE');
  expect(statusOf(conversion, 'auth-tls-secret')).toBe('no-effect-today');
});

test.each([['demo/nope'], ['ca'], ['other/ca']])('auth-tls-secret %s answers 403, as in nginx', (name) => {
  const conversion = convertYaml(host({ 'auth-tls-secret': name }));
  expect(routesOf(conversion).map(({ directResponse }) => directResponse?.status)).toEqual([403]);
});

test('a Secret with nothing to check by answers 403, as in nginx', () => {
  const conversion = convertYaml(host(asking, ['other']));
  expect(routesOf(conversion).map(({ directResponse }) => directResponse?.status)).toEqual([403]);
});

test('a host without a certificate shows the default one, and keeps its plain routes', () => {
  const conversion = convertYaml(host(asking, ['ca.crt'], false));
  expect(statusOf(conversion, 'auth-tls-secret')).toBe('converted');
  expect(conversion.steps.map(({ kind }) => kind)).toContain('certificate');
  expect(routesOf(conversion).some(({ route }) => route !== undefined)).toBe(true);
});

test('two CAs for one certificate: the second host is closed', () => {
  const yaml = [
    input([
      { annotations: asking, tls: true },
      { name: 'b', host: 'b.example.com', annotations: { 'auth-tls-secret': 'demo/ca2' }, tls: true },
    ]),
    secret('ca', ['ca.crt']),
    secret('ca2', ['ca.crt']),
    secret('cert', []),
  ].join('\n---\n');
  const conversion = convertYaml(
    yaml.replace(
      '"metadata":{"name":"cert","namespace":"demo"},"data":{}',
      '"metadata":{"name":"cert","namespace":"demo"}',
    ),
  );
  const closed = conversion.findings.filter(({ type }) => type.code === 'auth-tls/closed');
  expect(closed.map(({ scope }) => scope)).toEqual([{ kind: 'host', host: 'b.example.com', tls: true }]);
});
