import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { layerOfText } from '../../../src/config/file.ts';
import { resolveSettings } from '../../../src/config/settings.ts';
import type { Conversion } from '../../../src/conversion/conversion.ts';
import { defaultOptions, type GivenOptions, withParity } from '../../../src/domain/options.ts';
import { newerFieldsOf } from '../../../src/istio-api/schemas/crd.ts';
import { convert } from '../../../src/pipeline.ts';
import { readTexts } from '../../../src/read/index.ts';
import { flagsOf } from '../../conformance/scenario.ts';

/** The releases whose definitions are held (scripts/istio-crds.ts). */
const releases = ['1.30', '1.31', '1.32'];

/** The inputs of a folder of folders, by name, with the options that stand beside each. */
function inputsOf(folder: string): [string, string, GivenOptions][] {
  const root = fileURLToPath(new URL(folder, import.meta.url));
  const text = (file: string) => (existsSync(root + file) ? readFileSync(root + file, 'utf8') : '');
  return readdirSync(root)
    .filter((name) => existsSync(`${root}${name}/input.yaml`))
    .sort()
    .map((name) => {
      const config = `${name}/ingress2istio.yaml`;
      const { options } = resolveSettings(layerOfText(text(config), config));
      const controllerFlags = [...options.controllerFlags, ...flagsOf(root + name)];
      return [name, text(`${name}/input.yaml`), { ...options, controllerFlags }];
    });
}

const inputs = [...inputsOf('../../../samples/'), ...inputsOf('../../conformance/scenarios/')];

function writtenTooEarly({ objects }: Conversion, release: string): string[] {
  return objects.flatMap(({ object: { kind, metadata, spec } }) =>
    newerFieldsOf(release)(kind, spec).map(
      ({ path, since }) => `${kind} ${metadata.name} ${path}: since ${since}`,
    ),
  );
}

describe.each(releases)('Istio %s', (istioVersion) => {
  it.each([
    ['as they come', (options: GivenOptions) => options],
    ['with --parity', withParity<GivenOptions>],
  ])(
    'knows every field written for samples and scenarios %s',
    (_, changed) => {
      const wrong = inputs.flatMap(([name, text, options]) => {
        const conversion = convert(
          readTexts([{ file: 'input.yaml', text }]),
          changed({ ...options, istioVersion }),
        );
        return writtenTooEarly(conversion, istioVersion).map((line) => `${name}: ${line}`);
      });
      expect(wrong).toEqual([]);
    },
    60_000,
  );
});

it('finds a field that came later', () => {
  const [, text] = inputs.find(([name]) => name === 'affinity-cookie-options')!;
  const { objects } = convert(readTexts([{ file: 'input.yaml', text }]), defaultOptions);
  const cookies = objects.flatMap(({ object }) => newerFieldsOf('1.27')(object.kind, object.spec));
  expect(cookies.map(({ path }) => path)).toEqual([expect.stringMatching(/httpCookie\.attributes$/)]);
});
