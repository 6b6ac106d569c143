import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checks, runChecks } from '../../src/checks/index.ts';
import { messageOf, remedyOf } from '../../src/domain/findings.ts';
import { cases } from './cases/index.ts';

describe.each(checks)('$name', ({ name, findings }) => {
  const rows = cases[name] ?? [];

  it.each(rows)('$name', ({ given, found }) => {
    const told = runChecks(given).map((each) => `${each.type.code}: ${messageOf(each)}`);
    expect(told).toHaveLength(found.length);
    for (const [index, text] of found.entries()) expect(told[index]).toContain(text);
  });

  it('has a case for each of its codes and one without a finding', () => {
    const codes = rows.flatMap(({ given }) => runChecks(given).map(({ type }) => type.code));
    expect(codes).toEqual(expect.arrayContaining(findings.map(({ code }) => code)));
    expect(rows.some(({ found }) => found.length === 0)).toBe(true);
  });
});

describe('every finding', () => {
  const all = Object.values(cases).flatMap((rows) => rows.flatMap(({ given }) => runChecks(given)));

  it('is in its table, once', () => {
    const codes = checks.flatMap(({ findings }) => findings.map(({ code }) => code));
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code).toMatch(/^check\/[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('speaks in sentences and shows no control characters', () => {
    for (const each of all) {
      for (const text of [messageOf(each), remedyOf(each), each.type.summary]) {
        expect(text).toMatch(/^[A-Z][^\p{C}]*\.$/u);
      }
    }
  });
});

it('each file of a check is in the table', () => {
  const files = readdirSync(new URL('../../src/checks', import.meta.url)).map((file) =>
    file.replace('.ts', ''),
  );
  const helpers = ['check', 'fields', 'hosts', 'index'];
  expect(files.filter((file) => !helpers.includes(file)).sort()).toEqual(
    checks.map(({ name }) => name).sort(),
  );
});
