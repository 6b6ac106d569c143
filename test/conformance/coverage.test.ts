import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { coverageOfRecordings, coverageTable, families } from './coverage.ts';
import { readScenario } from './scenario.ts';

const scenario = (name: string) => readScenario(fileURLToPath(new URL(`scenarios/${name}`, import.meta.url)));

test('counts who answers, and what comes along where it is configured', () => {
  const coverage = coverageOfRecordings([scenario('hsts'), scenario('custom-headers')]);
  expect(coverage.get('backend')?.get('HSTS')?.present).toBeGreaterThan(0);
  expect(coverage.get('nginx: denied location')?.get('custom-headers')).toMatchObject({ present: 0 });
});

test('lists what no recording shows', () => {
  const lines = coverageTable(coverageOfRecordings([]));
  expect(lines).toContain(`- nginx: app-root: ${families.join(', ')}`);
});
