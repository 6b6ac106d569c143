import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { didYouMean } from '../config/nearest.ts';
import { ConfigError, systemReason, UsageError } from '../domain/errors.ts';
import { stageDirectory } from '../output/directory.ts';
import { stageFile } from '../output/report-file.ts';
import { convert } from '../pipeline.ts';
import { overviewOf } from '../report/overview.ts';
import { hostPlaces } from '../selection/places.ts';
import { count } from '../text/count.ts';
import { visible } from '../text/escape.ts';
import { version } from '../version.ts';
import { type Candidate, candidatesOf, type TieKind } from '../waves/candidates.ts';
import { plannedMove } from '../waves/checklist.ts';
import { planJson } from '../waves/json.ts';
import { planMarkdown } from '../waves/markdown.ts';
import { hostWritten } from '../waves/migration-plan.ts';
import { hostsOnIstio, movedSoFar, planFileOf } from '../waves/moved.ts';
import { planFileText } from '../waves/plan-file.ts';
import type { PlanFile } from '../waves/plan-state.ts';
import { planWaves, usualPlanning } from '../waves/planner.ts';
import { watchFiles } from '../waves/prometheus/files.ts';
import { planFiles } from '../waves/tickets.ts';
import { trafficByHost } from '../waves/traffic-file.ts';
import { exitCodeOf } from './deliver.ts';
import { chooseSource, type InputArguments, readSource, runSettings } from './input.ts';
import { interruptible } from './interrupt.ts';
import { mappingsWith } from './mappings-directory.ts';
import { loadPlanFileIfThere, planPath } from './plan-file.ts';
import { progressOn } from './progress.ts';
import { type Terminal, tell, writeStdout } from './terminal.ts';

/** The command line of `plan`, as yargs reads it. */
export interface PlanArguments extends InputArguments {
  /** Directory; undefined: stdout. */
  readonly output: string | undefined;
  readonly format: 'md' | 'json';
  /** The plan file; undefined: the usual one. */
  readonly plan: string | undefined;
  /** Undefined: that of the plan file, else the usual one. */
  readonly waveSize: number | undefined;
  /** Waves by host, as written. */
  readonly pins: ReadonlyMap<string, number>;
  /** Hosts, as written, and numbers of waves. */
  readonly moved: readonly string[];
  readonly together: readonly TieKind[];
  /** File with a report of `verify --log`. */
  readonly traffic: string | undefined;
  /** Whether rules and dashboards are written beside the tickets. */
  readonly prometheus: boolean;
  readonly force: boolean;
  readonly quiet: boolean;
}

/** Plans the move in waves, and writes the plan file. Gives the exit code. */
export async function planCommand(args: PlanArguments, terminal: Terminal): Promise<number> {
  const { directory } = terminal;
  const settings = await runSettings(args, directory);
  const mappings = await mappingsWith(args.mappings, directory);
  const file = planPath(args.plan, args.inputs);
  const before = await loadPlanFileIfThere(file, directory);
  const traffic = args.traffic === undefined ? undefined : trafficOf(args.traffic, directory);
  const source = chooseSource(args, 'plan', terminal);
  const progress = progressOn(terminal, args.quiet);
  try {
    const { cluster, options } = await readSource(source, settings, terminal, progress);
    progress.show(0.5, `Converting ${count(cluster.ingresses.length, 'Ingress', 'Ingresses')}`);
    const conversion = convert(cluster, options, mappings);
    progress.show(0.8, 'Planning');
    const overview = overviewOf(conversion);
    const places = hostPlaces(conversion);
    const candidates = candidatesOf(overview, places, traffic);
    const known = withMoved(withPins(before, args.pins, candidates), args.moved, candidates, file);
    const planning = {
      waveSize: args.waveSize ?? known.waveSize ?? usualPlanning.waveSize,
      together: args.together,
      pinned: known.pinned,
      ...movedSoFar(candidates, known, hostsOnIstio(cluster)),
    };
    const plan = planWaves(candidates, planning);
    const move = plannedMove(overview, places, plan, candidates, planning);
    progress.show(0.9, 'Writing the plan');
    const files = (): ReadonlyMap<string, string> =>
      new Map([
        ...planFiles(move, version, args.prometheus),
        ...(args.prometheus ? watchFiles(plan, conversion) : []),
      ]);
    const written = await write(args, files, file, planFileText(planFileOf(plan, planning)), directory);
    progress.end();
    if (args.output === undefined)
      await writeStdout(
        terminal,
        [...(args.format === 'json' ? planJson(move, version) : planMarkdown(move))].join(''),
      );
    if (!args.quiet) await tell(terminal, written);
    return exitCodeOf(overview, settings.failOn);
  } finally {
    progress.end();
  }
}

/** The files of the plan all together, or none of them. */
async function write(
  { output, force }: PlanArguments,
  files: () => ReadonlyMap<string, string>,
  file: string,
  text: string,
  directory: string,
): Promise<string> {
  return interruptible(async (check) => {
    const tickets = output === undefined ? undefined : stageDirectory(output, files(), { force });
    try {
      const state = stageFile(resolve(directory, file), [text], { name: 'plan file', flag: '--plan' });
      await check().catch((error: unknown) => {
        state.discard();
        throw error;
      });
      state.commit();
    } catch (error) {
      tickets?.discard();
      throw error;
    }
    const said = `${visible(file, 200)}: plan written\n`;
    if (tickets === undefined) return said;
    const { written, unchanged, removed } = tickets.commit();
    return `${output}: ${count(written, 'file')} written, ${unchanged} unchanged, ${removed} removed\n${said}`;
  });
}

/** @throws {UsageError} a pin names no host of the input */
function withPins(
  file: PlanFile,
  pins: ReadonlyMap<string, number>,
  candidates: readonly Candidate[],
): PlanFile {
  const names = new Set(candidates.map(({ host }) => host));
  const pinned = new Map(file.pinned);
  for (const [written, wave] of pins) {
    const host = hostWritten(written);
    if (!names.has(host)) throw unknownHost('--pin', written, names);
    pinned.set(host, wave);
  }
  return { ...file, pinned };
}

/** @throws {UsageError} nothing of it was planned */
function withMoved(
  file: PlanFile,
  moves: readonly string[],
  candidates: readonly Candidate[],
  path: string,
): PlanFile {
  const moved = new Map(file.moved);
  for (const written of moves) {
    if (/^\d+$/.test(written)) {
      const wave = Number(written);
      const hosts = [...file.planned].filter(([, number]) => number === wave).map(([host]) => host);
      if (hosts.length === 0 && ![...moved.values()].includes(wave))
        throw new UsageError(
          `--moved ${written} names a wave that ${visible(path, 200)} doesn't have.`,
          'Run plan first, and record the waves that it wrote.',
        );
      for (const host of hosts) moved.set(host, wave);
      continue;
    }
    const host = hostWritten(written);
    const wave = file.planned.get(host) ?? moved.get(host);
    if (wave === undefined) {
      const names = new Set([...file.planned.keys(), ...candidates.map((one) => one.host)]);
      if (!names.has(host)) throw unknownHost('--moved', written, names);
      throw new UsageError(
        `--moved ${visible(written, 80)} names a host that ${visible(path, 200)} doesn't have yet.`,
        'Run plan first, and record what it planned.',
      );
    }
    moved.set(host, wave);
  }
  return { ...file, moved };
}

function unknownHost(flag: string, written: string, names: ReadonlySet<string>): UsageError {
  return new UsageError(
    `${flag} ${visible(written, 80)} names a host that ingress-nginx doesn't serve.`,
    `${didYouMean(written, names)}Name a host of the input.`,
  );
}

function trafficOf(path: string, directory: string): ReadonlyMap<string, number> {
  let text: string;
  try {
    text = readFileSync(resolve(directory, path), 'utf8');
  } catch (error) {
    throw new ConfigError(
      `The traffic report ${path} cannot be read: ${systemReason(error)}.`,
      'Give a report of verify --log --format json with --traffic.',
    );
  }
  return trafficByHost(text, path);
}
