import type { Conversion } from '../../conversion/conversion.ts';
import type { Question } from '../../conversion/questions.ts';
import type { Traffic } from '../../conversion/traffic.ts';
import type { Finding } from '../../domain/findings.ts';
import type { Location } from '../../nginx/model.ts';
import { classifier, type Judged } from './classifier.ts';
import type { LineParser } from './parser.ts';
import {
  addTo,
  type ClassDraft,
  finished,
  noVerdicts,
  type RequestClass,
  type VerdictCounts,
  worstFirst,
} from './request-classes.ts';
import type { LogTally } from './tally.ts';
import { addUnexplained, type Unexplained, upstreamsNotServed } from './unexplained.ts';

/** A request as it can be asked again. It may hold what shapes hide, so no report has it. */
export interface LoggedRequest {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly path: string;
  readonly method: string;
  readonly websocket: boolean;
  readonly requests: number;
}

/** What a log shows of a conversion. All counts are of requests. */
export interface LogVerification {
  readonly log: Omit<LogTally, 'kinds'>;
  readonly model: { readonly explained: number; readonly unexplained: number };
  readonly verdicts: VerdictCounts;
  /** Requests that fit several hosts or schemes with different verdicts; the likeliest one is counted. */
  readonly undecided: { readonly requests: number; readonly hosts: number; readonly schemes: number };
  /** Those that would go another way first, then the most frequent. */
  readonly classes: readonly RequestClass[];
  /** The most frequent first. */
  readonly unexplained: readonly Unexplained[];
  /** Requests by code of the findings that speak of them. */
  readonly findings: ReadonlyMap<string, number>;
  /** Requests by key of the questions that they touch. */
  readonly questions: Traffic;
  /** Locations that nobody asked for. */
  readonly unasked: readonly Location[];
  /** One for each kind of request that reached a host. */
  readonly requests: readonly LoggedRequest[];
}

/**
 * Holds what was counted against the conversion.
 * @param asking the questions of the conversion
 * @param looksAt the hosts whose requests count, '' being the catch-all; undefined: all
 */
export function verifyLog(
  conversion: Conversion,
  tally: LogTally,
  parser: LineParser,
  asking: readonly Question[],
  looksAt: (host: string) => boolean = () => true,
): LogVerification {
  const classify = classifier(conversion);
  const classes = new Map<string, ClassDraft>();
  const unexplained = new Map<string, Unexplained & { requests: number; examples: string[] }>();
  const findings = new Map<string, number>();
  const questions = new Map<string, number>();
  const questionsOf = questionFinder(asking);
  const requested = new Set<Location>();
  const requests: LoggedRequest[] = [];
  const standings = new Map<string, string>();
  const verdicts = noVerdicts();
  const model = { explained: 0, unexplained: 0 };
  const notServed = upstreamsNotServed(conversion);
  const undecided = { requests: 0, hosts: 0, schemes: 0 };

  for (const kind of tally.kinds) {
    const path = parser.pathOf(kind.shape);
    const own = parser.recordOf(kind.shape, kind.path);
    // One path stands for all of its shape that go to an upstream: readers memoize what they say of it.
    const group = `${own.host} ${own.upstream} ${path}`;
    const standing = standings.get(group) ?? own.path;
    standings.set(group, standing);
    const record = { ...own, path: standing };
    const { count } = kind;
    const { explained, judged } = classify(record);
    const likeliest = judged[0]?.candidate.host;
    if (likeliest !== undefined && !looksAt(likeliest === '*' ? '' : likeliest)) continue;
    model[explained ? 'explained' : 'unexplained'] += count;
    const first = judged[0];
    if (first !== undefined) verdicts[first.verdict] += count;
    else verdicts.undeclared += count;
    const touched = first?.touched ?? [];
    for (const code of new Set(touched.map(({ type }) => type.code))) addCount(findings, code, count);
    if (first !== undefined && record.method !== '')
      requests.push({
        scheme: first.candidate.request.tls ? 'https' : 'http',
        host: first.candidate.request.host,
        path: standing,
        method: record.method,
        websocket: record.status === 101,
        requests: count,
      });
    for (const question of questionsOf(touched, ownersOf(first))) addCount(questions, question, count);
    for (const { candidate } of judged)
      if (candidate.expected.location !== undefined) requested.add(candidate.expected.location);
    const open = openQuestions(judged);
    if (open.hosts || open.schemes) undecided.requests += count;
    if (open.hosts) undecided.hosts += count;
    if (open.schemes) undecided.schemes += count;
    addTo(classes, path, kind, record, { explained, judged });
    if (!explained) addUnexplained(unexplained, path, kind, record, first, notServed);
  }
  const { kinds: _kinds, ...log } = tally;
  return {
    log,
    model,
    verdicts,
    undecided,
    classes: [...classes.values()].map(finished).sort(worstFirst),
    unexplained: [...unexplained.values()].sort(
      (a, b) => b.requests - a.requests || (a.examples[0]! < b.examples[0]! ? -1 : 1),
    ),
    findings,
    questions,
    requests,
    unasked: conversion.model.servers
      .filter(({ host }) => looksAt(host))
      .flatMap(({ locations }) => locations)
      .filter((location) => location.rule !== undefined && !requested.has(location)),
  };
}

function addCount(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

/**
 * The questions that a request touches: those with a finding that speaks of it; and those whose findings speak of no traffic, where
 * an Ingress that answers it asks them.
 */
function questionFinder(
  questions: readonly Question[],
): (touched: readonly Finding[], ingresses: readonly string[]) => ReadonlySet<string> {
  const byFinding = new Map<Finding, string>();
  const byIngress = new Map<string, string[]>();
  for (const { key, findings, ingresses } of questions) {
    for (const finding of findings) byFinding.set(finding, key);
    if (findings.some(({ scope }) => scope.kind !== 'none')) continue;
    for (const ingress of ingresses) byIngress.set(ingress, [...(byIngress.get(ingress) ?? []), key]);
  }
  return (touched, ingresses) =>
    new Set([
      ...touched.flatMap((finding) => byFinding.get(finding) ?? []),
      ...ingresses.flatMap((ingress) => byIngress.get(ingress) ?? []),
    ]);
}

function ownersOf(judged: Judged | undefined): string[] {
  const location = judged?.candidate.expected.location;
  const owners = [location?.owner, location?.canary?.ingress];
  return [
    ...new Set(
      owners.flatMap((one) =>
        one === undefined ? [] : [`${one.ingress.ref.namespace}/${one.ingress.ref.name}`],
      ),
    ),
  ];
}

/** What would have to be known for another verdict. */
function openQuestions(judged: readonly Judged[]): { readonly hosts: boolean; readonly schemes: boolean } {
  const [first] = judged;
  const others = judged.filter(({ verdict }) => verdict !== first?.verdict);
  const isHost = ({ candidate }: Judged): boolean => candidate.host !== first?.candidate.host;
  return { hosts: others.some(isHost), schemes: others.some((one) => !isHost(one)) };
}
