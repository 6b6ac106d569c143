import { describe, expect, it } from 'vitest';
import type { Conversion } from '../../src/conversion/conversion.ts';
import { messageOf } from '../../src/domain/findings.ts';
import { defaultOptions, type GivenOptions } from '../../src/domain/options.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';

const none: GivenOptions = { ...defaultOptions, istioVersion: undefined };

const workload = (name: string, images: readonly string[], labels: object = {}) =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'istio-system', labels },
    spec: { template: { spec: { containers: images.map((image, at) => ({ name: `c${at}`, image })) } } },
  });

function converted(documents: readonly string[], given: GivenOptions = none): Conversion {
  return convert(readTexts([{ file: 'dump.yaml', text: documents.join('\n---\n') }]), given);
}

const releaseOf = (documents: readonly string[], given = none) =>
  converted(documents, given).options.istioVersion;

const told = ({ findings }: Conversion) =>
  findings.filter(({ type }) => type.code.startsWith('mesh/')).map(({ type }) => type.code);

describe('the release of Istio', () => {
  it.each<[string, string, readonly string[], object]>([
    ['the image of istiod', '1.31', ['docker.io/istio/pilot:1.31.2'], {}],
    ['a distroless image', '1.31', ['registry.example.com:5000/istio/pilot:1.31.2-distroless'], {}],
    ['an image with a digest beside its tag', '1.31', ['istio/pilot:1.31.0@sha256:ab'], {}],
    ['a gateway', '1.31', ['docker.io/istio/proxyv2:1.31.2'], {}],
    [
      'labels, where the image has a digest',
      '1.31',
      ['istio/pilot@sha256:ab'],
      { 'helm.sh/chart': 'istiod-1.31.0' },
    ],
    ['labels of a gateway', '1.31', ['auto'], { 'helm.sh/chart': 'gateway-1.31.0' }],
  ])('is read from %s', (_, release, images, labels) => {
    expect(releaseOf([workload('a', images, labels)])).toBe(release);
  });

  it('is read from YAML as well', () => {
    const yaml = [
      'apiVersion: apps/v1',
      'kind: Deployment',
      'metadata:',
      '  name: istiod',
      '  namespace: istio-system',
      'spec:',
      '  template:',
      '    spec:',
      '      containers:',
      '      - name: discovery',
      '        image: docker.io/istio/pilot:1.31.2',
    ].join('\n');
    expect(releaseOf([yaml])).toBe('1.31');
  });

  it.each<[string, readonly string[], object]>([
    ['a sidecar', ['example.com/app:2.0.0', 'docker.io/istio/proxyv2:1.25.0'], {}],
    ['an image of the same name elsewhere', ['example.com/autopilot:1.25.0'], {}],
    ['a tag that is no release', ['istio/pilot:latest'], {}],
    ['an application with a gateway for a name', ['auto'], { 'helm.sh/chart': 'gateway-operator' }],
  ])('is not read from %s', (_, images, labels) => {
    expect(releaseOf([workload('a', images, labels)])).toBe('1.30');
  });

  it('is the oldest istiod of several, whatever the gateways', () => {
    const conversion = converted([
      workload('canary', ['istio/pilot:1.32.0']),
      workload('stable', ['istio/pilot:1.31.0']),
      workload('gateway', ['istio/proxyv2:1.30.0']),
    ]);
    expect(conversion.options.istioVersion).toBe('1.31');
    const [used] = conversion.findings;
    expect(messageOf(used!)).toContain(
      'Istio 1.31 (its istiod: istio/pilot:1.31.0). The input has 1.32, too.',
    );
    expect(used?.origin?.source.ref.name).toBe('stable');
  });

  it('is what the user says, whatever the input has', () => {
    const conversion = converted([workload('a', ['istio/pilot:1.31.0'])], defaultOptions);
    expect(conversion.options.istioVersion).toBe('1.30');
    expect(told(conversion)).toEqual([]);
  });

  it('warns of one that gets no fixes', () => {
    expect(told(converted([workload('a', ['istio/pilot:1.29.4'])]))).toEqual([
      'mesh/release',
      'mesh/release-unsupported',
    ]);
    expect(told(converted([], { ...none, istioVersion: '1.9' }))).toEqual(['mesh/release-unsupported']);
  });
});
