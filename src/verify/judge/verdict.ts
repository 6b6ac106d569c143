import type { Coverage } from './declared.ts';
import { type DeclaredDifference, declare } from './declared.ts';
import { differences, type ExternalNames, isOpen, unjudged } from './judge.ts';
import type { Observation, Result } from './observation.ts';
import type { Probe } from './probe.ts';

export type Verdict = 'same' | 'declared' | 'closed' | 'undeclared' | 'unjudged';

export interface ProbeVerdict {
  readonly name: string;
  readonly verdict: Verdict;
  readonly differences: readonly DeclaredDifference[];
  /** True where status, Location, upstream, path, method and Host are the same, whatever the headers are. */
  readonly coreSame: boolean;
  /** True where nginx refused what an upstream answered through Istio. */
  readonly open: boolean;
  /** True where istiod or Envoy did not take the configuration. */
  readonly refused: boolean;
  /** Why the probe is not judged, or which findings closed the location. */
  readonly note?: string;
}

const coreFields = ['status', 'location', 'upstream', 'path', 'method', 'host', 'share', 'connection'];

export function judge(
  probe: Probe,
  nginx: Observation,
  istio: Result,
  coverage: Coverage,
  externalNames: ExternalNames = new Map(),
): ProbeVerdict {
  const reason = unjudged(probe, nginx);
  const base = { name: probe.name, differences: [], coreSame: false, open: false, refused: false };
  if (reason !== undefined) return { ...base, verdict: 'unjudged', note: reason };
  const recorded = nginx.results[probe.name]!;
  const found = declare(differences(probe, recorded, istio, externalNames), coverageFor(coverage, istio));
  const judged = {
    ...base,
    differences: found,
    coreSame: !found.some(({ field }) => coreFields.includes(field)),
    open: isOpen(probe, recorded, istio, coverage.denied),
  };
  if (found.length === 0) return { ...judged, verdict: 'same' };
  if (istio.status === 503 && istio.upstream === null && coverage.closing.length > 0) {
    const codes = [...new Set(coverage.closing.map(({ type }) => type.code))].sort();
    return { ...judged, verdict: 'closed', note: codes.join(', ') };
  }
  const declared = found.every(({ declaredBy }) => declaredBy.length > 0);
  return { ...judged, verdict: declared ? 'declared' : 'undeclared' };
}

/** A finding that says that a location answers 503 on purpose declares nothing else. */
function coverageFor(coverage: Coverage, { status }: Result): Coverage {
  if (status === 503) return coverage;
  const closes = new Set(coverage.closing.filter(({ type }) => type.code.endsWith('/closed')));
  return { ...coverage, findings: coverage.findings.filter((finding) => !closes.has(finding)) };
}

/** The verdict on a probe of a configuration that istiod or Envoy refused: a defect of ours, always. */
export function judgeRefused(probe: Probe, nginx: Observation, reasons: readonly string[]): ProbeVerdict {
  const reason = unjudged(probe, nginx);
  const base = { name: probe.name, coreSame: false, open: false };
  if (reason !== undefined) {
    return { ...base, verdict: 'unjudged', differences: [], refused: false, note: reason };
  }
  const status = `status ${nginx.results[probe.name]?.status}`;
  return {
    ...base,
    verdict: 'undeclared',
    differences: [
      { field: 'connection', nginx: status, istio: `refused: ${reasons.join('; ')}`, declaredBy: [] },
    ],
    refused: true,
  };
}
