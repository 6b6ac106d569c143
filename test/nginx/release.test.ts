import { describe, expect, it } from 'vitest';
import type { Conversion } from '../../src/conversion/conversion.ts';
import { messageOf } from '../../src/domain/findings.ts';
import { defaultOptions, type Options } from '../../src/domain/options.ts';
import { isSince, releaseIn } from '../../src/domain/release.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';
import { ingress, service } from '../controllers/objects.ts';

const workload = (image: string, labels = '{}', args = '[]') =>
  `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: controller, namespace: ingress, labels: ${labels} }
spec: { template: { spec: { containers: [{ name: c, image: '${image}', args: [/nginx-ingress-controller, ...] }] } } }
`.replace('[/nginx-ingress-controller, ...]', `[/nginx-ingress-controller, ${args.slice(1, -1)}]`);

function converted(documents: readonly string[], options: Partial<Options> = {}): Conversion {
  const cluster = readTexts([{ file: 'dump.yaml', text: documents.join('\n---\n') }]);
  return convert(cluster, { ...defaultOptions, ...options });
}

const releaseOf = (documents: readonly string[], options: Partial<Options> = {}) => {
  const { version, known } = converted([...documents, service], options).model.controller.release;
  return `${version} ${known}`;
};

describe('releases', () => {
  it.each([
    ['1.9.6', ['1.9.6'], true],
    ['1.9.5', ['1.9.6'], false],
    ['1.10.0', ['1.9.6'], true],
    ['1.13.8', ['1.13.8', '1.14.4', '1.15.0'], true],
    ['1.14.3', ['1.13.8', '1.14.4', '1.15.0'], false],
    ['1.12.9', ['1.13.8', '1.14.4', '1.15.0'], false],
    ['1.16.0', ['1.13.8', '1.14.4', '1.15.0'], true],
  ])('%s has what came with %j: %s', (release, brought, has) => {
    expect(isSince(release, ...brought)).toBe(has);
  });

  it.each([
    ['v1.9.6-hardened2', '1.9.6'],
    ['nginx-1.9.6', '1.9.6'],
    ['latest', undefined],
    ['1.2.3.4', undefined],
  ])('are read from %s', (text, release) => {
    expect(releaseIn(text)).toBe(release);
  });
});

describe('the release of a controller', () => {
  it.each([
    ['registry.k8s.io/ingress-nginx/controller:v1.9.4@sha256:abc', '1.9.4 image'],
    ['quay.io/kubernetes-ingress-controller/nginx-ingress-controller:0.49.3', '0.49.3 image'],
    ['rancher/nginx-ingress-controller:v1.10.5-hardened6', '1.10.5 image'],
    ['mirror.example.com:5000/ingress-nginx/controller:v1.11.5', '1.11.5 image'],
    ['ghcr.io/forkline/ingress-nginx/controller:2026.5.3', '1.15.1 image'],
    [
      'mirror.example.com/ingress-nginx/controller@sha256:e5c4824e7375fcf2a393e1c03c293b69759af37a9ca6abdb91b13d78a93da8bd',
      '1.8.1 digest',
    ],
    ['mirror.example.com/ingress-nginx/controller:stable', '1.15.1 assumed'],
  ])('is read from the image %s', (image, release) => {
    expect(releaseOf([workload(image)])).toBe(release);
  });

  it('is read from labels of the chart where the image does not tell', () => {
    const image = 'mirror.example.com/ingress-nginx/controller:stable';
    expect(releaseOf([workload(image, '{ helm.sh/chart: ingress-nginx-4.10.1 }')])).toBe('1.10.1 label');
    expect(releaseOf([workload(image, '{ helm.sh/chart: ingress-nginx-4.7.1 }')])).toBe('1.8.1 label');
    const classOfChart = `apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: nginx, labels: { app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/version: 1.12.2 } }
spec: { controller: k8s.io/ingress-nginx }`;
    expect(releaseOf([classOfChart])).toBe('1.12.2 label');
  });

  it('is what the user says, whatever the input shows', () => {
    const image = workload('registry.k8s.io/ingress-nginx/controller:v1.9.4');
    expect(releaseOf([image], { controllerVersion: '1.5.1' })).toBe('1.5.1 option');
  });

  it('is told with the place that shows it', () => {
    const image = workload('registry.k8s.io/ingress-nginx/controller:v1.9.4');
    const { findings } = converted([image, service, ingress('a', 'nginx', 'a.example.com')]);
    const told = findings.find(({ type }) => type.code === 'controller/release')!;
    expect(messageOf(told)).toContain('1.9.4');
    const { source, path } = told.origin!;
    expect(source.locate(path)).toMatchObject({ file: 'dump.yaml', line: 4 });
  });
});

describe('rules by release', () => {
  const annotated = (...lines: string[]) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: a
  namespace: shop
  annotations:
${lines.map((line) => `    nginx.ingress.kubernetes.io/${line}\n`).join('')}spec:
  ingressClassName: nginx
  rules:
    - host: a.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;
  const stateOf = (document: string, options: Partial<Options>) =>
    converted([document, service], { assumeSnippets: false, ...options }).model.ingresses[0]!;

  it.each([
    ['1.8.1', 'served', true],
    ['1.9.6', 'served', false],
    ['1.11.5', 'served', false],
    ['1.12.0', 'dropped', false],
  ])('a snippet in %s: %s, acting %s', (controllerVersion, state, acts) => {
    const found = stateOf(annotated('configuration-snippet: more_set_headers "a b";'), { controllerVersion });
    expect([found.state.kind, found.annotations.has('configuration-snippet')]).toEqual([state, acts]);
  });

  it.each([
    ['1.11.5', [], 'served'],
    ['1.11.5', ['--enable-annotation-validation'], 'dropped'],
    ['1.15.1', [], 'dropped'],
    ['1.15.1', ['--enable-annotation-validation=false'], 'served'],
  ])('a bad value in %s with %j: %s', (controllerVersion, controllerFlags, state) => {
    const found = stateOf(annotated('permanent-redirect: https://x.example.com/$request_uri'), {
      controllerVersion,
      controllerFlags,
    });
    expect(found.state.kind).toBe(state);
  });

  it.each([
    ['1.8.1', false],
    ['1.9.0', true],
  ])('allowlist-source-range in %s is read: %s; its older name always', (controllerVersion, read) => {
    const at = (name: string) => stateOf(annotated(`${name}: 10.0.0.0/8`), { controllerVersion });
    expect(at('allowlist-source-range').annotations.has('allowlist-source-range')).toBe(read);
    expect(at('whitelist-source-range').annotations.has('allowlist-source-range')).toBe(true);
  });

  it.each([
    ['1.11.5', '404,500', true],
    ['1.11.5', '404, 500', false],
    ['1.15.1', '404, 500', true],
  ])('custom-http-errors in %s reads %j: %s', (controllerVersion, codes, read) => {
    const found = stateOf(annotated(`custom-http-errors: ${codes}`), { controllerVersion });
    expect(found.annotations.has('custom-http-errors')).toBe(read);
  });

  it('what would be refused by the newest alone is an error where nothing shows the release', () => {
    const bad = annotated('proxy-body-size: 8m', 'permanent-redirect: https://x.example.com/$request_uri');
    const codes = (options: Partial<Options>) =>
      converted([bad, service], options).findings.map(({ type }) => type.code);
    expect(codes({})).toEqual(
      expect.arrayContaining(['controller/release-unknown', 'ingress/release-decides']),
    );
    expect(codes({ controllerVersion: '1.15.1' })).toContain('ingress/dropped');
    expect(codes({ controllerVersion: '1.11.5' })).not.toContain('ingress/dropped');
  });

  it('an older one than the rules know is refused, unless it is set', () => {
    const old = workload('quay.io/kubernetes-ingress-controller/nginx-ingress-controller:0.34.1');
    const documents = [annotated('use-regex: "false"'), service, old];
    const refused = converted(documents);
    expect(refused.findings.map(({ type }) => type.code)).toContain('controller/release-unsupported');
    expect(refused.objects).toEqual([]);
    expect(refused.model.ingresses.map(({ state }) => state.kind)).toEqual(['waiting']);
    expect(new Set(refused.outcomes.map(({ status }) => status))).not.toContain('converted');

    const forced = converted(documents, { controllerVersion: '0.34.1' });
    expect(forced.findings.map(({ type }) => type.code)).toContain('controller/release-forced');
    expect(forced.objects.length).toBeGreaterThan(0);
  });

  it.each([
    ['0.49.3', undefined, [], 'served'],
    ['0.49.3', 'nginx', [], 'served'],
    ['0.49.3', 'other', [], 'not-selected'],
    ['0.49.3', undefined, ['--ingress-class=internal'], 'not-selected'],
    ['1.0.0', undefined, [], 'not-selected'],
  ])(
    'before 1.0 only the name of a class counts: %s, class %s, %j',
    (controllerVersion, name, controllerFlags, state) => {
      const documents = [ingress('web', name, 'web.example.com'), service];
      const { model } = converted(documents, { controllerVersion, controllerFlags });
      expect(model.ingresses.map((one) => one.state.kind)).toEqual([state]);
    },
  );

  it('decides whether a Secret of another namespace is used, and is needed where nothing shows it', () => {
    const secret = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'users', namespace: 'elsewhere' },
      data: { auth: '' },
    });
    const documents = [annotated('auth-type: basic', 'auth-secret: elsewhere/users'), secret, service];
    const codes = (options: Partial<Options>) =>
      converted(documents, options).findings.map(({ type }) => type.code);
    expect(codes({})).toContain('location/release-decides');
    expect(codes({})).not.toContain('location/denied-today');
    expect(codes({ controllerVersion: '1.15.1' })).toContain('location/denied-today');
    expect(codes({ controllerVersion: '1.11.5' })).not.toContain('location/denied-today');
    expect(codes({ controllerVersion: '1.11.5' })).not.toContain('location/release-decides');
  });

  it.each([
    ['1.12.5', false],
    ['1.12.6', true],
    ['1.13.1', false],
    ['1.13.2', true],
    ['1.14.0', true],
  ])('%s reads a list of statuses with a blank: %s', (controllerVersion, reads) => {
    const { model } = converted([annotated('custom-http-errors: 404, 503'), service], { controllerVersion });
    expect(model.ingresses[0]?.state.kind).toBe('served');
    expect(model.ingresses[0]?.annotations.has('custom-http-errors')).toBe(reads);
  });
});
