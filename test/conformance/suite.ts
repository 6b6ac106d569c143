import { join } from 'node:path';
import type { Conversion } from '../../src/conversion/conversion.ts';
import { coverageReader } from '../../src/verify/judge/declared.ts';
import type { Observation, Result } from '../../src/verify/judge/observation.ts';
import { judge, judgeRefused, type ProbeVerdict } from '../../src/verify/judge/verdict.ts';
import {
  allObjects,
  convertScenario,
  ownCertificates,
  type Recorded,
  secretCopies,
  writeGatewayFiles,
} from './converted.ts';
import type { Echo } from './echo.ts';
import { limitsWithoutEffect } from './extras.ts';
import type { Gateways } from './gateway.ts';
import { describeMesh, type Mesh } from './meshes.ts';
import { observe } from './prober.ts';
import type { Profile } from './profile.ts';
import { externalNamesOf, readScenario, type Scenario } from './scenario.ts';
import { type ScenarioResult, totalsOf } from './totals.ts';
import { unexplained } from './warnings.ts';

/** What all scenarios of a run share. */
export interface Lab {
  readonly gateways: Gateways;
  readonly echo: Echo;
  /** Folder for the files of the gateways. */
  readonly work: string;
  readonly mesh: Mesh;
}

/** A scenario to run in a profile. */
export interface Task {
  readonly folder: string;
  readonly profile: Profile;
  readonly recorded: Recorded;
  /** Folder with recordings in place of the scenario's own. */
  readonly recordings: string | undefined;
}

export interface Finished {
  readonly task: Task;
  readonly scenario: Scenario;
  readonly result: ScenarioResult;
  /** What Istio answered; undefined where nothing could be started. */
  readonly observation: Observation | undefined;
}

const firstNetwork = 100;

/** Runs the tasks, `jobs` at a time, the longest first; the order of the results is that of the tasks. */
export async function runTasks(
  tasks: readonly Task[],
  jobs: number,
  lab: Lab,
  done: (finished: Finished) => void,
): Promise<Finished[]> {
  const scenarios = tasks.map(({ folder, recordings }) => readScenario(folder, recordings));
  const queue = tasks.map((_, index) => index).sort((a, b) => weight(scenarios[b]!) - weight(scenarios[a]!));
  const finished: Finished[] = new Array(tasks.length);
  const worker = async (network: number) => {
    for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
      finished[index] = await runTask(tasks[index]!, scenarios[index]!, network, lab);
      done(finished[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, tasks.length) }, (_, n) => worker(firstNetwork + n)));
  return finished;
}

/** About how long a scenario takes, in milliseconds. */
function weight({ probes, nginx }: Scenario): number {
  return probes.reduce((sum, { name, request }) => {
    return (
      sum + 50 + (request.repeat ?? 1) * 5 + (request.waitMs ?? 0) + (nginx.results[name]?.elapsedMs ?? 0)
    );
  }, 0);
}

async function runTask(task: Task, scenario: Scenario, network: number, lab: Lab): Promise<Finished> {
  let conversion: Conversion;
  try {
    conversion = convertScenario(scenario, task.profile, task.recorded);
  } catch (error) {
    const reason = `the conversion failed: ${(error as Error).stack ?? error}`;
    return { task, scenario, ...refused(scenario, [reason], []) };
  }
  const id = `${task.profile}/${scenario.name}`;
  const cluster = [
    ...scenario.objects,
    ...secretCopies(conversion, scenario.objects),
    ...ownCertificates(conversion),
  ];
  const objects = allObjects(conversion);
  const files = writeGatewayFiles(objects, cluster, join(lab.work, id));
  const gateway = await lab.gateways.start(id, files, network);
  const warnings = unexplained(gateway.warnings);
  if (gateway.kind === 'refused') return { task, scenario, ...refused(scenario, gateway.reasons, warnings) };
  const running = {
    ...gateway,
    network,
    address: '127.0.0.1',
    folder: scenario.folder,
    insecure: true, // the certificate shown is compared, not trusted
    timeout: 15_000,
  };
  warnings.push(...(await limitsWithoutEffect(conversion, gateway.dir)));
  const results = await observe(scenario, running, lab.echo);
  await lab.gateways.stop(id);
  const observation = { system: 'istio', version: describeMesh(lab.mesh), results };
  const verdicts = judgeAll(scenario, results, conversion);
  return { task, scenario, result: resultOf(scenario, verdicts, warnings), observation };
}

function judgeAll(
  scenario: Scenario,
  results: Readonly<Record<string, Result>>,
  conversion: Conversion,
): ProbeVerdict[] {
  const externalNames = externalNamesOf(scenario);
  const coverageOf = coverageReader(conversion);
  return scenario.probes.map((probe) => {
    const coverage = coverageOf(probe.request, scenario.nginx.results[probe.name]);
    return judge(probe, scenario.nginx, results[probe.name]!, coverage, externalNames);
  });
}

function refused(scenario: Scenario, reasons: readonly string[], warnings: readonly string[]) {
  const verdicts = scenario.probes.map((probe) => judgeRefused(probe, scenario.nginx, reasons));
  return { result: resultOf(scenario, verdicts, warnings), observation: undefined };
}

function resultOf(
  { name }: Scenario,
  probes: readonly ProbeVerdict[],
  warnings: readonly string[],
): ScenarioResult {
  return { name, totals: totalsOf(probes), probes, warnings };
}
