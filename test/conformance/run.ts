import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkInputs, checkSamples } from './accepted.ts';
import { besideScenarios, type Recorded } from './converted.ts';
import { coverageOfRecordings } from './coverage.ts';
import { startEcho } from './echo.ts';
import { type Flags, ownScenarios, parseFlags, UsageError, usage } from './flags.ts';
import { startGateways } from './gateway.ts';
import { type Measured, measuredModule, measuredOf, versionsPage, withMeasured } from './measured.ts';
import { envoys } from './meshes.ts';
import { failed, summary } from './print.ts';
import { readResults, regressions, renderResults } from './results.ts';
import { scenarioNames } from './scenario.ts';
import { type Finished, type Lab, runTasks } from './suite.ts';
import { MissingTool, prepareTools } from './tools.ts';
import { type ProfileResult, totalsOf } from './totals.ts';

const measuredModuleFile = fileURLToPath(new URL('../../src/measured.generated.ts', import.meta.url));
const measuredFile = fileURLToPath(new URL('measured.json', import.meta.url));
const versionsFile = fileURLToPath(new URL('../../docs/versions.md', import.meta.url));
const resultsFile = fileURLToPath(new URL('RESULTS.md', import.meta.url));

process.exitCode = await main(process.argv.slice(2));

/** Exit code 0: as it should be; 1: a defect of ours; 2: the run was not possible. */
async function main(args: readonly string[]): Promise<number> {
  try {
    return await run(parseFlags(args));
  } catch (error) {
    if (error instanceof UsageError)
      console.error(error.message === '' ? usage : `${error.message}\n${usage}`);
    else if (error instanceof MissingTool) console.error(error.message);
    else throw error;
    return 2;
  }
}

async function run(flags: Flags): Promise<number> {
  const names =
    flags.inputs === undefined
      ? scenarioNames(flags.scenarios, flags.only, flags.recordings).filter((_, at) => at % flags.every === 0)
      : [];
  if (flags.inputs === undefined && names.length === 0)
    throw new UsageError(`no scenario in ${flags.scenarios}`);
  const tools = prepareTools(flags.mesh, (line) => console.error(line));
  const echo = await startEcho();
  const gateways = startGateways(tools, echo);
  const work = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    const lab = { gateways, echo, work, mesh: flags.mesh };
    return flags.inputs === undefined
      ? await runScenarios(flags, names, lab)
      : complain(
          await checkInputs(flags.inputs, flags.profiles, { ...besideScenarios, extras: flags.extras }, lab),
        );
  } finally {
    gateways.close();
    echo.close();
    if (flags.keep) console.error(`files of the gateways: ${work}`);
    else rmSync(work, { recursive: true });
  }
}

async function runScenarios(flags: Flags, names: readonly string[], lab: Lab): Promise<number> {
  const tasks = flags.profiles.flatMap((profile) =>
    names.map((name) => ({
      folder: join(flags.scenarios, name),
      profile,
      recorded: recordedBy(flags),
      recordings: flags.recordings,
    })),
  );
  const finished = await runTasks(tasks, flags.jobs, lab, progress(tasks.length));
  const all =
    flags.scenarios === ownScenarios &&
    flags.only.length === 0 &&
    flags.every === 1 &&
    flags.recordings === undefined;
  return Math.max(report(flags, finished), all ? complain(await checkSamples(lab)) : 0);
}

function recordedBy({ controllerVersion, recordings, mesh, extras }: Flags): Recorded {
  return {
    controllerVersion: controllerVersion ?? besideScenarios.controllerVersion,
    istioVersion: envoys[mesh.envoy]!,
    extras,
    assumeSnippets: recordings === undefined && besideScenarios.assumeSnippets,
  };
}

function complain(complaints: readonly string[]): number {
  for (const complaint of complaints) console.log(`REFUSED ${complaint}`);
  return complaints.length > 0 ? 1 : 0;
}

function progress(total: number): () => void {
  let count = 0;
  return () => {
    count++;
    if (process.stderr.isTTY) process.stderr.write(`\r${count}/${total}${count === total ? '\n' : ''}`);
  };
}

function report(flags: Flags, finished: readonly Finished[]): number {
  const results: ProfileResult[] = flags.profiles.map((profile) => {
    const scenarios = finished.filter(({ task }) => task.profile === profile).map(({ result }) => result);
    return { profile, totals: totalsOf(scenarios.flatMap(({ probes }) => probes)), scenarios };
  });
  for (const result of results) console.log(summary(result));
  if (flags.json !== undefined) write(flags.json, json(results.length === 1 ? results[0] : results));
  if (flags.observations !== undefined) writeObservations(flags.observations, flags, finished);
  const scenarios = [...new Map(finished.map(({ scenario }) => [scenario.name, scenario])).values()];
  const worse = flags.check ? regressions(readResults(readFileSync(resultsFile, 'utf8')), results) : [];
  for (const line of worse) console.log(`WORSE ${line}`);
  if (flags.measured) remember(flags, results);
  if (flags.write) write(resultsFile, renderResults(results, scenarios, coverageOfRecordings(scenarios)));
  return results.some(failed) || worse.length > 0 ? 1 : 0;
}

/** Keeps the figures of a whole run, and writes docs/versions.md and what `--version` says with them. */
function remember(flags: Flags, results: readonly ProfileResult[]): void {
  const run = {
    nginx: recordedBy(flags).controllerVersion!,
    recordings: flags.recordings === undefined ? 'project' : 'by release',
    mesh: flags.mesh,
  } as const;
  const before = JSON.parse(readFileSync(measuredFile, 'utf8')) as Measured[];
  const rows = withMeasured(
    before,
    results.map((result) => measuredOf(result, run)),
  );
  write(measuredFile, `${JSON.stringify(rows, null, 2)}\n`);
  write(measuredModuleFile, measuredModule(rows));
  write(versionsFile, versionsPage(readFileSync(versionsFile, 'utf8'), rows));
}

function writeObservations(folder: string, flags: Flags, finished: readonly Finished[]): void {
  for (const { task, scenario, observation } of finished) {
    const below = flags.profiles.length === 1 ? folder : join(folder, task.profile);
    write(
      join(below, `${scenario.name}.json`),
      json(observation ?? { system: 'istio', version: '', results: {} }),
    );
  }
}

/** Nothing is declared by nobody: an empty list is left out. */
function json(value: unknown): string {
  const omitEmpty = (key: string, inner: unknown) =>
    key === 'declaredBy' && Array.isArray(inner) && inner.length === 0 ? undefined : inner;
  return `${JSON.stringify(value, omitEmpty, 1)}\n`;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
