import { describe, expect, it } from 'vitest';
import { messageOf } from '../../src/domain/findings.ts';
import { defaultOptions, type TcpSplit } from '../../src/domain/options.ts';
import type { VirtualServiceSpec } from '../../src/istio-api/types.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';

const service = (name: string, type = 'ClusterIP') =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: db }\nspec: { type: ${type}, externalName: db.example.org, ports: [{ name: pg, port: 5432 }] }`;
const ports =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: tcp-services, namespace: ingress-nginx }\ndata: { "5432": db/old:5432 }';

function converted(tcpSplits: readonly TcpSplit[], ...more: readonly string[]) {
  const text = [ports, service('old'), service('next'), ...more].join('\n---\n');
  const cluster = readTexts([{ file: 'input.yaml', text }]);
  const { objects, findings } = convert(cluster, { ...defaultOptions, tcpSplits });
  const routes = objects.find(({ object }) => object.kind === 'VirtualService')!;
  return {
    shares: (routes.object.spec as VirtualServiceSpec).tcp![0]!.route.map(
      ({ destination, weight }) => [destination.host.split('.')[0], weight] as const,
    ),
    comment: routes.parts?.[0]?.comment,
    told: findings.filter(({ type }) => type.code.includes('split')).map(messageOf),
  };
}

describe('a share of the connections to a TCP port', () => {
  it('goes to another Service, by the number or the name of its port', () => {
    for (const port of ['5432', 'pg']) {
      const split = converted([{ port: 5432, service: `db/next:${port}`, weight: 10 }]);
      expect(split.shares).toEqual([
        ['old', 90],
        ['next', 10],
      ]);
      expect(split.comment).toEqual([`tcp-split: 10 % go to db/next:${port}`]);
      expect(split.told).toHaveLength(1);
    }
  });

  it('may go to several', () => {
    const split = converted(
      [
        { port: 5432, service: 'db/next:5432', weight: 10 },
        { port: 5432, service: 'db/later:5432', weight: 5 },
      ],
      service('later'),
    );
    expect(split.shares).toEqual([
      ['old', 85],
      ['next', 10],
      ['later', 5],
    ]);
  });

  it.each<[string, TcpSplit[], string]>([
    ['a Service', [{ port: 5432, service: 'db/none:5432', weight: 1 }], 'no Service db/none:5432'],
    ['its port', [{ port: 5432, service: 'db/next:1', weight: 1 }], 'no Service db/next:1'],
    [
      'a Service in the mesh',
      [{ port: 5432, service: 'db/outside:5432', weight: 1 }],
      'no Service db/outside',
    ],
    ['the port', [{ port: 5433, service: 'db/next:5432', weight: 1 }], "it isn't in tcp-services"],
    [
      'all connections once',
      [
        { port: 5432, service: 'db/next:5432', weight: 60 },
        { port: 5432, service: 'db/next:5432', weight: 60 },
      ],
      'more than 100 %',
    ],
  ])('needs %s', (_, splits, reason) => {
    const split = converted(splits, service('outside', 'ExternalName'));
    expect(split.shares).toEqual([['old', undefined]]);
    expect(split.told.join()).toContain(reason);
  });
});
