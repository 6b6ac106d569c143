import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageOf } from '../../src/domain/findings.ts';
import { defaultOptions } from '../../src/domain/options.ts';
import type { Origin } from '../../src/domain/origin.ts';
import { meshConfig } from '../../src/istio/mesh.ts';
import { validateObject } from '../../src/istio-api/schemas/validate.ts';
import { outputFiles, outputStream } from '../../src/output/files.ts';
import type { MeshEffect } from '../../src/plan/effect.ts';

const originOf = (name: string): Origin => ({
  source: {
    ref: { kind: 'Ingress', namespace: 'demo', name },
    file: 'a.yaml',
    locate: () => ({ file: 'a.yaml', line: 1, column: 1 }),
  },
  path: [],
});

const asks = (fragment: Record<string, unknown>, name = 'web'): MeshEffect => ({
  kind: 'mesh',
  fragment,
  origins: [originOf(name)],
});

const provider = (name: string, port: number) => ({
  extensionProviders: [{ name, envoyExtAuthzHttp: { service: 'auth.demo.svc.cluster.local', port } }],
});
const proxies = (numTrustedProxies: number) => ({
  defaultConfig: { gatewayTopology: { numTrustedProxies } },
});

describe('mesh settings', () => {
  it('are nothing where nobody asks', () => {
    expect(meshConfig([], defaultOptions)).toEqual({ objects: [], steps: [], findings: [] });
  });

  it('are one object of all that is asked, with a step that says for whom', () => {
    const { objects, steps, findings } = meshConfig(
      [asks(provider('b', 80), 'b'), asks(proxies(1)), asks(provider('a', 80), 'a'), asks(proxies(1), 'b')],
      defaultOptions,
    );
    expect(findings).toEqual([]);
    expect(objects).toHaveLength(1);
    expect(objects[0]?.from).toEqual(['demo/a', 'demo/b', 'demo/web']);
    expect(objects[0]?.object.spec).toEqual({
      ...proxies(1),
      extensionProviders: [...provider('a', 80).extensionProviders, ...provider('b', 80).extensionProviders],
    });
    expect(validateObject(objects[0]!.object)).toEqual([]);
    expect(steps).toMatchObject([{ kind: 'mesh-config', key: 'mesh-config' }]);
    expect(steps[0]?.origins).toHaveLength(3);
    expect(steps[0]?.title).toContain('defaultConfig.gatewayTopology.numTrustedProxies');
  });

  it.each([
    [proxies(1), proxies(2), 'numTrustedProxies'],
    [provider('a', 80), provider('a', 81), 'extensionProviders.a'],
  ])('are told where two values are needed', (one, other, field) => {
    const { findings } = meshConfig([asks(one), asks(other)], defaultOptions);
    expect(findings.map(({ type }) => type.code)).toEqual(['mesh/conflict']);
    expect(findings.map(messageOf)).toEqual([expect.stringContaining(field)]);
  });

  it('do not depend on the order', () => {
    const all = [provider('a', 80), provider('b', 80), proxies(1), proxies(2), { enableTracing: true }];
    const text = (fragments: readonly Record<string, unknown>[]) =>
      JSON.stringify(
        meshConfig(
          fragments.map((fragment) => asks(fragment)),
          defaultOptions,
        ),
      );
    fc.assert(
      fc.property(
        fc.shuffledSubarray(all, { minLength: all.length }),
        (shuffled) => text(shuffled) === text(all),
      ),
    );
  });

  it('are written so that no cluster takes them by mistake', () => {
    const { objects } = meshConfig([asks(proxies(1))], defaultOptions);
    const file = outputFiles(objects).get('mesh/mesh-config.yaml');
    expect(file).toMatch(/\nmeshConfig:\n/);
    expect(file).not.toMatch(/^kind:|^apiVersion:/m);
    expect(outputFiles(objects).get('kustomization.yaml')).toContain('resources: []');
    for (const line of outputStream(objects).trimEnd().split('\n')) expect(line).toMatch(/^#/);
  });
});
