import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultOptions, withParity } from '../../src/domain/options.ts';
import { type Layout, type LayoutKind, layoutKinds } from '../../src/output/layout.ts';
import { filesOf } from '../../src/output/selection-files.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';
import { overviewOf } from '../../src/report/overview.ts';
import { hostPlaces } from '../../src/selection/places.ts';
import { selected } from '../../src/selection/select.ts';
import { candidatesOf, type TieKind, tieKinds } from '../../src/waves/candidates.ts';
import { planWaves, usualPlanning } from '../../src/waves/planner.ts';
import { randomCluster } from '../random-cluster.ts';

function planned(
  documents: readonly string[],
  parity: boolean,
  waveSize: number,
  together: readonly TieKind[],
) {
  const cluster = readTexts([{ file: 'input.yaml', text: documents.join('---\n') }]);
  const conversion = convert(cluster, parity ? withParity(defaultOptions) : defaultOptions);
  const places = hostPlaces(conversion);
  const candidates = candidatesOf(overviewOf(conversion), places);
  const { waves } = planWaves(candidates, { ...usualPlanning, waveSize, together });
  return { conversion, places, waves, candidates };
}

const together = fc.subarray([...tieKinds]);
const size = fc.integer({ min: 1, max: 3 });

describe('converting wave by wave', () => {
  it('gives every host in one wave, and together the very objects, outcomes and findings of one conversion', () => {
    fc.assert(
      fc.property(randomCluster, fc.boolean(), size, together, (documents, parity, waveSize, ties) => {
        const { conversion, places, waves } = planned(documents, parity, waveSize, ties);
        const hosts = waves.flatMap((wave) => wave.hosts);
        expect(hosts.sort()).toEqual(conversion.model.servers.map(({ host }) => host).sort());
        if (waves.length === 0) return;
        const idle = new Set(
          [...places.hostsOfIngress].flatMap(([name, own]) => (own.length === 0 ? [name] : [])),
        );
        const parts = waves.map((wave, index) =>
          selected(
            conversion,
            { hosts: new Set(wave.hosts), ingresses: index === 0 ? idle : new Set() },
            places,
          ),
        );
        expect(new Set(parts.flatMap(({ objects }) => objects))).toEqual(new Set(conversion.objects));
        const told = new Set(parts.flatMap(({ findings }) => findings));
        for (const finding of conversion.findings) expect(told).toContain(finding);
        const subjects = new Set(parts.flatMap(({ outcomes }) => outcomes.map(({ subject }) => subject)));
        expect(subjects).toEqual(new Set(conversion.outcomes.map(({ subject }) => subject)));
        const added = [...told].filter((finding) => !conversion.findings.includes(finding));
        expect(added.every(({ type }) => type.code.startsWith('selection/'))).toBe(true);
      }),
    );
  });

  it('leaves the very files of one conversion in a directory, in whatever layout and order', () => {
    fc.assert(
      fc.property(
        randomCluster,
        fc.constantFrom<LayoutKind>(...layoutKinds),
        fc.constantFrom('argo-cd', 'flux', undefined),
        size,
        fc.nat(5),
        (documents, kind, gitops, waveSize, turn) => {
          const { conversion, places, waves } = planned(documents, false, waveSize, []);
          const waveOf = new Map(waves.flatMap(({ number, hosts }) => hosts.map((host) => [host, number])));
          const layout: Layout = {
            kind,
            gitops,
            wavesOf: (emitted) =>
              [...new Set((places.ofObject(emitted) ?? []).map((host) => waveOf.get(host)))].sort(),
          };
          const files = (hosts: readonly string[] | undefined, before: readonly string[]) =>
            filesOf(
              {
                objects: conversion.objects,
                hostsOf: places.ofObject,
                hosts: hosts && new Set(hosts),
                layout,
                comments: true,
                directory: 'istio',
                gatewayNamespace: 'istio-system',
              },
              before,
            );
          const whole = files(undefined, []);
          let there = new Map<string, string>();
          const at = turn % Math.max(1, waves.length);
          for (const { hosts } of [...waves.slice(at), ...waves.slice(0, at)]) {
            const written = files(hosts, [...there.keys()]);
            there = new Map([...there, ...written]);
          }
          if (waves.length > 0)
            expect(Object.fromEntries([...there].sort())).toEqual(Object.fromEntries([...whole].sort()));
        },
      ),
    );
  });
});
