import { questionText } from '../conversion/question-text.ts';
import type { Question } from '../conversion/questions.ts';
import type { Step } from '../plan/step.ts';
import { jsonLine } from '../text/escape.ts';
import type { Checklist, PlannedMove } from './checklist.ts';
import { writtenHost } from './migration-plan.ts';

/** Names the shape of the report; `plan-report.schema.json` describes it. A change that breaks readers counts it up. */
export const planReportSchema = 'ingress2istio/plan-report/v1';

/** The plan for programs, a line a wave. The same plan gives the same bytes. */
export function* planJson(
  { checklists, gateway, steps, objects }: PlannedMove,
  version: string,
): Generator<string> {
  yield `{\n"schema": ${jsonLine(planReportSchema)},\n"tool": ${jsonLine({ name: 'ingress2istio', version })},\n`;
  yield* list('gateway', gateway.map(questionLine), ',\n');
  yield* list('steps', steps.map(stepLine), ',\n');
  yield* list('objects', objects, ',\n');
  yield* list('waves', checklists.map(waveLine), '\n');
  yield '}\n';
}

function* list(name: string, items: readonly object[], end: string): Generator<string> {
  if (items.length === 0) {
    yield `"${name}": []${end}`;
    return;
  }
  yield `"${name}": [\n`;
  for (const [index, line] of items.entries())
    yield `${jsonLine(line)}${index < items.length - 1 ? ',\n' : '\n'}`;
  yield `]${end}`;
}

function waveLine(checklist: Checklist): object {
  const { number, hosts, gone, bonds, split, objects, steps, decisions, dns, differences } = checklist;
  const written = (names: readonly string[]): string[] => names.map(writtenHost);
  return {
    wave: number,
    hosts: hosts.map(({ host, ...rest }) => ({ host: writtenHost(host), ...rest })),
    gone: written(gone),
    together: bonds.map((bond) => ({ ...bond, hosts: written(bond.hosts) })),
    split: split.map(({ kind, name, here, elsewhere }) => ({
      kind,
      name,
      here: written(here),
      elsewhere: elsewhere.map((wave) => ({ wave: wave.number, hosts: written(wave.hosts) })),
    })),
    objects,
    secrets: steps.flatMap(({ secret }) =>
      secret === undefined ? [] : [{ from: secret.from, to: secret.to }],
    ),
    steps: steps.map(stepLine),
    decisions: decisions.map(questionLine),
    dns: dns.map((change) =>
      change.kind === 'record'
        ? change
        : { ...change, hosts: written(change.hosts), others: written(change.others) },
    ),
    differences,
  };
}

function stepLine({ kind, key, title, commands }: Step): object {
  return { kind, key, title, commands };
}

function questionLine(question: Question): object {
  const { key, level, kind, name } = question;
  return { key, level, kind, name, says: questionText(question).sentence };
}
