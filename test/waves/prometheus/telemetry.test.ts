import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { type ControllerOptions, defaultOptions, type Options } from '../../../src/domain/options.ts';
import { validateObject } from '../../../src/istio-api/schemas/validate.ts';
import { convert } from '../../../src/pipeline.ts';
import { readTexts } from '../../../src/read/index.ts';
import { telemetryText } from '../../../src/waves/prometheus/telemetry.ts';

const ingress = (name: string, annotations = {}, className = 'nginx') => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name, namespace: 'shop', annotations },
  spec: {
    ingressClassName: className,
    rules: [
      {
        host: `${name}.example.com`,
        http: {
          paths: [
            { path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } },
          ],
        },
      },
    ],
  },
});

function textFor(objects: readonly object[], options: Partial<Options> = {}): string {
  const text = objects.map((object) => `${JSON.stringify(object)}\n`).join('---\n');
  return telemetryText(convert(readTexts([{ file: 'a.yaml', text }]), { ...defaultOptions, ...options }));
}

const telemetry = (name: string, selector: object, namespace = 'istio-system') => ({
  apiVersion: 'telemetry.istio.io/v1',
  kind: 'Telemetry',
  metadata: { name, namespace },
  spec: { selector: { matchLabels: selector } },
});

describe('the label for hosts', () => {
  it('is a Telemetry for the pods of the gateway, by the schema of Istio', () => {
    const gateway = { ...defaultOptions.gateway, namespace: 'edge', selector: { istio: 'edge' } };
    const [document, ...rest] = parseAllDocuments(textFor([ingress('a')], { gateway }));
    expect(rest).toEqual([]);
    const object = document?.toJS();
    expect(validateObject(object)).toEqual([]);
    expect(object).toMatchObject({
      metadata: { name: 'ingress-move-metrics', namespace: 'edge' },
      spec: { selector: { matchLabels: { istio: 'edge' } } },
    });
  });

  it.each<[string, readonly object[], string | undefined]>([
    ['nothing', [], undefined],
    ['one of the input', [telemetry('logs', { istio: 'ingressgateway' })], 'istio-system/logs selects'],
    ['one for other pods', [telemetry('logs', { istio: 'ingressgateway', app: 'other' })], undefined],
    ['one of another namespace', [telemetry('logs', { istio: 'ingressgateway' }, 'shop')], undefined],
    ['one for a whole namespace', [telemetry('logs', {})], undefined],
    ['itself, applied before', [telemetry('ingress-move-metrics', { istio: 'ingressgateway' })], undefined],
    [
      'one that the conversion writes',
      [ingress('b', { 'nginx.ingress.kubernetes.io/enable-access-log': 'false' })],
      'istio-system/ingress selects',
    ],
  ])('says that there is another Telemetry for these pods: %s', (_, objects, said) => {
    const text = textFor([ingress('a'), ...objects]);
    expect(text.includes('IST0159')).toBe(said !== undefined);
    if (said !== undefined) expect(text).toContain(said);
  });

  it('says so of an extra, too', () => {
    expect(textFor([ingress('a')], { extras: ['telemetry'] })).toContain(
      'istio-system/gateway-telemetry selects',
    );
  });

  it('is there once for each gateway', () => {
    const controllers: readonly ControllerOptions[] = [
      { class: 'nginx', gateway: { namespace: 'edge', selector: { istio: 'one' } } },
      { class: 'internal', gateway: { namespace: 'edge', selector: { istio: 'two' } } },
    ];
    const classes = [
      ['nginx', 'ingress-nginx'],
      ['internal', 'internal'],
    ].map(([name, controller]) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name },
      spec: { controller: `k8s.io/${controller}` },
    }));
    const objects = [...classes, ingress('a'), ingress('b', {}, 'internal')];
    const selectors = parseAllDocuments(textFor(objects, { controllers })).map(
      (document) => document.toJS().spec.selector.matchLabels.istio,
    );
    expect(selectors.sort()).toEqual(['one', 'two']);
  });
});
