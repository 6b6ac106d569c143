import { describe, expect, it } from 'vitest';
import { defaultOptions, type Options } from '../../../src/domain/options.ts';
import { overviewOf } from '../../../src/report/overview.ts';
import { codesOf, convertYaml, objectsOf } from '../convert.ts';

const issued = defaultOptions;
const copied: Options = { ...defaultOptions, tls: 'copy' };

function ingress(annotations: Readonly<Record<string, string>>, tls = true): string {
  const backend = { service: { name: 'web', port: { number: 80 } } };
  const http = { paths: [{ path: '/', pathType: 'Prefix', backend }] };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web', namespace: 'shop' },
        spec: { ports: [{ port: 80 }] },
      },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'web', namespace: 'shop', annotations },
        spec: {
          ingressClassName: 'nginx',
          ...(tls && { tls: [{ hosts: ['shop.example.com', 'www.example.com'], secretName: 'web-tls' }] }),
          rules: [
            { host: 'shop.example.com', http },
            { host: 'www.example.com', http },
          ],
        },
      },
    ],
  });
}

function statuses(conversion: ReturnType<typeof convertYaml>): Record<string, string> {
  const annotations = conversion.outcomes.filter(({ subject }) => subject.kind === 'annotation');
  return Object.fromEntries(annotations.map(({ subject, status }) => [subject.name, status]));
}

describe('cert-manager', () => {
  const annotations = {
    'cert-manager.io/cluster-issuer': 'letsencrypt',
    'cert-manager.io/duration': '2160h',
    'cert-manager.io/renew-before': 'soon',
    'cert-manager.io/usages': 'server auth, client auth',
    'cert-manager.io/private-key-algorithm': 'ECDSA',
    'cert-manager.io/private-key-size': '384',
    'cert-manager.io/ip-sans': '192.0.2.1',
    'acme.cert-manager.io/http01-edit-in-place': 'true',
  };

  it('is asked for the same certificate where the gateway looks for it, in place of a copy', () => {
    const conversion = convertYaml(ingress(annotations), issued);
    expect(objectsOf(conversion, 'Certificate')).toEqual([
      {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: { name: 'shop-web-tls', namespace: 'istio-system' },
        spec: {
          secretName: 'shop-web-tls',
          issuerRef: { name: 'letsencrypt', kind: 'ClusterIssuer', group: 'cert-manager.io' },
          dnsNames: ['shop.example.com', 'www.example.com'],
          duration: '2160h',
          usages: ['server auth', 'client auth'],
          privateKey: { algorithm: 'ECDSA', size: 384 },
        },
      },
    ]);
    expect(conversion.secretCopies).toEqual([]);
    expect(statuses(conversion)).toMatchObject({
      'cert-manager.io/cluster-issuer': 'converted',
      'cert-manager.io/duration': 'converted',
      'cert-manager.io/ip-sans': 'manual',
      'acme.cert-manager.io/http01-edit-in-place': 'manual',
    });
    expect(codesOf(conversion)).toEqual(
      expect.arrayContaining(['annotation/companion', 'cert-manager/certificate', 'cert-manager/solver']),
    );
  });

  it('reports a copy that nothing renews', () => {
    const conversion = convertYaml(ingress(annotations), copied);
    expect(objectsOf(conversion, 'Certificate')).toEqual([]);
    expect(conversion.secretCopies).toHaveLength(1);
    expect(statuses(conversion)['cert-manager.io/cluster-issuer']).toBe('manual');
    expect(codesOf(conversion)).toContain('cert-manager/not-renewed');
  });

  it.each([
    [{ 'cert-manager.io/issuer': 'ca' }, 'Issuer', 'cert-manager/issuer-namespace'],
    [
      {
        'cert-manager.io/issuer': 'aws',
        'cert-manager.io/issuer-kind': 'AWSPCAClusterIssuer',
        'cert-manager.io/issuer-group': 'awspca.cert-manager.io',
      },
      'AWSPCAClusterIssuer',
      'cert-manager/certificate',
    ],
  ])('keeps the issuer: %j', (issuer, kind, code) => {
    const conversion = convertYaml(ingress(issuer), issued);
    expect(objectsOf(conversion, 'Certificate')).toMatchObject([{ spec: { issuerRef: { kind } } }]);
    expect(codesOf(conversion)).toContain(code);
  });

  describe('with tls-acme', () => {
    const acme = ingress({ 'kubernetes.io/tls-acme': 'true' });
    const manager = (...args: string[]) =>
      JSON.stringify({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'cert-manager', namespace: 'cert-manager' },
        spec: { template: { spec: { containers: [{ name: 'c', args }] } } },
      });
    const issuersOf = (conversion: ReturnType<typeof convertYaml>) =>
      objectsOf(conversion, 'Certificate').map(({ spec }) => (spec as { issuerRef: object }).issuerRef);

    it('is one decision for the whole gateway, as only cert-manager knows the issuer', () => {
      const conversion = convertYaml(acme);
      expect(conversion.secretCopies).toHaveLength(1);
      const { effort, ingresses } = overviewOf(conversion);
      expect(effort.gateway.map(({ name }) => name)).toContain('cert-manager/default-issuer');
      expect(effort.work).toEqual([]);
      expect(ingresses.map(({ readiness }) => readiness)).toEqual(['ready']);
    });

    it.each<[string, string, Partial<Options>, object]>([
      ['a flag', '', { defaultIssuer: 'letsencrypt' }, { name: 'letsencrypt', kind: 'ClusterIssuer' }],
      ['a flag with a kind', '', { defaultIssuer: 'Issuer/ca' }, { name: 'ca', kind: 'Issuer' }],
      [
        "cert-manager's own flags",
        manager('--v=2', '--default-issuer-name=prod', '--default-issuer-kind=ClusterIssuer'),
        {},
        { name: 'prod', kind: 'ClusterIssuer', group: 'cert-manager.io' },
      ],
    ])('has the issuer of %s', (_, more, options, issuer) => {
      const conversion = convertYaml(`${acme}\n---\n${more}`, { ...defaultOptions, ...options });
      expect(issuersOf(conversion)).toMatchObject([issuer]);
      expect(conversion.secretCopies).toEqual([]);
      expect(codesOf(conversion)).not.toContain('cert-manager/default-issuer');
    });

    it('has none of a cert-manager without such a flag', () => {
      expect(issuersOf(convertYaml(`${acme}\n---\n${manager('--v=2')}`))).toEqual([]);
    });
  });

  describe('with its Certificate in the input', () => {
    const certificate = (spec: object) =>
      JSON.stringify({
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: { name: 'web', namespace: 'shop' },
        spec: { secretName: 'web-tls', ...spec },
      });
    const own = certificate({
      dnsNames: ['www.example.com', 'shop.example.com'],
      issuerRef: { name: 'letsencrypt', kind: 'ClusterIssuer' },
      duration: '2160h',
      keystores: { jks: { create: true } },
    });

    it.each([[{}], [{ 'kubernetes.io/tls-acme': 'true' }]])('is asked for the same: %j', (annotations_) => {
      const conversion = convertYaml(`${ingress(annotations_)}\n---\n${own}`);
      expect(objectsOf(conversion, 'Certificate')).toMatchObject([
        {
          metadata: { name: 'shop-web-tls', namespace: 'istio-system' },
          spec: {
            secretName: 'shop-web-tls',
            issuerRef: { name: 'letsencrypt', kind: 'ClusterIssuer', group: 'cert-manager.io' },
            dnsNames: ['shop.example.com', 'www.example.com'],
            duration: '2160h',
          },
        },
      ]);
      expect(conversion.secretCopies).toEqual([]);
      expect(codesOf(conversion)).toContain('cert-manager/certificate');
      expect(codesOf(conversion)).not.toContain('cert-manager/default-issuer');
    });

    it('copies the Secret where the Certificate names no host, or copies are wanted', () => {
      const unnamed = certificate({ issuerRef: { name: 'letsencrypt' }, dnsNames: 'x' });
      expect(convertYaml(`${ingress({})}\n---\n${unnamed}`).secretCopies).toHaveLength(1);
      expect(convertYaml(`${ingress({})}\n---\n${own}`, copied).secretCopies).toHaveLength(1);
    });

    it('needs an Issuer of its own in the namespace of the gateway', () => {
      const namespaced = certificate({ issuerRef: { name: 'ca' }, dnsNames: ['shop.example.com'] });
      expect(codesOf(convertYaml(`${ingress({})}\n---\n${namespaced}`))).toContain(
        'cert-manager/issuer-namespace',
      );
    });
  });

  it('issues one certificate for the Ingresses that share a Secret, with all of their hosts', () => {
    const issuer = { 'cert-manager.io/cluster-issuer': 'letsencrypt' };
    const second = ingress(issuer).replaceAll('"name":"web","namespace"', '"name":"api","namespace"');
    const conversion = convertYaml(
      `${ingress(issuer)}\n---\n${second.replaceAll('shop.example.com', 'api.example.com').replaceAll('www.', 'web.')}`,
    );
    expect(
      objectsOf(conversion, 'Certificate').map(({ spec }) => (spec as { dnsNames: unknown }).dnsNames),
    ).toEqual([['api.example.com', 'shop.example.com', 'web.example.com', 'www.example.com']]);
    expect(codesOf(conversion)).not.toContain('check/duplicate-object');
  });

  it('does nothing without a tls section', () => {
    const conversion = convertYaml(ingress({ 'cert-manager.io/cluster-issuer': 'x' }, false), issued);
    expect(statuses(conversion)).toEqual({ 'cert-manager.io/cluster-issuer': 'no-effect-today' });
  });
});

describe('external-dns', () => {
  const annotations = {
    'external-dns.alpha.kubernetes.io/target': 'lb.example.com',
    'nginx.org/rewrites': 'x',
  };

  it('finds its annotations on the Gateways; what is for another controller stays behind', () => {
    const conversion = convertYaml(ingress(annotations));
    for (const { metadata } of objectsOf(conversion, 'Gateway'))
      expect(metadata.annotations).toMatchObject({
        'external-dns.alpha.kubernetes.io/target': 'lb.example.com',
      });
    expect(objectsOf(conversion, 'Gateway')).toHaveLength(2);
    expect(statuses(conversion)).toEqual({
      'external-dns.alpha.kubernetes.io/target': 'converted',
      'nginx.org/rewrites': 'no-effect-today',
    });
    expect(codesOf(conversion)).toContain('external-dns/moved');
  });

  it('is left to a person where the Gateway is there already', () => {
    const existing = { ...defaultOptions, gateway: { ...defaultOptions.gateway, existing: 'infra/main' } };
    const conversion = convertYaml(ingress(annotations), existing);
    expect(statuses(conversion)['external-dns.alpha.kubernetes.io/target']).toBe('manual');
    expect(codesOf(conversion)).toContain('external-dns/existing-gateway');
  });
});
