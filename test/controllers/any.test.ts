import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ControllerOptions,
  defaultOptions,
  type Options,
  withParity,
} from '../../src/domain/options.ts';
import { outputStream } from '../../src/output/files.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';
import { markdownReport } from '../../src/report/markdown.ts';
import { overviewOf } from '../../src/report/overview.ts';
import { randomCluster } from '../random-cluster.ts';
import { classOf, deployment } from './objects.ts';

/** Gateways in one namespace, where names can meet; the second class ends like the first, and like a host. */
const controllers: ControllerOptions[] = ['com', 'example-com'].map((name) => ({
  class: name,
  gateway: { namespace: 'gateways', selector: { istio: name } },
}));

const installed = controllers.flatMap(({ class: name }) => [
  deployment(name, [`--controller-class=k8s.io/${name}`, `--ingress-class=${name}`]),
  classOf(name, `k8s.io/${name}`),
]);

/** Ingresses of either controller, and of none. */
const divided = fc
  .tuple(
    randomCluster,
    fc.array(fc.constantFrom('com', 'example-com', 'other'), { minLength: 5, maxLength: 5 }),
  )
  .map(([documents, classes]) => {
    let next = 0;
    const own = documents.map((text) =>
      text.replace('ingressClassName: nginx', () => `ingressClassName: ${classes[next++ % 5]}`),
    );
    return [...installed, ...own];
  });

const choices = fc.constantFrom<Options>(
  { ...defaultOptions, controllers },
  { ...withParity(defaultOptions), controllers },
  { ...defaultOptions, controllers: controllers.slice(1) },
  defaultOptions,
);

function converted(documents: readonly string[], options: Options) {
  return convert(readTexts([{ file: 'input.yaml', text: documents.join('\n---\n') }]), options);
}

describe('any input of two controllers', () => {
  it('has one outcome for each subject, and no two objects of one name', () => {
    fc.assert(
      fc.property(divided, choices, (documents, options) => {
        const { cluster, outcomes, objects, findings } = converted(documents, options);
        const places = outcomes
          .filter(({ subject: { kind } }) => kind === 'annotation' || kind === 'rule' || kind === 'path')
          .map(({ subject: { origin } }) => JSON.stringify([origin.source.ref, origin.path]));
        expect(new Set(places).size).toBe(places.length);
        const expected = cluster.ingresses.flatMap(({ annotations, rules }) => [
          ...annotations.keys(),
          ...rules,
          ...rules.flatMap(({ paths = [] }) => paths),
        ]);
        expect(places).toHaveLength(expected.length);
        const names = objects.map(
          ({ object: { kind, metadata } }) => `${kind} ${metadata.namespace}/${metadata.name}`,
        );
        expect(new Set(names).size).toBe(names.length);
        expect(findings.filter(({ type }) => type.code.startsWith('check/duplicate'))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same bytes in whatever order the documents come', () => {
    const texts = (documents: readonly string[], options: Options) => {
      const conversion = converted(documents, options);
      // Places in the file are those of another order.
      const report = [...markdownReport(overviewOf(conversion))].join('').replace(/input\.yaml:\d+:\d+/g, '');
      return [outputStream(conversion.objects), report.split('\n').sort().join('\n')];
    };
    fc.assert(
      fc.property(
        divided.chain((documents) =>
          fc.tuple(
            fc.constant(documents),
            fc.shuffledSubarray([...documents], { minLength: documents.length }),
          ),
        ),
        choices,
        ([documents, shuffled], options) => {
          expect(texts(shuffled, options)).toEqual(texts(documents, options));
        },
      ),
      { numRuns: 40 },
    );
  });
});
