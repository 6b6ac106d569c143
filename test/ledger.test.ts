import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Conversion } from '../src/conversion/conversion.ts';
import { defaultOptions, withParity } from '../src/domain/options.ts';
import { outputStream } from '../src/output/files.ts';
import { convert } from '../src/pipeline.ts';
import type { Ingress } from '../src/read/cluster.ts';
import { readTexts } from '../src/read/index.ts';
import { randomCluster } from './random-cluster.ts';

/** What goes in: one line for each subject that an Ingress holds. */
function subjectsOf(ingress: Ingress): string[] {
  const of = (kind: string, path: readonly (string | number)[]): string =>
    `${kind} ${JSON.stringify([ingress.ref, path])}`;
  return [
    ...[...ingress.annotations.keys()].map((key) => of('annotation', ['metadata', 'annotations', key])),
    ...ingress.rules.map((rule) => of('rule', rule.origin.path)),
    ...ingress.rules.flatMap((rule) => (rule.paths ?? []).map((path) => of('path', path.origin.path))),
    ...ingress.tls.map((entry) => of('tls', entry.origin.path)),
    ...(ingress.defaultBackend === undefined
      ? []
      : [of('default-backend', ingress.defaultBackend.origin.path)]),
  ];
}

/** What comes out; directives and options are parts of other subjects. */
function accountedFor({ outcomes }: Conversion): string[] {
  const kinds = new Set(['annotation', 'rule', 'path', 'tls', 'default-backend']);
  return outcomes
    .filter(({ subject }) => kinds.has(subject.kind))
    .map(
      ({ subject }) => `${subject.kind} ${JSON.stringify([subject.origin.source.ref, subject.origin.path])}`,
    );
}

describe('the ledger', () => {
  const sample = fileURLToPath(new URL('../samples/whole-cluster/input.yaml', import.meta.url));

  test('gives each subject of a cluster exactly one outcome', () => {
    const cluster = readTexts([{ file: 'input.yaml', text: readFileSync(sample, 'utf8') }]);
    expect(accountedFor(convert(cluster, defaultOptions)).sort()).toEqual(
      cluster.ingresses.flatMap(subjectsOf).sort(),
    );
  });

  test('gives each subject of any cluster exactly one outcome', () => {
    fc.assert(
      fc.property(randomCluster, fc.boolean(), (documents, parity) => {
        const cluster = readTexts([{ file: 'input.yaml', text: documents.join('\n---\n') }]);
        const conversion = convert(cluster, parity ? withParity(defaultOptions) : defaultOptions);
        expect(accountedFor(conversion).sort()).toEqual(cluster.ingresses.flatMap(subjectsOf).sort());
      }),
      { numRuns: 60 },
    );
  });

  test('gives the same bytes in whatever order the documents come', () => {
    fc.assert(
      fc.property(
        randomCluster.chain((documents) =>
          fc.tuple(fc.constant(documents), fc.shuffledSubarray(documents, { minLength: documents.length })),
        ),
        ([documents, shuffled]) => {
          const [one, other] = [documents, shuffled].map((order) => {
            const conversion = convert(
              readTexts([{ file: 'input.yaml', text: order.join('\n---\n') }]),
              defaultOptions,
            );
            return outputStream(conversion.objects);
          });
          expect(other).toBe(one);
        },
      ),
      { numRuns: 60 },
    );
  });
});
