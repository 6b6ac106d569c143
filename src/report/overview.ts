import type { Conversion } from '../conversion.ts';
import type { Finding } from '../findings.ts';
import { allFindings } from './places.ts';
import { type IngressReadiness, readinessOf } from './readiness.ts';
import { type Summary, summaryOf } from './summary.ts';

/** A conversion as every report looks at it; made once, for all of them. */
export interface Overview {
  readonly conversion: Conversion;
  /** Worst first, then by code and place. */
  readonly findings: readonly Finding[];
  readonly ingresses: readonly IngressReadiness[];
  readonly summary: Summary;
}

export function overviewOf(conversion: Conversion): Overview {
  const findings = allFindings(conversion);
  const ingresses = readinessOf(conversion, findings);
  return { conversion, findings, ingresses, summary: summaryOf(conversion, findings, ingresses) };
}
