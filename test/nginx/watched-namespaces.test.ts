import { describe, expect, it } from 'vitest';
import { messageOf } from '../../src/domain/findings.ts';
import { defaultOptions } from '../../src/domain/options.ts';
import { watchedNamespaces } from '../../src/nginx/watched-namespaces.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';
import { classOf, deployment, ingress, service } from '../controllers/objects.ts';

const namespace = (name: string, labels: string) =>
  `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: ${labels} }\n`;

const clusterOf = (documents: readonly string[]) =>
  readTexts([{ file: 'dump.yaml', text: documents.join('\n---\n') }]);

describe('a namespace with the labels edge: public, tier: "3"', () => {
  const cluster = clusterOf([namespace('shop', '{ edge: public, tier: "3" }')]);

  it.each([
    ['edge=public', true],
    ['edge==public', true],
    ['edge = public', true],
    ['edge=internal', false],
    ['edge!=internal', true],
    ['edge!=public', false],
    ['other!=public', true],
    ['edge', true],
    ['!edge', false],
    ['! other', true],
    ['edge in (public, both)', true],
    ['edge in (internal,both)', false],
    ['edge notin (internal)', true],
    ['other notin (internal)', true],
    ['edge=public,tier in (2,3)', true],
    ['edge=public,!tier', false],
    ['tier>2', true],
    ['tier<3', false],
    ['other>2', false],
    ['kubernetes.io/metadata.name=shop', true],
    ['kubernetes.io/metadata.name notin (shop, wiki)', false],
    ['edge=public internal', undefined],
    ['edgein (public)', undefined],
    ['edge in public', undefined],
    ['!edge=public', undefined],
  ])('is watched by %s: %s', (watchNamespaceSelector, watched) => {
    expect(watchedNamespaces(cluster, { watchNamespace: '', watchNamespaceSelector })('shop')).toBe(watched);
  });

  it.each([
    ['edge=public', undefined],
    ['kubernetes.io/metadata.name=wiki', true],
    ['kubernetes.io/metadata.name=shop,edge=public', false],
  ])('says of another namespace by %s: %s', (watchNamespaceSelector, watched) => {
    expect(watchedNamespaces(cluster, { watchNamespace: '', watchNamespaceSelector })('wiki')).toBe(watched);
  });

  it('takes time in line with the length of a selector that nobody means well', () => {
    const watchNamespaceSelector = `a in (${'b,('.repeat(100_000)}`;
    expect(
      watchedNamespaces(cluster, { watchNamespace: '', watchNamespaceSelector })('shop'),
    ).toBeUndefined();
  });
});

describe('--watch-namespace-selector', () => {
  const documents = [
    deployment('external', ['--watch-namespace-selector=edge=public']),
    classOf('nginx', 'k8s.io/ingress-nginx'),
    service,
    ingress('a', 'nginx', 'a.example.com'),
    ingress('b', 'nginx', 'b.example.com', { namespace: 'wiki' }),
  ];
  const stated = (more: readonly string[]) => {
    const { model, findings } = convert(clusterOf([...documents, ...more]), defaultOptions);
    return {
      states: Object.fromEntries(model.ingresses.map(({ ingress: { ref }, state }) => [ref.name, state])),
      unknown: findings.filter(({ type }) => type.code === 'controller/namespace-unknown').map(messageOf),
    };
  };

  it('leaves out what stands in namespaces that it does not select', () => {
    const { states, unknown } = stated([namespace('shop', '{ edge: public }'), namespace('wiki', '{}')]);
    expect(states).toEqual({
      a: { kind: 'served' },
      b: { kind: 'not-selected', reason: 'the controller only watches namespaces that match edge=public' },
    });
    expect(unknown).toEqual([]);
  });

  it('is an error for namespaces whose labels nobody knows', () => {
    const { states, unknown } = stated([namespace('shop', '{ edge: public }')]);
    expect(states['a']).toEqual({ kind: 'served' });
    expect(states['b']).toMatchObject({ kind: 'waiting' });
    expect(unknown).toEqual([expect.stringContaining("the input doesn't show whether these do: wiki.")]);
  });
});
