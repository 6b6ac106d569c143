import type { Classified, LogVerdict } from './classifier.ts';
import type { LogRecord } from './record.ts';
import type { CountedKind } from './tally.ts';

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

const mostOtherHosts = 5;

export function noVerdicts(): Record<LogVerdict, number> {
  return { same: 0, declared: 0, closed: 0, undeclared: 0 };
}

export interface ClassDraft
  extends Omit<RequestClass, 'fields' | 'findings' | 'requests' | 'explained' | 'verdicts' | 'otherHosts'> {
  requests: number;
  explained: number;
  readonly verdicts: Record<LogVerdict, number>;
  readonly otherHosts: Set<string>;
  readonly fields: Set<string>;
  readonly findings: Set<string>;
}

export function addTo(
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

export function finished({ otherHosts, fields, findings, ...rest }: ClassDraft): RequestClass {
  return { ...rest, otherHosts: [...otherHosts], fields: [...fields].sort(), findings: [...findings].sort() };
}

export function worstFirst(a: RequestClass, b: RequestClass): number {
  for (const verdict of ['undeclared', 'closed', 'declared'] as const) {
    const less = b.verdicts[verdict] - a.verdicts[verdict];
    if (less !== 0) return less;
  }
  if (a.requests !== b.requests) return b.requests - a.requests;
  return keyOf(a) < keyOf(b) ? -1 : 1;
}
