import { describe, expect, test } from 'vitest';
import type { KnownAnnotation } from '../../src/decode/annotation.ts';
import { decodeAnnotations } from '../../src/decode/decode.ts';
import { builtInMappings } from '../../src/decode/mappings.ts';
import { annotated, prefix } from './ingress.ts';

const mappings = builtInMappings();

function decode(annotations: Record<string, string>, readPrefix = prefix) {
  return decodeAnnotations(annotated(annotations), mappings, {
    prefix: readPrefix,
    release: '1.15.1',
    validates: true,
  });
}

function known(annotations: Record<string, string>): Record<string, Partial<KnownAnnotation>> {
  const entries = decode(annotations).map((annotation) => {
    if (annotation.kind !== 'known') throw new Error(`${annotation.key} is not known`);
    const { shadowed, value, problem } = annotation;
    return [annotation.key.slice(prefix.length + 1), { shadowed, value, problem }] as const;
  });
  return Object.fromEntries(entries);
}

test('annotations come sorted by key, whatever the order of the input', () => {
  const keys = ['b/x', 'a/x', `${prefix}/use-regex`, 'Z/x', 'kubernetes.io/ingress.class'];
  const sorted = ['Z/x', 'a/x', 'b/x', 'kubernetes.io/ingress.class', `${prefix}/use-regex`];
  for (const order of [keys, [...keys].reverse()])
    expect(decode(Object.fromEntries(order.map((key) => [key, '1']))).map(({ key }) => key)).toEqual(sorted);
});

test('each knows where it stands in the object', () => {
  const [annotation] = decode({ [`${prefix}/use-regex`]: 'true' });
  expect(annotation?.origin.path).toEqual(['metadata', 'annotations', `${prefix}/use-regex`]);
});

test('a known annotation carries its entry and its value', () => {
  const [annotation] = decode({ [`${prefix}/limit-whitelist`]: '10.0.0.0/8' });
  expect(annotation).toMatchObject({
    kind: 'known',
    raw: '10.0.0.0/8',
    mapping: { name: 'limit-allowlist', group: 'rate-limit' },
    value: ['10.0.0.0/8'],
    shadowed: false,
  });
});

describe('an older name', () => {
  const older = `${prefix}/whitelist-source-range`;
  const newer = `${prefix}/allowlist-source-range`;

  test('is void beside the newer one, valid or not', () => {
    expect(known({ [older]: 'bad', [newer]: '10.0.0.0/8' })).toEqual({
      'whitelist-source-range': { shadowed: true, value: undefined, problem: undefined },
      'allowlist-source-range': { shadowed: false, value: ['10.0.0.0/8'], problem: undefined },
    });
  });

  test('stands in for an empty one', () => {
    expect(known({ [older]: '10.0.0.0/8', [newer]: '' })).toEqual({
      'whitelist-source-range': { shadowed: false, value: ['10.0.0.0/8'], problem: undefined },
      'allowlist-source-range': { shadowed: false, value: undefined, problem: undefined },
    });
  });

  test('that is empty is not set, while the newer one that is empty denies', () => {
    expect(known({ [older]: '' })).toMatchObject({ 'whitelist-source-range': { problem: undefined } });
    expect(known({ [older]: '', [newer]: '' })).toMatchObject({
      'whitelist-source-range': { problem: undefined },
      'allowlist-source-range': { problem: { consequence: 'location-denied' } },
    });
  });
});

describe('who an annotation belongs to', () => {
  test.each([
    ['kubernetes.io/ingress.class', 'class', 'Kubernetes'],
    ['kubernetes.io/tls-acme', 'companion', 'cert-manager'],
    ['cert-manager.io/cluster-issuer', 'companion', 'cert-manager'],
    ['acme.cert-manager.io/http01-edit-in-place', 'companion', 'cert-manager'],
    ['external-dns.alpha.kubernetes.io/hostname', 'companion', 'external-dns'],
    ['nginx.org/websocket-services', 'foreign', 'F5 NGINX Ingress Controller'],
    ['nginx.com/jwt-key', 'foreign', 'F5 NGINX Ingress Controller'],
    ['traefik.ingress.kubernetes.io/router.tls', 'foreign', 'Traefik'],
    ['haproxy.org/timeout', 'foreign', 'HAProxy'],
    ['alb.ingress.kubernetes.io/scheme', 'foreign', 'AWS Load Balancer Controller'],
    ['konghq.com/strip-path', 'foreign', 'Kong'],
    ['appgw.ingress.kubernetes.io/ssl-redirect', 'foreign', 'Azure Application Gateway'],
    ['ingress.kubernetes.io/backends', 'foreign', 'GKE Ingress'],
    ['kubectl.kubernetes.io/last-applied-configuration', 'foreign', 'kubectl'],
    ['meta.helm.sh/release-name', 'foreign', 'Helm'],
    ['argocd.argoproj.io/sync-wave', 'foreign', 'Argo CD'],
    ['kustomize.toolkit.fluxcd.io/ssa', 'foreign', 'Flux'],
    ['field.cattle.io/publicEndpoints', 'foreign', 'Rancher'],
    ['haproxy.router.openshift.io/timeout', 'foreign', 'OpenShift'],
    ['other.ingress.kubernetes.io/rewrite-target', 'foreign', 'other.ingress.kubernetes.io'],
    ['example.com/team', 'foreign', 'example.com'],
    ['team', 'foreign', ''],
    ['__proto__', 'foreign', ''],
    ['constructor/x', 'foreign', 'constructor'],
  ])('%s', (key, kind, owner) => {
    expect(decode({ [key]: 'x' })).toMatchObject([{ kind, owner, raw: 'x' }]);
  });
});

describe('prefixes', () => {
  test.each([
    [
      'ingress.kubernetes.io/rewrite-target',
      ['rewrite-target'],
      /given up in ingress-nginx 0\.9\.0-beta\.18/,
    ],
    ['nginx.ingress.kubernets.io/use-regex', ['use-regex'], /misspelt/],
    ['Nginx.ingress.kubernetes.io/use-regx', ['use-regex'], /misspelt/],
    ['ngnix.ingress.kubernetes.io/secure-backends', ['backend-protocol'], /misspelt.*removed in/],
  ])('%s is meant for ingress-nginx', (key, suggestions, note) => {
    expect(decode({ [key]: 'x' })).toMatchObject([
      { kind: 'unknown', suggestions, note: expect.stringMatching(note) },
    ]);
  });

  test('another prefix takes the place of the default one', () => {
    const decoded = decode(
      { 'ing.example.com/use-regex': 'true', [`${prefix}/use-regex`]: 'true' },
      'ing.example.com',
    );
    expect(decoded).toMatchObject([
      { kind: 'known', value: true },
      {
        kind: 'unknown',
        suggestions: ['use-regex'],
        note: 'The controller reads only the prefix ing.example.com.',
      },
    ]);
  });

  test('the old prefix is read where the controller is told so', () => {
    const decoded = decode({ 'ingress.kubernetes.io/use-regex': 'true' }, 'ingress.kubernetes.io');
    expect(decoded).toMatchObject([{ kind: 'known', value: true }]);
  });
});
