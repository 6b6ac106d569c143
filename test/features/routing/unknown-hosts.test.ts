import { describe, expect, it } from 'vitest';
import { defaultOptions } from '../../../src/domain/options.ts';
import { codesOf, convertYaml, input, objectsOf, parity, routesOf } from '../convert.ts';

describe('hosts that no Ingress names', () => {
  it('are told, and nothing else, without a default certificate', () => {
    const conversion = convertYaml(input([{}]));
    expect(routesOf(conversion, '*')).toEqual([]);
    expect(codesOf(conversion)).toContain('platform/unknown-hosts-https');
  });

  it('are answered 404 with the default certificate, over HTTPS with HSTS', () => {
    const conversion = convertYaml(input([{}]), { ...defaultOptions, defaultCertificate: 'fallback' });
    const servers = objectsOf(conversion, 'Gateway').flatMap(
      ({ spec }) => (spec as { servers: object[] }).servers,
    );
    expect(servers).toContainEqual({
      port: { number: 443, name: 'https-unknown-hosts', protocol: 'HTTPS' },
      hosts: ['*'],
      tls: { mode: 'SIMPLE', credentialName: 'fallback' },
    });
    expect(routesOf(conversion, '*')).toMatchObject([
      { match: [{ uri: { prefix: '/healthz' } }], directResponse: { status: 200 } },
      {
        match: [{ port: 443 }],
        directResponse: { status: 404 },
        headers: { response: { set: { 'strict-transport-security': expect.any(String) } } },
      },
      { directResponse: { status: 404 } },
    ]);
    expect(codesOf(conversion)).not.toContain('platform/unknown-hosts-https');
  });

  it('get the headers of add-headers', () => {
    const map = {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name: 'resp', namespace: 'demo' },
      data: { 'X-G': 'g' },
    };
    const text = `${input([{}], { 'add-headers': 'demo/resp' })}\n---\n${JSON.stringify(map)}`;
    const [, route, ...others] = routesOf(convertYaml(text), '*');
    expect(others).toEqual([]);
    expect(route?.headers).toEqual({ response: { set: { 'x-g': 'g' } } });
  });

  it.each([[input([{}, { name: 'all', host: '' }])], [input([{}], { 'ssl-reject-handshake': 'true' })]])(
    'are left alone where an Ingress takes them or nginx refuses them',
    (text) => {
      const names = objectsOf(convertYaml(text, parity), 'Gateway').map(({ metadata }) => metadata.name);
      expect(names).not.toContain('ingress-unknown-hosts');
    },
  );
});
