import { describe, expect, it } from 'vitest';
import { layerOfText } from '../../src/config/file.ts';
import { layerOfFlags } from '../../src/config/flags.ts';
import { resolveSettings } from '../../src/config/settings.ts';
import type { Conversion } from '../../src/conversion/conversion.ts';
import { messageOf, remedyOf } from '../../src/domain/findings.ts';
import { defaultOptions } from '../../src/domain/options.ts';
import { qualifiedName } from '../../src/domain/origin.ts';
import type { VirtualServiceSpec } from '../../src/istio-api/types.ts';
import { outputFiles, outputStream } from '../../src/output/files.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';
import { classOf, deployment, ingress, service } from './objects.ts';

const edge = 'nginx=edge/istio=edge';
const inner = 'inner=inner/istio=inner';

const external = deployment('external', []);
const internal = deployment('internal', ['--controller-class=k8s.io/ingress-inner', '--ingress-class=inner']);
const base = [
  external,
  internal,
  classOf('nginx', 'k8s.io/ingress-nginx'),
  classOf('inner', 'k8s.io/ingress-inner'),
  service,
];

function converted(documents: readonly string[], flags: Record<string, unknown> = {}): Conversion {
  const cluster = readTexts([{ file: 'input.yaml', text: documents.join('\n---\n') }]);
  return convert(cluster, resolveSettings(layerOfFlags(flags)).options);
}

function codesOf({ findings }: Conversion): string[] {
  const codes = findings.map(({ type }) => type.code);
  return codes.filter((code) => code.startsWith('controller/') && !code.startsWith('controller/release'));
}

function hostsByGateway({ objects }: Conversion): [string, string][] {
  const selectors = new Map(
    objects.flatMap(({ object }) =>
      object.kind === 'Gateway'
        ? [
            [
              `${object.metadata.namespace}/${object.metadata.name}`,
              JSON.stringify((object.spec as { selector: object }).selector),
            ],
          ]
        : [],
    ),
  );
  return objects.flatMap(({ object }): [string, string][] => {
    if (object.kind !== 'VirtualService') return [];
    const { hosts, gateways } = object.spec as VirtualServiceSpec;
    return gateways.map((name) => [hosts.join(), selectors.get(name) ?? name]);
  });
}

const statesOf = ({ model }: Conversion): Record<string, string> =>
  Object.fromEntries(model.ingresses.map((one) => [qualifiedName(one.ingress.ref), one.state.kind]));

describe('several controllers', () => {
  it('have releases of their own, from the config file', () => {
    const documents = [
      ...base,
      ingress('shop', 'nginx', 'shop.example.com'),
      ingress('ops', 'inner', 'ops.example.com'),
    ];
    const text = [
      'controllers:',
      '- class: nginx',
      '  version: 1.9.6',
      '  gateway: {namespace: edge, selector: {istio: edge}}',
      '- class: inner',
      '  gateway: {namespace: inner, selector: {istio: inner}}',
    ].join('\n');
    const cluster = readTexts([{ file: 'input.yaml', text: documents.join('\n---\n') }]);
    const { options } = resolveSettings(layerOfText(text, 'c.yaml'));
    const conversion = convert(cluster, options);
    const releases = conversion.controllers?.map(({ name, conversion: own }) => [
      name,
      own?.model.controller.release.version,
    ]);
    expect(releases).toEqual(expect.arrayContaining([['nginx', '1.9.6']]));
    expect(releases?.find(([name]) => name === 'inner')?.[1]).not.toBe('1.9.6');
  });

  const both = [...base, ingress('a', 'nginx', 'a.example.com'), ingress('b', 'inner', 'b.example.com')];

  it('wait for gateways where none is named, with an error that says which hosts and what to write', () => {
    const conversion = converted(both);
    expect(conversion.objects).toEqual([]);
    expect(codesOf(conversion)).toEqual(['controller/no-gateway', 'controller/no-gateway']);
    const [, second] = conversion.findings.filter(({ type }) => type.code === 'controller/no-gateway');
    expect(messageOf(second!)).toContain('b.example.com');
    expect(messageOf(second!)).not.toContain('a.example.com');
    expect(remedyOf(second!)).toContain('--gateway-for inner=NAMESPACE/LABEL=VALUE');
    expect(statesOf(conversion)).toEqual({ 'shop/a': 'waiting', 'shop/b': 'waiting' });
    expect(new Set(conversion.outcomes.map(({ status }) => status))).toEqual(new Set(['manual']));
  });

  it('put the hosts of each on its own gateway', () => {
    const conversion = converted(both, { 'gateway-for': [edge, inner] });
    expect(codesOf(conversion)).toEqual([]);
    expect(hostsByGateway(conversion)).toEqual([
      ['a.example.com', '{"istio":"edge"}'],
      ['b.example.com', '{"istio":"inner"}'],
    ]);
    expect([...outputFiles(conversion.objects).keys()]).toEqual([
      'controllers/inner/b.example.com.yaml',
      'controllers/nginx/a.example.com.yaml',
      'kustomization.yaml',
    ]);
  });

  it('convert the one that has a gateway, and tell of the other', () => {
    const conversion = converted(both, { 'gateway-for': edge });
    expect(hostsByGateway(conversion)).toEqual([['a.example.com', '{"istio":"edge"}']]);
    expect(codesOf(conversion)).toEqual(['controller/no-gateway']);
  });

  it.each([
    [
      'the same labels, whatever the namespace',
      ['nginx=edge/istio=gw', 'inner=inner/istio=gw'],
      0,
      'controller/no-gateway',
    ],
    [
      'labels within those of the other',
      ['nginx=edge/istio=gw', 'inner=inner/istio=gw,zone=a'],
      0,
      'controller/no-gateway',
    ],
    [
      'labels of other names',
      ['nginx=edge/istio=gw', 'inner=inner/app=gw'],
      2,
      'controller/overlapping-gateways',
    ],
  ])('with gateways of %s', (_name, gateways, hosts, code) => {
    const conversion = converted(both, { 'gateway-for': gateways });
    expect(hostsByGateway(conversion)).toHaveLength(hosts);
    expect(codesOf(conversion)).toContain(code);
  });

  it('serve one host twice, each as its own nginx does', () => {
    const documents = [
      ...base,
      ingress('a', 'nginx', 'both.example.com', { path: '/x' }),
      ingress('b', 'inner', 'both.example.com', { path: '/x', annotations: { 'use-regex': 'true' } }),
    ];
    const conversion = converted(documents, { 'gateway-for': [edge, inner] });
    const matches = conversion.objects.flatMap(({ object }) =>
      object.kind === 'VirtualService'
        ? [JSON.stringify((object.spec as VirtualServiceSpec).http?.map((route) => route.match))]
        : [],
    );
    expect(matches[0]).not.toContain('regex":"(?i)/x');
    expect(matches[0]).toContain('"exact":"/x"');
    expect(matches[1]).not.toContain('"exact":"/x"');
    expect(conversion.findings.filter(({ type }) => type.severity === 'error')).toEqual([]);
    expect(
      new Set(conversion.objects.map(({ object: { kind, metadata } }) => `${kind} ${metadata.name}`)).size,
    ).toBe(conversion.objects.length);
  });

  it('share one DestinationRule of a Service, with subsets of their own', () => {
    const grpc = { annotations: { 'backend-protocol': 'GRPC' } };
    const conversion = converted(
      [...base, ingress('a', 'nginx', 'a.example.com', grpc), ingress('b', 'inner', 'b.example.com', grpc)],
      { 'gateway-for': [edge, inner] },
    );
    const rules = conversion.objects.filter(({ object }) => object.kind === 'DestinationRule');
    expect(rules.map(({ from }) => from)).toEqual([['shop/a', 'shop/b']]);
    const { subsets } = rules[0]!.object.spec as { subsets: { name: string }[] };
    expect(subsets.map(({ name }) => name)).toEqual(['grpc-inner', 'grpc-nginx']);
  });

  it('tell an Ingress that both serve, which has one outcome for each part', () => {
    const watching = deployment('internal', [
      '--controller-class=k8s.io/ingress-inner',
      '--ingress-class=inner',
      '--watch-ingress-without-class',
    ]);
    const documents = [
      deployment('external', ['--watch-ingress-without-class=true']),
      watching,
      ...base.slice(2),
      ingress('a', undefined, 'a.example.com'),
      ingress('b', 'inner', 'b.example.com'),
    ];
    const conversion = converted(documents, { 'gateway-for': [edge, inner] });
    expect(codesOf(conversion)).toEqual(['controller/served-twice']);
    expect(hostsByGateway(conversion).map(([host]) => host)).toEqual([
      'a.example.com',
      'a.example.com',
      'b.example.com',
    ]);
    const places = conversion.outcomes.map(({ subject: { kind, origin } }) =>
      JSON.stringify([kind, origin.source.ref, origin.path]),
    );
    expect(new Set(places).size).toBe(places.length);
  });

  it('are known by namespace and name where they serve the same class', () => {
    const documents = [
      deployment('external', ['--watch-namespace=shop']),
      deployment('internal', ['--watch-namespace=wiki']),
      ...base.slice(2),
      ingress('a', 'nginx', 'a.example.com'),
      ingress('b', 'nginx', 'b.example.com', { namespace: 'wiki' }),
    ];
    const unclear = converted(documents, { 'gateway-for': edge });
    expect(unclear.objects).toEqual([]);
    expect(codesOf(unclear)).toContain('controller/ambiguous');
    const conversion = converted(documents, {
      'gateway-for': ['external/controller=edge/istio=edge', 'internal/controller=inner/istio=inner'],
    });
    expect(hostsByGateway(conversion)).toEqual([
      ['a.example.com', '{"istio":"edge"}'],
      ['b.example.com', '{"istio":"inner"}'],
    ]);
  });

  it('share what they serve by the labels of namespaces, and leave what nobody can tell to neither', () => {
    const documents = [
      deployment('external', ['--watch-namespace-selector=edge in (public)']),
      deployment('internal', ['--watch-namespace-selector=edge!=public']),
      ...base.slice(2),
      'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { edge: public } }\n',
      ingress('a', 'nginx', 'a.example.com'),
      ingress('b', 'nginx', 'b.example.com', { namespace: 'wiki' }),
    ];
    const flags = {
      'gateway-for': ['external/controller=edge/istio=edge', 'internal/controller=inner/istio=inner'],
    };
    const unclear = converted(documents, flags);
    expect(hostsByGateway(unclear)).toEqual([['a.example.com', '{"istio":"edge"}']]);
    expect(codesOf(unclear)).toEqual(['controller/namespace-unknown', 'controller/namespace-unknown']);
    expect(statesOf(unclear)).toEqual({ 'shop/a': 'served', 'wiki/b': 'waiting' });
    const clear = converted(
      [...documents, 'apiVersion: v1\nkind: Namespace\nmetadata: { name: wiki }\n'],
      flags,
    );
    expect(hostsByGateway(clear)).toEqual([
      ['a.example.com', '{"istio":"edge"}'],
      ['b.example.com', '{"istio":"inner"}'],
    ]);
    expect(codesOf(clear)).toEqual([]);
  });

  it('may be chosen one at a time, with a gateway that is not the usual one', () => {
    const chosen = converted(both, { controller: 'inner', 'gateway-selector': 'istio=inner' });
    expect(hostsByGateway(chosen)).toEqual([['b.example.com', '{"istio":"inner"}']]);
    expect(statesOf(chosen)).toEqual({ 'shop/a': 'not-selected', 'shop/b': 'served' });
    const usual = converted(both, { controller: 'inner' });
    expect(usual.objects).toEqual([]);
    expect(codesOf(usual)).toEqual(['controller/no-gateway']);
    expect(codesOf(converted(both, { controller: 'nobody' }))).toEqual(['controller/not-chosen']);
  });

  it('are not told of an earlier output of each other', () => {
    const flags = { 'gateway-for': [edge, inner] };
    const documents = [
      ...base,
      ingress('a', 'nginx', 'both.example.com'),
      ingress('b', 'inner', 'both.example.com'),
    ];
    const first = converted(documents, flags);
    const again = converted([...documents, outputStream(first.objects)], flags);
    expect(outputStream(again.objects)).toBe(outputStream(first.objects));
    expect(again.findings.filter(({ type }) => type.severity === 'error')).toEqual([]);
  });

  it('tell a gateway that is named for none of them', () => {
    const conversion = converted(both, { 'gateway-for': [edge, inner, 'nowhere=x/istio=x'] });
    expect(codesOf(conversion)).toEqual(['controller/not-in-input']);
  });
});

describe('one controller', () => {
  it('keeps its output where another one serves nothing', () => {
    const documents = [...base.slice(0, 1), ...base.slice(2), ingress('a', 'nginx', 'a.example.com')];
    const alone = converted(documents);
    const beside = converted([...documents, internal]);
    expect(outputStream(beside.objects)).toBe(outputStream(alone.objects));
    expect(beside.controllers).toBeUndefined();
  });

  it('of another class than the usual one names its gateway, where the input shows two', () => {
    const documents = [...base, ingress('b', 'inner', 'b.example.com')];
    const conversion = converted(documents);
    expect(conversion.objects).toEqual([]);
    expect(codesOf(conversion)).toEqual(['controller/no-gateway']);
    const named = converted(documents, { 'gateway-selector': 'istio=inner' });
    expect(hostsByGateway(named)).toEqual([['b.example.com', '{"istio":"inner"}']]);
  });

  it('is one in the middle of a roll-out, when its pods have other flags', () => {
    const pod = deployment('external', ['--v=3']).replace('name: controller', 'name: controller-old');
    const documents = [external, pod, service, ingress('a', 'nginx', 'a.example.com')];
    const conversion = converted(documents);
    expect(hostsByGateway(conversion)).toEqual([['a.example.com', '{"istio":"ingressgateway"}']]);
    expect(conversion.controllers).toBeUndefined();
  });

  it('keeps its gateway where an IngressClass shows another one, whose hosts wait', () => {
    const documents = [
      classOf('inner', 'k8s.io/ingress-nginx-inner'),
      service,
      ingress('a', 'nginx', 'a.example.com'),
      ingress('b', 'inner', 'b.example.com'),
    ];
    const conversion = converted(documents);
    expect(hostsByGateway(conversion)).toEqual([['a.example.com', '{"istio":"ingressgateway"}']]);
    expect(codesOf(conversion)).toEqual(['controller/no-gateway']);
    expect(conversion.objects[0]?.object.metadata.name).toBe('a-example-com');
  });

  it('leaves the Ingresses of other products alone', () => {
    const documents = [
      classOf('traefik', 'traefik.io/ingress-controller'),
      classOf('f5', 'nginx.org/ingress-controller'),
      service,
      ingress('a', 'nginx', 'a.example.com'),
      ingress('b', 'traefik', 'b.example.com'),
      ingress('c', 'f5', 'c.example.com'),
    ];
    const conversion = converted(documents);
    expect(conversion.controllers).toBeUndefined();
    expect(codesOf(conversion)).toEqual([]);
  });

  it('is that of the flags, where they say the class', () => {
    const documents = [
      ...base,
      ingress('a', 'nginx', 'a.example.com'),
      ingress('b', 'inner', 'b.example.com'),
    ];
    const cluster = readTexts([{ file: 'input.yaml', text: documents.join('\n---\n') }]);
    const controllerFlags = ['--controller-class=k8s.io/ingress-inner', '--ingress-class=inner'];
    const conversion = convert(cluster, { ...defaultOptions, controllerFlags });
    expect(hostsByGateway(conversion).map(([host]) => host)).toEqual(['b.example.com']);
  });
});
