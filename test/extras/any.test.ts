import fc from 'fast-check';
import { expect, it } from 'vitest';
import { extraNames } from '../../src/domain/extras.ts';
import type { DestinationRuleSpec, VirtualServiceSpec } from '../../src/istio-api/types.ts';
import { outputStream } from '../../src/output/files.ts';
import { randomCluster } from '../random-cluster.ts';
import { converted, told } from './converted.ts';

const selected = (documents: readonly string[]) =>
  documents.map((text) => text.replace(/^spec:\n {2}ports:/m, 'spec:\n  selector:\n    app: web\n  ports:'));

it('changes no converted object, keeps every subset that a route names, and is the same for any order', () => {
  fc.assert(
    fc.property(randomCluster, fc.subarray([...extraNames], { minLength: 1 }), (documents, extras) => {
      const flags = { 'gateway-service-account': 'gw' };
      const input = selected(documents);
      const plain = converted(input, flags);
      const hardened = converted(input, { ...flags, with: extras.join(',') });
      const reversed = converted(input.toReversed(), { ...flags, with: extras.join(',') });
      expect(outputStream(hardened.objects)).toBe(outputStream(plain.objects));
      expect(outputStream(reversed.extras!)).toBe(outputStream(hardened.extras!));
      expect(told(hardened).filter((text) => text.startsWith('check/'))).toEqual([]);
      const subsets = new Map(
        hardened.extras!.flatMap(({ object: { kind, spec } }) => {
          const { host, subsets = [] } = spec as DestinationRuleSpec;
          return kind === 'DestinationRule'
            ? [[host, new Set(subsets.map(({ name }) => name))] as const]
            : [];
        }),
      );
      for (const { object } of hardened.objects) {
        if (object.kind !== 'VirtualService') continue;
        const routes = ((object.spec as VirtualServiceSpec).http ?? []).flatMap(({ route = [] }) => route);
        for (const { destination } of routes)
          if (destination.subset !== undefined && subsets.has(destination.host))
            expect([...subsets.get(destination.host)!]).toContain(destination.subset);
      }
      const names = hardened.extras!.map(
        ({ object: { kind, metadata } }) => `${kind} ${metadata.namespace}/${metadata.name}`,
      );
      expect(new Set(names).size).toBe(names.length);
    }),
  );
});
