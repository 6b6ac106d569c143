// Holds `verify --log` against the conformance suite:
//   npm run conformance -- --scenarios DIR --json VERDICTS.json
//   tsx test/verify/measure.ts KIND LOGS VERDICTS.json DIR...
// KIND is `default` or `json`, LOGS a folder of recorded logs, DIR the folders of their scenarios. Every disagreement is listed by cause.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProbeVerdict } from '../../src/verify/judge/verdict.ts';
import { classifier, type LogVerdict } from '../../src/verify/log/classifier.ts';
import { literalsOfModel } from '../../src/verify/log/literals.ts';
import { lineParser } from '../../src/verify/log/parser.ts';
import { convertScenario } from '../conformance/converted.ts';
import { readScenario } from '../conformance/scenario.ts';
import type { ProfileResult } from '../conformance/totals.ts';
import { formatOfLogs, recordedLogs } from './log/logs.ts';

const [kind = 'default', logs = '', verdictsFile = '', ...folders] = process.argv.slice(2);
const suite = JSON.parse(readFileSync(verdictsFile, 'utf8')) as ProfileResult;
const judged = new Map(suite.scenarios.map(({ name, probes }) => [name, probes]));
const worst: readonly LogVerdict[] = ['same', 'declared', 'closed', 'undeclared'];
const counts = { requests: 0, explained: 0, probes: 0, agree: 0, open: 0, agreeOfDecided: 0 };
const causes = new Map<string, string[]>();

interface Own {
  verdict: LogVerdict;
  readonly possible: Set<LogVerdict>;
}

for (const [name, lines] of recordedLogs(logs)) {
  const folder = folders.map((one) => join(one, name)).find((one) => existsSync(one));
  const probes = judged.get(name);
  if (folder === undefined || probes === undefined) continue;
  const conversion = convertScenario(readScenario(folder), 'default');
  const parser = lineParser(formatOfLogs(kind, conversion), literalsOfModel(conversion));
  const classify = classifier(conversion);
  // A probe that is sent several times has several lines; the worst one counts, as in the suite.
  const own = new Map<string, Own>();
  for (const { probe, line } of lines) {
    const shape = parser.shapeOf(line);
    if (shape === undefined) continue;
    const { explained, judged: found } = classify(parser.recordOf(shape, parser.lastPath()));
    counts.requests++;
    if (explained) counts.explained++;
    const verdict = found[0]?.verdict ?? 'undeclared';
    const known = own.get(probe) ?? { verdict, possible: new Set() };
    own.set(probe, known);
    if (worst.indexOf(verdict) > worst.indexOf(known.verdict)) known.verdict = verdict;
    for (const one of found) known.possible.add(one.verdict);
  }
  for (const probe of probes) compare(name, probe, own.get(probe.name));
}

const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(2)} %`;
const lines = [
  `the model explains ${percent(counts.explained, counts.requests)} of ${counts.requests} requests`,
  `verdicts agree for ${percent(counts.agree, counts.probes)} of ${counts.probes} probes`,
  `${counts.open} of them have another verdict for another host or scheme that the log does not name; of the rest ${percent(counts.agreeOfDecided, counts.probes - counts.open)} agree`,
  ...[...causes]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([cause, names]) => `${String(names.length).padStart(5)}  ${cause}  (${names[0]})`),
];
process.stdout.write(`${lines.join('\n')}\n`);

function compare(
  scenario: string,
  { name, verdict, differences, note = '' }: ProbeVerdict,
  own: Own | undefined,
): void {
  if (verdict === 'unjudged' || own === undefined) return;
  counts.probes++;
  const isOpen = own.possible.size > 1;
  const agrees = own.verdict === verdict;
  if (isOpen) counts.open++;
  if (agrees) counts.agree++;
  if (agrees && !isOpen) counts.agreeOfDecided++;
  if (agrees) return;
  const codes = [...new Set(differences.flatMap(({ declaredBy }) => declaredBy ?? []))].slice(0, 3);
  const open = isOpen && own.possible.has(verdict) ? ', fits another host or scheme' : '';
  const cause = `suite ${verdict}, verify ${own.verdict}${open}: ${codes.join(', ') || note}`;
  causes.set(cause, [...(causes.get(cause) ?? []), `${scenario} [${name}]`]);
}
