import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mark } from '../scripts/new-annotation.ts';
import { builtInMappings, controllerOptions } from '../src/decode/mappings.ts';
import { defaultOptions, withParity } from '../src/domain/options.ts';
import { filterOptions, handledOptions } from '../src/features/controller-options.ts';
import { features } from '../src/features/index.ts';
import { judgeOption } from '../src/ledger/options.ts';

const mappings = builtInMappings();
const names = mappings.all.flatMap(({ name, aliases }) => [name, ...aliases]);
const scenarios = new Set(readdirSync(new URL('conformance/scenarios', import.meta.url)));

describe('annotations', () => {
  it('are all 138 names of ingress-nginx 1.15.1, and 11 of older releases', () => {
    const today = mappings.all.filter(({ until }) => until === undefined);
    expect(today.flatMap(({ name, aliases }) => [name, ...aliases])).toHaveLength(138);
    expect(new Set(names).size).toBe(149);
    expect(names).toHaveLength(149);
  });

  it('are converted by features that exist', () => {
    const known = new Set(features.map(({ name }) => name));
    const asked = mappings.all.flatMap(({ action }) => (action.kind === 'convert' ? [action.feature] : []));
    expect([...new Set(asked)].filter((name) => !known.has(name)).sort()).toEqual([]);
  });

  it('are for the most part carried over, or need not be', () => {
    const done = mappings.all.filter(({ fidelity }) =>
      ['exact', 'equivalent', 'approximate', 'opt-in', 'not-needed'].includes(fidelity),
    );
    const count = done.flatMap(({ name, aliases }) => [name, ...aliases]).length;
    expect(count).toBeGreaterThanOrEqual(120);
  });

  it('say what is left to do where a person has to do it, or nobody can', () => {
    const silent = mappings.all.filter(
      ({ fidelity, action, note }) =>
        (fidelity === 'manual' || fidelity === 'impossible') &&
        note === '' &&
        (action.kind !== 'none' || action.advice === ''),
    );
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('name scenarios that exist as their proof', () => {
    const missing = mappings.all.flatMap(({ name, verified }) =>
      verified.filter((scenario) => !scenarios.has(scenario)).map((scenario) => `${name}: ${scenario}`),
    );
    expect(missing).toEqual([]);
  });
});

it('nothing that `npm run new-annotation` began is unfinished', () => {
  const root = new URL('..', import.meta.url);
  const folders = ['mappings', 'src/features', 'test/features', 'test/conformance/scenarios'];
  const unfinished = folders.flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:ts|yaml)$/.test(file))
      .map((file) => `${folder}/${file}`)
      .filter((file) => readFileSync(new URL(file, root), 'utf8').includes(mark)),
  );
  expect(unfinished).toEqual([]);
});

describe("keys of the controller's ConfigMap", () => {
  it('are 194, and 36 of older releases, and those that features name are among them', () => {
    const known = new Set(controllerOptions().map(({ name }) => name));
    expect(controllerOptions().filter(({ until }) => until === undefined)).toHaveLength(194);
    expect(known.size).toBe(230);
    expect([...handledOptions, ...filterOptions].filter((name) => !known.has(name))).toEqual([]);
  });

  it.each([
    ['by themselves', defaultOptions],
    ['with parity', withParity(defaultOptions)],
  ])('have an outcome each, with a reason wherever they are not converted: %s', (_name, options) => {
    for (const option of controllerOptions()) {
      const verdict = judgeOption(option, another(option.default), undefined, options);
      expect(verdict.status, option.name).toMatch(/^(converted|opt-in|manual|not-needed|impossible)$/);
      if (verdict.status !== 'converted') expect(verdict.reason, option.name).not.toBe('');
      if (['opt-in', 'manual', 'impossible'].includes(verdict.status))
        expect(verdict.findings, option.name).toHaveLength(1);
    }
  });
});

/** A valid value that is not the default. */
function another(usual: unknown): string {
  if (typeof usual === 'boolean') return String(!usual);
  if (typeof usual === 'number') return String(usual + 1);
  return 'something-else';
}
