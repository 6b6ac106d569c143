// Holds `diff --view routes` against what the conformance suite saw: tsx test/diff/measure.ts VERDICTS.json
// (`npm run conformance -- --profile default --profile parity --json VERDICTS.json`).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { routeTables } from '../../src/diff/routes-view.ts';
import { convertScenario } from '../conformance/converted.ts';
import type { Profile } from '../conformance/profile.ts';
import { readScenario } from '../conformance/scenario.ts';

interface Verdicts {
  readonly profile: Profile;
  readonly scenarios: readonly {
    readonly name: string;
    readonly probes: readonly {
      readonly name: string;
      readonly verdict: string;
      readonly differences: readonly { readonly field: string; readonly declaredBy?: readonly string[] }[];
    }[];
  }[];
}

const routing = new Set(['status', 'location', 'upstream', 'path', 'method', 'host', 'share', 'connection']);
/** Gaps that the view tells of above the table. */
const toldOnce = /^(?:platform\/|tls\/https-lost$)/;
const scenarios = fileURLToPath(new URL('../conformance/scenarios', import.meta.url));
const runs = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Verdicts | Verdicts[];

for (const { profile, scenarios: judged } of Array.isArray(runs) ? runs : [runs as Verdicts]) {
  const counts = { 'same, empty': 0, 'different, shown': 0, 'same, shown': 0, 'different, empty': 0 };
  const exceptions: string[] = [];
  for (const { name, probes } of judged) {
    if (probes.every(({ verdict }) => verdict === 'unjudged')) continue;
    const seen = probes.flatMap(({ name: probe, differences }) =>
      differences
        .filter(
          ({ field, declaredBy }) =>
            routing.has(field) && !(declaredBy ?? []).some((code) => toldOnce.test(code)),
        )
        .map(({ field }) => `${probe} ${field}`),
    );
    const tables = routeTables(convertScenario(readScenario(join(scenarios, name)), profile));
    const rows = tables.flatMap(({ host, rows: all }) =>
      all.filter(({ differs }) => differs.length > 0).map((row) => ({ host, row })),
    );
    const key =
      seen.length === 0
        ? rows.length === 0
          ? 'same, empty'
          : 'same, shown'
        : rows.length === 0
          ? 'different, empty'
          : 'different, shown';
    counts[key]++;
    if (key === 'different, empty') exceptions.push(`${name}: not shown: ${seen.slice(0, 4).join('; ')}`);
    if (key === 'same, shown') {
      const shown = rows
        .slice(0, 3)
        .map(
          ({ host, row }) =>
            `${host}${row.paths[0]} ${row.schemes.join('+')} ${row.condition} ${row.differs
              .map((column) => `${column} "${row.left[column]}" / "${row.right[column]}"`)
              .join(', ')}`,
        );
      exceptions.push(`${name}: shown: ${shown.join('\n      ')}`);
    }
  }
  process.stdout.write(`${profile}: ${JSON.stringify(counts)}\n`);
  for (const exception of exceptions) process.stdout.write(`  ${exception}\n`);
}
