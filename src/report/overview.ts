import type { Conversion } from '../conversion/conversion.ts';
import { type Effort, effortOf } from '../conversion/effort.ts';
import { allFindings } from '../conversion/places.ts';
import { byTraffic, type Traffic } from '../conversion/traffic.ts';
import type { Finding } from '../domain/findings.ts';
import type { Step } from '../plan/step.ts';
import { planOf } from './plan.ts';
import { type IngressReadiness, readinessOf } from './readiness.ts';
import { type Summary, summaryOf } from './summary.ts';

/** A conversion as every report looks at it; made once, for all of them. */
export interface Overview {
  readonly conversion: Conversion;
  /** Worst first, then by code and place. */
  readonly findings: readonly Finding[];
  readonly ingresses: readonly IngressReadiness[];
  /** What a person has to do, in order. */
  readonly steps: readonly Step[];
  readonly effort: Effort;
  readonly summary: Summary;
}

/** @param traffic of a log, by which questions are sorted */
export function overviewOf(conversion: Conversion, traffic?: Traffic): Overview {
  const findings = allFindings(conversion);
  const ingresses = readinessOf(conversion, findings);
  const requested = effortOf(conversion, findings);
  const effort = traffic === undefined ? requested : byTraffic(requested, traffic);
  const summary = summaryOf(conversion, findings, ingresses);
  return { conversion, findings, ingresses, steps: planOf(conversion), effort, summary };
}
