import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../pages.ts';

/** What the conformance suite found in a scenario, in words. */
export interface Verdicts {
  readonly scenario: string;
  readonly byProfile: readonly { readonly profile: string; readonly text: string }[];
  /** Codes of the findings that declare its differences. */
  readonly declaredBy: readonly string[];
}

/** RESULTS.md by scenario: what the suite itself wrote. */
export function readVerdicts(): ReadonlyMap<string, Verdicts> {
  const text = readFileSync(join(root, 'test/conformance/RESULTS.md'), 'utf8');
  const [, scenarios = ''] = /^## Scenarios$([\s\S]*?)^## /m.exec(text) ?? [];
  const rows = scenarios.matchAll(/^\| ([\w.-]+) \| (\d[\d ·]+) \| (\d[\d ·]+) \| ([^|]*) \|$/gm);
  return new Map(
    [...rows].map(([, scenario = '', usual = '', parity = '', codes = '']) => [
      scenario,
      {
        scenario,
        byProfile: [
          { profile: 'default', text: inWords(usual) },
          { profile: '--parity', text: inWords(parity) },
        ],
        declaredBy: codes.split(', ').filter((code) => code !== ''),
      },
    ]),
  );
}

const kinds = ['the same', 'declared by a finding', 'blocked', 'undeclared'] as const;

function inWords(cell: string): string {
  const counts = cell.split(' · ').map(Number);
  const parts = counts.map((count, index) => [count, kinds[index]] as const).filter(([count]) => count > 0);
  return parts.length === 0
    ? 'nothing to compare'
    : parts.map(([count, kind]) => `${count} ${kind}`).join(', ');
}

/** The tests that name a code, by code. */
export function readTests(codes: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .sort()
    .map((file) => ({ file: `test/${file}`, text: readFileSync(join(root, 'test', file), 'utf8') }));
  return new Map(
    codes.map((code) => [code, tests.filter(({ text }) => names(text, code)).map(({ file }) => file)]),
  );
}

function names(text: string, code: string): boolean {
  return text.includes(code) && new RegExp(`(?<![\\w/-])${code}(?![\\w/-])`).test(text);
}
