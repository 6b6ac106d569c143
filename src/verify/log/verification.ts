import type { Conversion } from '../../conversion/conversion.ts';
import type { Question } from '../../conversion/questions.ts';
import type { Traffic } from '../../conversion/traffic.ts';
import type { Finding } from '../../domain/findings.ts';
import { upstreamKey } from '../../nginx/backends.ts';
import type { Location } from '../../nginx/model.ts';
import { type Classified, classifier, type Judged, type LogVerdict } from './classifier.ts';
import type { LineParser } from './parser.ts';
import type { LogRecord } from './record.ts';
import type { CountedKind, LogTally } from './tally.ts';

export type VerdictCounts = Readonly<Record<LogVerdict, number>>;

/** Requests for one shape of paths of one host, by one method and scheme. */
export interface RequestClass {
  /** `*` for hosts that no Ingress names. */
  readonly host: string;
  /** Other hosts that fit as well, where the log does not name the host. */
  readonly otherHosts: readonly string[];
  /** With ids, hashes and the like folded. */
  readonly path: string;
  /** '' where nginx could not read the request. */
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Whether the log says so; else it is the likelier one. */
  readonly schemeLogged: boolean;
  readonly requests: number;
  /** Of them, those that the model explains. */
  readonly explained: number;
  readonly verdicts: VerdictCounts;
  /** What differs, sorted. */
  readonly fields: readonly string[];
  /** Codes of the findings that declare it, sorted. */
  readonly findings: readonly string[];
  /** Where the first of them stands: `access.log:17`. */
  readonly example: string;
}

/** Lines that the model does not explain. */
export interface Unexplained {
  readonly host: string;
  readonly path: string;
  readonly method: string;
  readonly status: number;
  /** '' where the log names none. */
  readonly upstream: string;
  /** What the model says instead: a status, or the backend. */
  readonly expected: string;
  readonly requests: number;
  /** Where the first ones stand. */
  readonly examples: readonly string[];
}

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

const mostExamples = 3;
const mostOtherHosts = 5;

/**
 * Holds what was counted against the conversion.
 * @param asking the questions of the conversion
 */
export function verifyLog(
  conversion: Conversion,
  tally: LogTally,
  parser: LineParser,
  asking: readonly Question[],
): LogVerification {
  const classify = classifier(conversion);
  const classes = new Map<string, ClassDraft>();
  const unexplained = new Map<string, Unexplained & { requests: number; examples: string[] }>();
  const findings = new Map<string, number>();
  const questions = new Map<string, number>();
  const questionsOf = questionFinder(asking);
  const asked = new Set<Location>();
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
      if (candidate.expected.location !== undefined) asked.add(candidate.expected.location);
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
      .flatMap(({ locations }) => locations)
      .filter((location) => location.rule !== undefined && !asked.has(location)),
  };
}

/** Why the model has no upstream of that name: its Ingress is not served, as far as the input says. */
function upstreamsNotServed({ model }: Conversion): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  for (const { ingress, state } of model.ingresses) {
    if (state.kind === 'served') continue;
    const { namespace, name } = ingress.ref;
    for (const { backend } of ingress.rules.flatMap(({ paths = [] }) => paths))
      if (backend.kind === 'service')
        reasons.set(
          upstreamKey(namespace, backend),
          `the model does not serve ${namespace}/${name}: ${state.reason}`,
        );
  }
  return reasons;
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

function noVerdicts(): Record<LogVerdict, number> {
  return { same: 0, declared: 0, closed: 0, undeclared: 0 };
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

interface ClassDraft
  extends Omit<RequestClass, 'fields' | 'findings' | 'requests' | 'explained' | 'verdicts' | 'otherHosts'> {
  requests: number;
  explained: number;
  readonly verdicts: Record<LogVerdict, number>;
  readonly otherHosts: Set<string>;
  readonly fields: Set<string>;
  readonly findings: Set<string>;
}

function addTo(
  classes: Map<string, ClassDraft>,
  path: string,
  { count, example }: CountedKind,
  record: LogRecord,
  { explained, judged }: Classified,
): void {
  const [first] = judged;
  const host = first?.candidate.host ?? record.host ?? '*';
  const scheme = first?.candidate.request.tls === true ? 'https' : 'http';
  const { method } = record;
  const key = keyOf({ host, path, method, scheme });
  const draft: ClassDraft = classes.get(key) ?? {
    host,
    otherHosts: new Set(),
    path,
    method,
    scheme,
    schemeLogged: record.tls !== undefined,
    requests: 0,
    explained: 0,
    verdicts: noVerdicts(),
    fields: new Set(),
    findings: new Set(),
    example,
  };
  classes.set(key, draft);
  draft.requests += count;
  if (explained) draft.explained += count;
  draft.verdicts[first?.verdict ?? 'undeclared'] += count;
  for (const { candidate } of judged)
    if (explained && candidate.host !== host && draft.otherHosts.size < mostOtherHosts)
      draft.otherHosts.add(candidate.host);
  for (const field of first?.fields ?? []) draft.fields.add(field);
  for (const code of first?.codes ?? []) draft.findings.add(code);
}

function keyOf({
  host,
  path,
  method,
  scheme,
}: Pick<RequestClass, 'host' | 'path' | 'method' | 'scheme'>): string {
  return `${host}\n${path}\n${method}\n${scheme}`;
}

function finished({ otherHosts, fields, findings, ...rest }: ClassDraft): RequestClass {
  return { ...rest, otherHosts: [...otherHosts], fields: [...fields].sort(), findings: [...findings].sort() };
}

function worstFirst(a: RequestClass, b: RequestClass): number {
  for (const verdict of ['undeclared', 'closed', 'declared'] as const) {
    const less = b.verdicts[verdict] - a.verdicts[verdict];
    if (less !== 0) return less;
  }
  if (a.requests !== b.requests) return b.requests - a.requests;
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

function addUnexplained(
  all: Map<string, Unexplained & { requests: number; examples: string[] }>,
  path: string,
  { count, example }: CountedKind,
  { method, status, upstream = '', host }: LogRecord,
  judged: Judged | undefined,
  notServed: ReadonlyMap<string, string>,
): void {
  const route = judged?.candidate.expected.route;
  const draft = {
    host: host === undefined ? (judged?.candidate.host ?? '*') : (judged?.candidate.host ?? host),
    path,
    method,
    status,
    upstream,
    expected:
      route === undefined
        ? (notServed.get(upstream) ?? 'no host has this upstream')
        : route.answer === ''
          ? route.backend
          : route.answer,
  };
  const key = JSON.stringify(draft);
  const known = all.get(key) ?? { ...draft, requests: 0, examples: [] };
  all.set(key, known);
  known.requests += count;
  if (known.examples.length < mostExamples) known.examples.push(example);
}
