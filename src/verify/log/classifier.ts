import type { Conversion } from '../../conversion/conversion.ts';
import { istioReader } from '../../diff/istio-routes.ts';
import type { Route } from '../../diff/route.ts';
import type { Finding, ObservableField } from '../../domain/findings.ts';
import { coverageReader, declare } from '../judge/declared.ts';
import type { Result } from '../judge/observation.ts';
import { isActing } from './acting.ts';
import { type Candidate, candidateFinder } from './candidates.ts';
import { memoized } from './memoized.ts';
import { predictedDifferences } from './predicted.ts';
import type { LogRecord } from './record.ts';

export type LogVerdict = 'same' | 'declared' | 'closed' | 'undeclared';

export interface Judged {
  readonly candidate: Candidate;
  readonly after: Route;
  readonly verdict: LogVerdict;
  readonly fields: readonly ObservableField[];
  /** Codes of the findings that declare it, or that closed the location. */
  readonly codes: readonly string[];
  /** All findings that speak of the request. */
  readonly touched: readonly Finding[];
}

export interface Classified {
  readonly explained: boolean;
  /** One for each request that the line may stand for, the likeliest first. */
  readonly judged: readonly Judged[];
}

/** Whether an upstream gave the answer: 502 and 504 say that none did. */
function isAnswered({ tries = 0, status }: LogRecord): boolean {
  return tries > 0 && status !== 502 && status !== 504;
}

export function classifier(conversion: Conversion): (record: LogRecord) => Classified {
  const candidatesOf = candidateFinder(conversion);
  const routeOf = memoized(
    istioReader(
      conversion.objects.map(({ object }) => object),
      conversion.options,
    ),
  );
  const coverageOf = coverageReader(conversion);
  return (record) => {
    const { all, explained } = candidatesOf(record);
    const judged = all.map((candidate): Judged => {
      const { request, expected } = candidate;
      const after = routeOf(request);
      const nginx: Result = {
        status: record.status,
        headers: {},
        upstream: isAnswered(record) ? '?' : null,
        upstreamRequest: null,
      };
      const coverage = coverageOf(
        {
          scheme: request.tls ? 'https' : 'http',
          host: request.host,
          path: record.path,
          method: request.method,
          headers: request.headers,
        },
        nginx,
      );
      const acting = coverage.findings.filter((finding) => isActing(finding, record, candidate));
      const fields = [
        ...new Set([
          ...(expected.mirrored && record.upstream === '-'
            ? []
            : predictedDifferences(record, expected.route, after)),
          ...acting.flatMap(({ type }) => type.fields),
        ]),
      ];
      const base = { candidate, after, fields, touched: coverage.findings };
      if (fields.length === 0) return { ...base, verdict: 'same', codes: [] };
      if (after.answer.startsWith('503') && coverage.closing.length > 0)
        return {
          ...base,
          verdict: 'closed',
          codes: [...new Set(coverage.closing.map(({ type }) => type.code))].sort(),
        };
      const declared = declare(
        fields.map((field) => ({ field, nginx: null, istio: null })),
        coverage,
      );
      return {
        ...base,
        verdict: declared.every(({ declaredBy }) => declaredBy.length > 0) ? 'declared' : 'undeclared',
        codes: [...new Set(declared.flatMap(({ declaredBy }) => declaredBy))].sort(),
      };
    });
    return { explained, judged };
  };
}
