/** The file that is looked for next to the input where no other is named. */
export const usualPlanFile = 'ingress2istio.plan.yaml';

/** What one run of `plan` leaves for the next one, and for `--select wave=`. Waves by host. */
export interface PlanFile {
  readonly waveSize: number | undefined;
  readonly pinned: ReadonlyMap<string, number>;
  readonly moved: ReadonlyMap<string, number>;
  readonly planned: ReadonlyMap<string, number>;
}

export const noPlanFile: PlanFile = {
  waveSize: undefined,
  pinned: new Map(),
  moved: new Map(),
  planned: new Map(),
};

/** The wave in which a host moves, or moved; undefined where the file doesn't name it. */
export function waveIn({ moved, planned }: PlanFile, host: string): number | undefined {
  return moved.get(host) ?? planned.get(host);
}
