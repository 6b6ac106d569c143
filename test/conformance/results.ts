import type { ProbeVerdict } from '../../src/verify/judge/verdict.ts';
import { type Coverage, coverageTable } from './coverage.ts';
import { type Profile, profiles } from './profile.ts';
import type { Scenario } from './scenario.ts';
import { type ProfileResult, sameShare, type Totals } from './totals.ts';

type Counts = Pick<Totals, 'same' | 'declared' | 'closed' | 'undeclared'>;

/** What RESULTS.md says of each scenario, by profile. */
export type Committed = ReadonlyMap<string, Readonly<Record<Profile, Counts>>>;

/** RESULTS.md: the totals, and who declares what, per scenario, per annotation and per finding. */
export function renderResults(
  results: readonly ProfileResult[],
  scenarios: readonly Scenario[],
  coverage: Coverage,
): string {
  return `${[
    '# What the conformance suite found',
    '',
    'Written by `npm run conformance -- --profile default --profile parity --write`; with `--check` in place of `--write`, the command fails where a scenario gets worse.',
    'Each cell holds the number of probes that are _same · declared · closed · undeclared_ ([README](README.md) has the meaning).',
    '',
    '## Totals',
    '',
    ...totalsTable(results),
    '',
    '## Scenarios',
    '',
    ...scenarioTable(results),
    '',
    '## Annotations',
    '',
    'All probes of the scenarios in which an Ingress has the annotation.',
    '',
    ...annotationTable(results, scenarios),
    '',
    '## Who answers, and what comes along',
    '',
    'Recorded probes with/without a family of headers, or a request beside the answered one, where it is configured. An empty cell is unproven: record there next.',
    '',
    ...coverageTable(coverage),
    '',
    '## Findings that declare a difference',
    '',
    ...declarationTable(results),
  ].join('\n')}\n`;
}

function totalsTable(results: readonly ProfileResult[]): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return [
    '| Profile | Probes | Judged | Same | Declared | Closed | Undeclared | Refused | Same, of all judged | Same without headers |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...results.map(({ profile, totals, scenarios }) => {
      const { whole, core } = sameShare(scenarios.flatMap(({ probes }) => probes));
      const { probes, unjudged, same, declared, closed, undeclared, refused } = totals;
      const numbers = [probes, probes - unjudged, same, declared, closed, undeclared, refused];
      return row([profile, ...numbers.map(String), percent(whole), percent(core)]);
    }),
  ];
}

function scenarioTable(results: readonly ProfileResult[]): string[] {
  const names = [...new Set(results.flatMap(({ scenarios }) => scenarios.map(({ name }) => name)))].sort();
  return table('Scenario', results, names, (result, name) =>
    result.scenarios.filter((scenario) => scenario.name === name).flatMap(({ probes }) => probes),
  );
}

function annotationTable(results: readonly ProfileResult[], scenarios: readonly Scenario[]): string[] {
  const users = new Map<string, Set<string>>();
  for (const { name, objects } of scenarios) {
    for (const annotation of annotationsOf(objects)) {
      users.set(annotation, (users.get(annotation) ?? new Set()).add(name));
    }
  }
  return table('Annotation', results, [...users.keys()].sort(), (result, annotation) =>
    result.scenarios.filter(({ name }) => users.get(annotation)!.has(name)).flatMap(({ probes }) => probes),
  );
}

function annotationsOf(objects: Scenario['objects']): string[] {
  const prefix = 'nginx.ingress.kubernetes.io/';
  return objects
    .filter(({ kind }) => kind === 'Ingress')
    .flatMap(({ metadata }) =>
      Object.keys((metadata as { annotations?: object } | undefined)?.annotations ?? {}),
    )
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
}

function table(
  title: string,
  results: readonly ProfileResult[],
  rows: readonly string[],
  probesOf: (result: ProfileResult, row: string) => readonly ProbeVerdict[],
): string[] {
  return [
    row([title, ...results.map(({ profile }) => profile), 'Declared by']),
    `|---|${results.map(() => '---').join('|')}|---|`,
    ...rows.map((name) => {
      const cells = results.map((result) => cell(probesOf(result, name)));
      const codes = new Set(results.flatMap((result) => probesOf(result, name).flatMap(codesOf)));
      return row([name, ...cells, [...codes].sort().join(', ')]);
    }),
  ];
}

function cell(probes: readonly ProbeVerdict[]): string {
  const count = (verdict: string) => probes.filter((probe) => probe.verdict === verdict).length;
  return [count('same'), count('declared'), count('closed'), count('undeclared')].join(' · ');
}

function codesOf(probe: ProbeVerdict): string[] {
  if (probe.verdict === 'closed') return (probe.note ?? '').split(', ');
  return probe.verdict === 'declared' ? probe.differences.flatMap(({ declaredBy }) => declaredBy) : [];
}

function declarationTable(results: readonly ProfileResult[]): string[] {
  const fields = new Map<string, Map<string, number>>();
  for (const { profile, scenarios } of results) {
    for (const probe of scenarios.flatMap(({ probes }) => probes)) {
      for (const { field, declaredBy } of probe.verdict === 'declared' ? probe.differences : []) {
        for (const code of declaredBy) {
          const counts = fields.get(`${code} | ${field}`) ?? new Map<string, number>();
          fields.set(`${code} | ${field}`, counts.set(profile, (counts.get(profile) ?? 0) + 1));
        }
      }
    }
  }
  return [
    row(['Finding', 'Field', ...results.map(({ profile }) => `Probes, ${profile}`)]),
    `|---|---|${results.map(() => '--:').join('|')}|`,
    ...[...fields.keys()]
      .sort()
      .map((key) => row([key, ...results.map(({ profile }) => String(fields.get(key)!.get(profile) ?? 0))])),
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Reads the table of scenarios out of RESULTS.md. */
export function readResults(text: string): Committed {
  const section = /\n## Scenarios\n(.*?)(\n## |$)/s.exec(text)?.[1] ?? '';
  const committed = new Map<string, Record<Profile, Counts>>();
  for (const line of section.split('\n')) {
    const [, name, ...cells] = line.split('|').map((part) => part.trim());
    const counts = cells.map(parseCell).filter((parsed) => parsed !== undefined);
    if (name && counts.length === profiles.length) {
      committed.set(name, { default: counts[0]!, parity: counts[1]! });
    }
  }
  return committed;
}

function parseCell(text: string): Counts | undefined {
  const numbers = /^(\d+) · (\d+) · (\d+) · (\d+)$/.exec(text)?.slice(1).map(Number);
  if (numbers === undefined) return undefined;
  const [same = 0, declared = 0, closed = 0, undeclared = 0] = numbers;
  return { same, declared, closed, undeclared };
}

/** What is worse than committed, one sentence each: more undeclared or closed, or less that is the same. */
export function regressions(committed: Committed, results: readonly ProfileResult[]): string[] {
  return results.flatMap(({ profile, scenarios }) =>
    scenarios.flatMap(({ name, totals }) => {
      const before = committed.get(name)?.[profile];
      if (before === undefined) return [`${profile}/${name} is not in RESULTS.md`];
      const worse = [
        totals.same < before.same && `same ${before.same} → ${totals.same}`,
        totals.closed > before.closed && `closed ${before.closed} → ${totals.closed}`,
        totals.undeclared > before.undeclared && `undeclared ${before.undeclared} → ${totals.undeclared}`,
      ].filter((text) => text !== false);
      return worse.length > 0 ? [`${profile}/${name}: ${worse.join(', ')}`] : [];
    }),
  );
}
