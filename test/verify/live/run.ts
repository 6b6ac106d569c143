// `verify --from --to` against the real systems: npm run verify-live -- [--scenarios DIR] [--only GLOB] [--mutations N]
//
// The old gateway answers as it was recorded, the new one is the real istiod and Envoy. The verdicts have to be those of the
// conformance suite, as far as a client sees what differs; and of outputs that are broken on purpose, `verify` has to find nearly all.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Conversion } from '../../../src/conversion/conversion.ts';
import type { IstioObject } from '../../../src/istio-api/objects.ts';
import { coverageReader } from '../../../src/verify/judge/declared.ts';
import type { Result } from '../../../src/verify/judge/observation.ts';
import type { Probe } from '../../../src/verify/judge/probe.ts';
import { judge } from '../../../src/verify/judge/verdict.ts';
import { comparer, type LiveResult } from '../../../src/verify/live/compare.ts';
import { planOf, runSession, safeMethods } from '../../../src/verify/live/session.ts';
import {
  convertScenario,
  ownCertificates,
  secretCopies,
  writeGatewayFiles,
} from '../../conformance/converted.ts';
import { startEcho } from '../../conformance/echo.ts';
import { ownScenarios } from '../../conformance/flags.ts';
import { startGateways } from '../../conformance/gateway.ts';
import { mainMesh } from '../../conformance/meshes.ts';
import { observe } from '../../conformance/prober.ts';
import { externalNamesOf, readScenario, type Scenario, scenarioNames } from '../../conformance/scenario.ts';
import type { Lab } from '../../conformance/suite.ts';
import { prepareTools } from '../../conformance/tools.ts';
import { mutationsOf } from './mutations.ts';
import { startRecorded } from './recorded.ts';

const { values } = parseArgs({
  options: {
    scenarios: { type: 'string', default: ownScenarios },
    only: { type: 'string', multiple: true, default: [] },
    mutations: { type: 'string', default: '40' },
  },
});
const network = 98;
/** Fields that no client sees; the upstream tells of itself in `x-app`. */
const unseen = /^(?:path|method|host|share|side-requests|request-header:.*)$/;

const echo = await startEcho();
const gateways = startGateways(
  prepareTools(mainMesh, (line) => console.error(line)),
  echo,
);
const work = mkdtempSync(join(tmpdir(), 'verify-live-'));
try {
  process.exitCode = await main({ gateways, echo, work, mesh: mainMesh });
} finally {
  gateways.close();
  echo.close();
  rmSync(work, { recursive: true });
}

async function main(lab: Lab): Promise<number> {
  const scenarios = scenarioNames(values.scenarios, values.only).map((name) =>
    readScenario(join(values.scenarios, name)),
  );
  const wanted = Number(values.mutations);
  const agreed = await agreement(scenarios, lab);
  const found = wanted === 0 ? true : await mutants(scenarios, wanted, lab);
  return agreed && found ? 0 : 1;
}

async function agreement(scenarios: readonly Scenario[], lab: Lab): Promise<boolean> {
  let [asked, same] = [0, 0];
  for (const scenario of scenarios) {
    const conversion = convertScenario(scenario, 'default');
    const compared = await withGateway(
      scenario,
      conversion,
      objectsOf(conversion),
      lab,
      async (ask, observeAll) => {
        const observed = await observeAll();
        const coverageOf = coverageReader(conversion);
        const externals = externalNamesOf(scenario);
        return (await ask()).map((live) => {
          const coverage = coverageOf(live.probe.request, scenario.nginx.results[live.probe.name]);
          return {
            live,
            suite: judge(live.probe, scenario.nginx, observed[live.probe.name]!, coverage, externals),
          };
        });
      },
    );
    for (const { live, suite } of compared ?? []) {
      // The recorder did not read what was compressed, so nobody knows who answered.
      const isUnread = scenario.nginx.results[live.probe.name]?.headers['content-encoding'] !== undefined;
      if (suite.verdict === 'unjudged' || isUnread) continue;
      const seen = suite.differences.filter(({ field }) => !unseen.test(field));
      const expected = seen.length === 0 ? 'same' : suite.verdict;
      asked++;
      if (live.verdict === expected) same++;
      else
        console.log(
          `${scenario.name} [${live.probe.name}]: suite ${suite.verdict} (${seen.map(({ field }) => field).join(', ')}), verify ${live.verdict} ${JSON.stringify(live.differences)} ${live.note ?? ''}`,
        );
    }
  }
  console.log(`verdicts: ${same} of ${asked} as the suite has them`);
  return same === asked;
}

/** What the suite, which sees the upstreams as well, finds of a broken output, `verify` has to find, too. */
async function mutants(scenarios: readonly Scenario[], wanted: number, lab: Lab): Promise<boolean> {
  let [broken, found] = [0, 0];
  for (const { scenario, mutation, conversion } of chosen(scenarios)) {
    if (broken === wanted) break;
    const mutated = mutation.apply(objectsOf(conversion));
    const results = await withGateway(scenario, conversion, mutated, lab, async (ask, observeAll) => {
      const observed = await observeAll();
      const live = await ask();
      return {
        live,
        surprising: live.filter(({ probe }) => surprises(scenario, conversion, probe, observed)),
      };
    });
    // istiod refused it, or no probe asks for what is broken.
    if (results === undefined || results.surprising.length === 0) continue;
    broken++;
    const shown = results.live.find(({ verdict }) => verdict === 'undeclared' || verdict === 'unreachable');
    if (shown !== undefined) found++;
    const where =
      shown === undefined
        ? results.surprising.map((one) => `\n  ${textOf(one)}`).join('')
        : `: ${shown.probe.request.host} [${shown.probe.name}]`;
    console.log(
      `${shown === undefined ? 'MISSED' : 'found'} ${scenario.name}: ${mutation.kind}, ${mutation.what}${where}`,
    );
  }
  console.log(`mutations: ${found} of ${broken} found`);
  return broken === wanted && found >= broken - Math.floor(broken / 20);
}

function textOf({ probe, verdict, before, after, differences, note = '' }: LiveResult): string {
  return `[${probe.name}] ${before} → ${after}, ${verdict} ${JSON.stringify(differences)} ${note}`;
}

function surprises(
  scenario: Scenario,
  conversion: Conversion,
  probe: Probe,
  observed: Readonly<Record<string, Result>>,
): boolean {
  const coverage = coverageReader(conversion)(probe.request, scenario.nginx.results[probe.name]);
  const { verdict } = judge(
    probe,
    scenario.nginx,
    observed[probe.name]!,
    coverage,
    externalNamesOf(scenario),
  );
  return verdict === 'undeclared';
}

/** Mutations of all kinds in turn, from here and there in the scenarios. */
function* chosen(scenarios: readonly Scenario[]) {
  const all = scenarios
    .filter(({ nginx, probes }) => !nginx.nginxTestErrors?.length && probes.filter(isPlain).length > 1)
    .flatMap((scenario) => {
      const conversion = convertScenario(scenario, 'default');
      const services = scenario.objects
        .filter(({ kind }) => kind === 'Service')
        .map(({ metadata }) => `${metadata?.name}.${metadata?.namespace ?? 'default'}`);
      return mutationsOf(objectsOf(conversion), services).map((mutation) => ({
        scenario,
        mutation,
        conversion,
      }));
    });
  const byKind = new Map<string, typeof all>();
  for (const one of all) byKind.set(one.mutation.kind, [...(byKind.get(one.mutation.kind) ?? []), one]);
  for (let round = 0; round < 60; round++)
    for (const own of byKind.values()) if (round < own.length) yield own[(round * 37) % own.length]!;
}

function objectsOf({ objects }: Conversion): IstioObject[] {
  return objects.map(({ object }) => object);
}

/** Serves objects, and asks both gateways what a client without credentials may ask. Undefined where istiod or Envoy refused. */
async function withGateway<T>(
  scenario: Scenario,
  conversion: Conversion,
  objects: readonly IstioObject[],
  lab: Lab,
  act: (ask: () => Promise<LiveResult[]>, observeAll: () => ReturnType<typeof observe>) => Promise<T>,
): Promise<T | undefined> {
  const id = `live-${scenario.name}`;
  const cluster = [
    ...scenario.objects,
    ...secretCopies(conversion, scenario.objects),
    ...ownCertificates(conversion),
    anotherCertificate(conversion),
  ];
  const gateway = await lab.gateways.start(
    id,
    writeGatewayFiles(objects, cluster, join(lab.work, id)),
    network,
  );
  if (gateway.kind === 'refused') return undefined;
  const addresses = new Map(Object.entries(gateway.services).map(([address, service]) => [service, address]));
  // Services outside have one name in the recordings and another one here.
  const outside = externalNamesOf(scenario);
  const addressOf = (upstream: string): string | undefined =>
    addresses.get(upstream) ?? addresses.get(outside.get(upstream) ?? '');
  // Several probes may differ in nothing that the gateway sees; those that are asked here count.
  const recorded = await startRecorded({ ...scenario, probes: scenario.probes.filter(isPlain) }, addressOf);
  try {
    const common = {
      address: '127.0.0.1',
      insecure: true,
      timeout: 10_000,
      headers: { 'x-echo-app': 'yes' },
    };
    const plan = planOf(scenario.probes.filter(isPlain), {
      methods: safeMethods,
      hosts: () => true,
      max: 1000,
    });
    const ask = () =>
      runSession(plan.probes, {
        from: { ...common, ports: { 80: recorded.http, 443: recorded.https } },
        to: { ...common, ports: gateway.ports },
        rate: 1000,
        comparer: comparer(conversion, { hash: false, clean: (body) => body }),
        follows: () => false,
        stopped: () => false,
        onResult: () => undefined,
      });
    const running = {
      ...gateway,
      network,
      address: '127.0.0.1',
      folder: scenario.folder,
      insecure: true,
      timeout: 15_000,
    };
    return await act(ask, () => observe({ ...scenario, probes: plan.probes }, running, lab.echo));
  } finally {
    recorded.close();
    await lab.gateways.stop(id);
  }
}

/** What `verify` may ask as it stands: once, without a body, a certificate or credentials. */
function isPlain({ request, volatile }: Probe): boolean {
  const { body, bodySize, clientCert, sourceIP, repeat = 1, protocol = 'http1', headers = {} } = request;
  const bare = [body, bodySize, clientCert, sourceIP].every((value) => value === undefined);
  const secret = Object.keys(headers).some((name) => /^(?:authorization|cookie)$/i.test(name));
  return (
    bare && !secret && repeat === 1 && protocol === 'http1' && volatile !== true && request.timed !== true
  );
}

function anotherCertificate({ options }: Conversion) {
  const text = (name: string) => readFileSync(new URL(`../../conformance/${name}`, import.meta.url), 'utf8');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { name: 'another-certificate', namespace: options.gateway.namespace },
    stringData: { 'tls.crt': text('echo.crt'), 'tls.key': text('echo.key') },
  };
}
