import { type ProfileResult, sameShare } from './totals.ts';

const longest = 160;

/** What a person wants to see after a run. */
export function summary(result: ProfileResult): string {
  const { probes, same, declared, closed, undeclared, unjudged, refused } = result.totals;
  const share = sameShare(result.scenarios.flatMap((scenario) => scenario.probes));
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  return [
    ...result.scenarios.flatMap(({ name, probes: verdicts, warnings }) => [
      ...verdicts
        .filter(({ verdict }) => verdict === 'undeclared')
        .flatMap((probe) => [
          `${result.profile}/${name}: ${probe.name}`,
          ...probe.differences
            .filter(({ declaredBy }) => declaredBy.length === 0)
            .map(({ field, nginx, istio }) => `    ${field}: nginx ${shown(nginx)}, istio ${shown(istio)}`),
        ]),
      ...verdicts
        .filter(({ open }) => open)
        .map(
          (probe) => `OPEN ${result.profile}/${name}: ${probe.name}: nginx refused it, an upstream answered`,
        ),
      ...warnings.map((warning) => `WARNING ${result.profile}/${name}: ${warning}`),
    ]),
    `${result.profile}: ${probes} probes, ${probes - unjudged} judged: ${same} same, ${declared} declared, ` +
      `${closed} closed, ${undeclared} undeclared (${refused} of them refused)`,
    `${result.profile}: ${percent(share.whole)} same, ${percent(share.core)} without headers`,
  ].join('\n');
}

function shown(value: string | null): string {
  if (value === null) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** Whether a run has to fail: an undeclared difference, something open, or a warning that a user would have to explain. */
export function failed(result: ProfileResult): boolean {
  return (
    result.totals.undeclared > 0 ||
    result.scenarios.some(({ probes, warnings }) => warnings.length > 0 || probes.some(({ open }) => open))
  );
}
