import type { ProbeVerdict, Verdict } from '../../src/verify/judge/verdict.ts';
import type { Profile } from './profile.ts';

export interface Totals extends Readonly<Record<Verdict, number>> {
  readonly probes: number;
  /** How many of the undeclared are so because istiod or Envoy refused the configuration. */
  readonly refused: number;
}

export interface ScenarioResult {
  readonly name: string;
  readonly totals: Totals;
  readonly probes: readonly ProbeVerdict[];
  /** What istiod said while it took the configuration. */
  readonly warnings: readonly string[];
}

/** What a run in one profile found: the content of `--json`. */
export interface ProfileResult {
  readonly profile: Profile;
  readonly totals: Totals;
  readonly scenarios: readonly ScenarioResult[];
}

export function totalsOf(probes: readonly ProbeVerdict[]): Totals {
  const count = (verdict: Verdict) => probes.filter((probe) => probe.verdict === verdict).length;
  return {
    probes: probes.length,
    same: count('same'),
    declared: count('declared'),
    closed: count('closed'),
    undeclared: count('undeclared'),
    unjudged: count('unjudged'),
    refused: probes.filter(({ refused }) => refused).length,
  };
}

/** The share of the judged probes that are the same: with headers, and in status, Location, upstream, path, method and Host alone. */
export function sameShare(probes: readonly ProbeVerdict[]): {
  readonly whole: number;
  readonly core: number;
} {
  const judged = probes.filter(({ verdict }) => verdict !== 'unjudged');
  const share = (count: number) => (judged.length === 0 ? 1 : count / judged.length);
  return {
    whole: share(judged.filter(({ verdict }) => verdict === 'same').length),
    core: share(judged.filter(({ coreSame }) => coreSame).length),
  };
}
