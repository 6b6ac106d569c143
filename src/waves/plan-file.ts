import { toYaml } from '../emit/yaml.ts';
import { type EditedFile, loadChecked, refuse } from '../text/checked-yaml.ts';
import type { PlacedProblem } from '../text/yaml-places.ts';
import { hostWritten, wavesOf, writtenHost } from './migration-plan.ts';
import schema from './plan-file.schema.json' with { type: 'json' };
import { noPlanFile, type PlanFile } from './plan-state.ts';

/** Names the shape of the file; `plan-file.schema.json` describes it. */
export const planFileSchema = 'ingress2istio/plan/v1';

interface WrittenWave {
  readonly wave: number;
  readonly hosts: readonly string[];
}

interface Written {
  readonly waveSize?: number;
  readonly pinned?: Readonly<Record<string, number>>;
  readonly moved?: readonly WrittenWave[];
  readonly waves?: readonly WrittenWave[];
}

/**
 * Reads the text of a plan file; `name` is for messages.
 * @throws {ConfigError} with file, line and column of each problem
 */
export function readPlanFile(text: string, name: string): PlanFile {
  if (text.trim() === '') return noPlanFile;
  const file = editedFile(name);
  const value = loadChecked(text, file);
  const { waveSize, pinned = {}, moved = [], waves = [] } = value as Written;
  const seen = new Set<string>();
  const problems: PlacedProblem[] = [];
  const read = (key: 'moved' | 'waves', all: readonly WrittenWave[]): Map<string, number> => {
    const found = new Map<string, number>();
    for (const [index, { wave, hosts }] of all.entries()) {
      for (const [at, written] of hosts.entries()) {
        const host = hostWritten(written);
        if (seen.has(host))
          problems.push({ path: [key, index, 'hosts', at], text: `names ${written} for the second time` });
        seen.add(host);
        found.set(host, wave);
      }
    }
    return found;
  };
  const plan = {
    waveSize,
    pinned: new Map(Object.entries(pinned).map(([host, wave]) => [hostWritten(host), wave])),
    moved: read('moved', moved),
    planned: read('waves', waves),
  };
  refuse(text, problems, file);
  return plan;
}

function editedFile(name: string): EditedFile {
  return {
    name,
    schema,
    remedy: 'Correct the plan file; docs/moving.md describes its format.',
    subjectOf: (path) => String(path.findLast((part) => typeof part === 'string') ?? ''),
  };
}

const head = `# Written by ingress2istio plan, which reads it again. Hosts under moved keep their wave; those under waves are placed
# again by each run. To record a move, use --moved WAVE or --moved HOST; to place a host yourself, use --pin HOST=WAVE.
`;

/** The text of a plan file: equal plans give equal bytes. */
export function planFileText({ waveSize, pinned, moved, planned }: PlanFile): string {
  const sorted = [...pinned].sort(([a], [b]) => (a < b ? -1 : 1));
  const file = {
    schema: planFileSchema,
    ...(waveSize !== undefined && { waveSize }),
    ...(sorted.length > 0 && {
      pinned: Object.fromEntries(sorted.map(([host, wave]) => [writtenHost(host), wave])),
    }),
    ...(moved.size > 0 && { moved: writtenWaves(moved) }),
    ...(planned.size > 0 && { waves: writtenWaves(planned) }),
  };
  return `${head}${toYaml([file]).replace(/^---\n/, '')}`;
}

function writtenWaves(byHost: ReadonlyMap<string, number>): WrittenWave[] {
  return wavesOf(byHost).map(({ number, hosts }) => ({ wave: number, hosts: hosts.map(writtenHost) }));
}
