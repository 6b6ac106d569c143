import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Measured, measuredModule, measuredOf, versionsPage, withMeasured } from './measured.ts';
import { mainMesh } from './meshes.ts';
import { totalsOf } from './totals.ts';

const old = { istiod: '2026-04-23', envoy: '1.36.4' };

const row = (nginx: string, more: Partial<Measured> = {}): Measured => ({
  nginx,
  recordings: 'by release',
  mesh: mainMesh,
  profile: 'default',
  judged: 4,
  same: '75.0',
  declared: 1,
  closed: 0,
  undeclared: 0,
  verdicts: 'a',
  ...more,
});

describe('what was measured', () => {
  it('is counted, and its digest tells verdicts and what declares them apart', () => {
    const of = (declaredBy: readonly string[]) => {
      const probe = {
        name: 'p',
        verdict: 'declared' as const,
        differences: [{ field: 'status' as const, nginx: '200', istio: '404', declaredBy }],
        coreSame: false,
        open: false,
        refused: false,
      };
      const result = {
        profile: 'parity' as const,
        totals: totalsOf([probe]),
        scenarios: [{ name: 's', totals: totalsOf([probe]), probes: [probe], warnings: [] }],
      };
      return measuredOf(result, { nginx: '1.9.6', recordings: 'project', mesh: old });
    };
    expect(of(['a/b'])).toMatchObject({ judged: 1, same: '0.0', declared: 1, profile: 'parity' });
    expect(of(['a/b']).verdicts).toBe(of(['a/b']).verdicts);
    expect(of(['a/b']).verdicts).not.toBe(of(['a/c']).verdicts);
  });

  it('takes the place of what was measured before, in the order of releases', () => {
    const rows = withMeasured([row('1.11.5'), row('1.9.6', { same: '10.0' })], [row('1.9.6')]);
    expect(rows.map(({ nginx, same }) => `${nginx} ${same}`)).toEqual(['1.9.6 75.0', '1.11.5 75.0']);
  });

  it('stands in tables, with the meshes that agree', () => {
    const own = { recordings: 'project' } as const;
    const page = versionsPage(
      'A\n<!-- controllers -->\nold\n<!-- /controllers -->\nB\n<!-- meshes -->\n<!-- /meshes -->\nC\n',
      [
        row('1.9.6'),
        row('1.15.1', own),
        row('1.15.1', { ...own, mesh: old }),
        row('1.15.1', { ...own, mesh: { ...old, envoy: '1.37.0' }, verdicts: 'b' }),
      ],
    );
    expect(page).toContain('| 1.9.6 | default | 75.0 % | 1 | 0 | 0 |\n<!-- /controllers -->\nB\n');
    expect(page).not.toContain('old');
    expect(page).toMatch(/1\.36\.4 .* the very same \|/);
    expect(page).toMatch(/1\.37\.0 .* others \|/);
    expect(page.endsWith('<!-- /meshes -->\nC\n')).toBe(true);
  });
});

it('docs/versions.md says what measured.json holds (npm run conformance -- … --measured)', () => {
  const text = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const page = text('../../docs/versions.md');
  expect(versionsPage(page, JSON.parse(text('measured.json')) as Measured[])).toBe(page);
});

it('--version names what measured.json holds', () => {
  const text = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const rows = JSON.parse(text('measured.json')) as Measured[];
  expect(text('../../src/measured.generated.ts')).toBe(measuredModule(rows));
});
