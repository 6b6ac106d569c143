import { count, number } from '../../text/count.ts';
import type { LiveResult, LiveVerdict } from '../live/compare.ts';
import { tableOf, type VerifyDocument } from './document.ts';

export const liveVerdicts = [
  'undeclared',
  'unreachable',
  'unstable',
  'closed',
  'declared',
  'same',
] as const satisfies readonly LiveVerdict[];

/** What a run was, and how it ended. */
export interface LiveRun {
  readonly from: string;
  readonly to: string;
  readonly results: readonly LiveResult[];
  /** Probes that were planned. */
  readonly planned: number;
  readonly interrupted: boolean;
}

export function countsOf(results: readonly LiveResult[]): Record<LiveVerdict, number> {
  const counts = { same: 0, declared: 0, closed: 0, undeclared: 0, unstable: 0, unreachable: 0 };
  for (const { verdict } of results) counts[verdict]++;
  return counts;
}

/** Worst first, in the order of the probes. */
export function worstFirst(results: readonly LiveResult[]): LiveResult[] {
  return liveVerdicts.flatMap((verdict) => results.filter((result) => result.verdict === verdict));
}

/** Whether both gateways answered any request at all: else nothing was shown. */
export function isAnswered(results: readonly LiveResult[]): boolean {
  return results.length === 0 || results.some(({ verdict }) => verdict !== 'unreachable');
}

function verdictOf(requests: number, { undeclared, unreachable }: Record<LiveVerdict, number>): string {
  const unanswered =
    unreachable === 0
      ? ''
      : ` ${number(unreachable)} ${unreachable === 1 ? 'was' : 'were'} not answered, so nothing is shown for ${unreachable === 1 ? 'it' : 'them'}.`;
  return undeclared === 0
    ? `${count(requests, 'request')}: no difference that no finding declares.${unanswered}`
    : `${number(undeclared)} of ${count(requests, 'request')} differ, and no finding declares it.${unanswered}`;
}

const mostRows = 60;

/** The report on two gateways, for people. */
export function liveDocument({ from, to, results, planned, interrupted }: LiveRun): VerifyDocument {
  const counts = countsOf(results);
  return {
    title: 'Both gateways, asked the same',
    verdict: verdictOf(results.length, counts),
    bad: counts.undeclared > 0 || !isAnswered(results),
    facts: [
      ['Old gateway', from],
      ['New gateway', to],
      ...liveVerdicts.map((verdict) => [labels[verdict], number(counts[verdict])] as const),
    ],
    notes: interrupted
      ? [`The run was interrupted after ${count(results.length, 'request')} of ${number(planned)}.`]
      : [],
    tables: [
      ...tableOf(
        {
          title: 'Differences',
          intro: 'Undeclared ones first.',
          head: ['Verdict', 'Request', 'Before', 'After', 'What differs', 'Finding'],
        },
        worstFirst(results).filter(({ verdict }) => verdict !== 'same'),
        mostRows,
        (result) => [
          result.verdict,
          result.probe.name,
          String(result.before ?? 'no answer'),
          String(result.after ?? 'no answer'),
          differenceText(result),
          [...new Set(result.differences.flatMap(({ declaredBy }) => declaredBy))].join(', '),
        ],
      ),
    ],
  };
}

const labels: Readonly<Record<LiveVerdict, string>> = {
  undeclared: 'Different, and no finding declares it',
  unreachable: 'Not answered',
  unstable: 'Different each time',
  closed: 'Blocked with 503 until you decide',
  declared: 'Different, and a finding declares it',
  same: 'Same',
};

const longestValue = 60;

/** `location: "/a" → "/b"`; what no finding declares comes first. */
export function differenceText({ differences, note }: LiveResult): string {
  const sorted = [...differences].sort((a, b) => a.declaredBy.length - b.declaredBy.length);
  const texts = sorted
    .slice(0, 3)
    .map(({ field, nginx, istio }) => `${fieldText(field)}: ${shown(nginx)} → ${shown(istio)}`);
  return [...texts, ...(note === undefined ? [] : [note])].join('; ');
}

export function fieldText(field: string): string {
  return field === 'response-header:(body)' ? 'body' : field.replace(/^response-header:/, 'header ');
}

function shown(value: string | null): string {
  if (value === null) return 'nothing';
  return value.length > longestValue ? `${value.slice(0, longestValue)}…` : value;
}
