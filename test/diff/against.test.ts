import { describe, expect, it } from 'vitest';
import { againstDiff } from '../../src/diff/against.ts';
import { toYaml } from '../../src/emit/yaml.ts';
import { readTexts } from '../../src/read/index.ts';
import { convertText, shopDump } from './dump.ts';

const { objects } = convertText(shopDump);

/** The generated objects as a cluster holds them, changed by `change`. */
function live(change: (object: Record<string, unknown>) => Record<string, unknown> | undefined) {
  const there = objects.flatMap(({ object }): object[] => {
    const copy = JSON.parse(JSON.stringify(object)) as Record<string, unknown>;
    const changed = change(copy);
    return changed === undefined ? [] : [changed];
  });
  return readTexts([{ file: 'live.yaml', text: toYaml(there) }]).istioObjects;
}

function shown(there: ReturnType<typeof live>): string[] {
  const document = againstDiff(objects, there, 'cluster');
  return document.sections.flatMap(({ title, lines }) => [
    title,
    ...lines.map(({ side, text }) => `${side} ${text}`),
  ]);
}

describe('against what is there', () => {
  it('finds nothing to do where only the server and tools added something', () => {
    const there = live(({ spec, metadata, apiVersion, kind }) => ({
      status: { conditions: [] },
      spec: Object.fromEntries(Object.entries(spec as object).reverse()),
      kind,
      metadata: {
        uid: 'a',
        resourceVersion: '7',
        generation: 2,
        creationTimestamp: '2026-01-01T00:00:00Z',
        managedFields: [{ manager: 'kubectl' }],
        ...(metadata as object),
        labels: { 'argocd.argoproj.io/instance': 'shop' },
        annotations: {
          ...(metadata as { annotations: object }).annotations,
          'kubectl.kubernetes.io/last-applied-configuration': '{}',
        },
      },
      apiVersion: String(apiVersion).replace('networking.istio.io/v1', 'networking.istio.io/v1beta1'),
    }));
    expect(shown(there)).toEqual([]);
  });

  it('names fields, and routes by their name', () => {
    const there = live((object) =>
      JSON.parse(JSON.stringify(object).replace('"weight":20', '"weight":10').replace(':308', ':301')),
    );
    expect(shown(there)).toEqual([
      'change VirtualService.networking.istio.io shop/shop-example-com',
      'left spec.http[root.ssl-redirect].redirect.redirectCode: 301',
      'right spec.http[root.ssl-redirect].redirect.redirectCode: 308',
      'left spec.http[root.secure].route[1].weight: 10',
      'right spec.http[root.secure].route[1].weight: 20',
    ]);
  });

  it('tells of an order that changed', () => {
    const there = live((object) => {
      const { http } = object['spec'] as { http?: unknown[] };
      return http === undefined || http.length < 2
        ? object
        : { ...object, spec: { ...(object['spec'] as object), http: [...http].reverse() } };
    });
    expect(shown(there).some((line) => line.startsWith('left spec.http (order)'))).toBe(true);
  });

  it('creates what is missing, deletes what is ours and not written any more, and leaves others alone', () => {
    const there = live((object) => (object['kind'] === 'Gateway' ? undefined : object));
    const others = readTexts([
      {
        file: 'others.yaml',
        text: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: old, namespace: shop, annotations: {ingress2istio/from: shop/old}}
spec: {hosts: [old.example.com]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: theirs, namespace: shop}
spec: {hosts: [theirs.example.com]}
`,
      },
    ]).istioObjects;
    const document = againstDiff(objects, [...there, ...others], 'cluster');
    expect(document.sections.map(({ title }) => title)).toEqual([
      'create Gateway.networking.istio.io shop/api-example-com',
      'create Gateway.networking.istio.io shop/shop-example-com',
      'delete VirtualService.networking.istio.io shop/old',
    ]);
    expect(document.summary.join(' ')).toContain('1 Istio object of others is skipped.');
  });
});
