import type { Question } from '../conversion/questions.ts';
import type { Finding } from '../domain/findings.ts';
import { grouped } from '../domain/grouped.ts';
import { qualifiedName } from '../domain/origin.ts';
import type { Step } from '../plan/step.ts';
import type { Overview } from '../report/overview.ts';
import { type Gateway, gatewaysOf } from '../report/plan.ts';
import type { HostPlaces } from '../selection/places.ts';
import { type Candidate, ingressesByHost, type TieKind } from './candidates.ts';
import { type DnsChange, dnsChanges } from './dns.ts';
import { type Bond, bondsOf } from './groups.ts';
import { type MigrationPlan, type Wave, wavesOf } from './migration-plan.ts';

/** A host of a wave. */
export interface ListedHost extends Omit<Candidate, 'ties'> {
  readonly moved: boolean;
  /** `namespace/name`, sorted. */
  readonly ingresses: readonly string[];
}

/** Something that hosts of several waves share. */
export interface SplitBond extends Omit<Bond, 'hosts'> {
  readonly here: readonly string[];
  readonly elsewhere: readonly Wave[];
}

export interface ListedObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Below `--output`. */
  readonly file: string;
  /** Other waves that use it. */
  readonly alsoIn: readonly number[];
}

/** What can differ after the move, by code. */
export interface ListedDifference {
  readonly code: string;
  readonly summary: string;
  readonly fields: readonly string[];
  readonly hosts: number;
}

/** All that there is to do and to know for a wave. */
export interface Checklist {
  readonly number: number;
  readonly hosts: readonly ListedHost[];
  /** Hosts that have moved and are no longer in the input. */
  readonly gone: readonly string[];
  /** Why hosts move together. */
  readonly bonds: readonly Bond[];
  readonly split: readonly SplitBond[];
  readonly objects: readonly ListedObject[];
  /** Copies of Secrets and other manual steps for these hosts. */
  readonly steps: readonly Step[];
  /** Questions of these hosts that nobody answered, work first. */
  readonly decisions: readonly Question[];
  readonly dns: readonly DnsChange[];
  readonly differences: readonly ListedDifference[];
  readonly gateways: readonly Gateway[];
  /** Whether a client of one of its hosts is bound to a backend by a cookie. */
  readonly sticky: boolean;
}

/** A plan with everything that its readers need. */
export interface PlannedMove {
  readonly plan: MigrationPlan;
  readonly checklists: readonly Checklist[];
  /** What is decided once for the whole gateway. */
  readonly gateway: readonly Question[];
  /** Steps that belong to no host, or to several waves. */
  readonly steps: readonly Step[];
  /** Objects that belong to no host. */
  readonly objects: readonly ListedObject[];
}

export function plannedMove(
  overview: Overview,
  places: HostPlaces,
  plan: MigrationPlan,
  candidates: readonly Candidate[],
  { moved, together }: { readonly moved: ReadonlyMap<string, number>; readonly together: readonly TieKind[] },
): PlannedMove {
  const { conversion, effort, findings } = overview;
  const waveOf = new Map(plan.waves.flatMap(({ number, hosts }) => hosts.map((host) => [host, number])));
  const byHost = new Map(candidates.map((candidate) => [candidate.host, candidate]));
  const ingresses = ingressesByHost(conversion.model);
  const numbersOf = (hosts: readonly string[]): string[] =>
    [...new Set(hosts.flatMap((host) => waveOf.get(host) ?? []))].map(String);

  const bonds = grouped(bondsOf(candidates, together), ({ hosts }) => numbersOf(hosts));
  const ofObjects = conversion.objects.map((emitted) => ({ emitted, hosts: places.ofObject(emitted) }));
  const objects = grouped(
    ofObjects.map(({ emitted: { object, file }, hosts = [] }) => ({
      line: { kind: object.kind, ...nameOf(object.metadata), file },
      waves: numbersOf(hosts),
    })),
    ({ waves }) => (waves.length === 0 ? ['none'] : waves),
  );
  const gatewaysByHost = new Map<string, string[]>();
  for (const { emitted, hosts = [] } of ofObjects) {
    if (emitted.object.kind !== 'Gateway') continue;
    for (const host of hosts) {
      const name = qualifiedName({ kind: 'Gateway', ...emitted.object.metadata });
      gatewaysByHost.set(host, [...(gatewaysByHost.get(host) ?? []), name]);
    }
  }
  const steps = grouped(conversion.steps, (step) => {
    const hosts = places.ofStep(step);
    const waves = hosts === undefined ? [] : numbersOf(hosts);
    // What several waves need is done once; a Secret is copied with whichever of them comes first.
    return waves.length === 0 || (waves.length > 1 && step.secret === undefined) ? ['none'] : waves;
  });
  const asked = grouped([...effort.work, ...effort.decisions], (question) =>
    numbersOf(hostsOfQuestion(question, places)),
  );
  const differences = differencesByWave(findings, places, waveOf);
  const ingressByName = new Map(
    conversion.model.ingresses.map(({ ingress }) => [qualifiedName(ingress.ref), ingress]),
  );
  const serversByHost = grouped(conversion.model.servers, ({ host }) => [host]);
  const sticky = stickyHosts(overview);

  return {
    plan,
    gateway: effort.gateway,
    steps: steps.get('none') ?? [],
    objects: (objects.get('none') ?? []).map(({ line }) => ({ ...line, alsoIn: [] })),
    checklists: plan.waves.map(({ number, hosts }) => {
      const key = String(number);
      const here = new Set(hosts);
      const own = bonds.get(key) ?? [];
      return {
        number,
        hosts: hosts.flatMap((host) => {
          const candidate = byHost.get(host);
          if (candidate === undefined) return [];
          const { ties: _, ...listed } = candidate;
          return [{ ...listed, moved: moved.has(host), ingresses: ingresses.get(host) ?? [] }];
        }),
        gone: hosts.filter((host) => !byHost.has(host)),
        bonds: own
          .map((bond) => ({ ...bond, hosts: bond.hosts.filter((host) => here.has(host)) }))
          .filter((bond) => bond.hosts.length > 1),
        split: own
          .filter((bond) => bond.hosts.some((host) => !here.has(host)))
          .map(({ hosts: all, ...tie }) => ({
            ...tie,
            here: all.filter((host) => here.has(host)),
            elsewhere: elsewhere(all, number, waveOf),
          })),
        objects: (objects.get(key) ?? []).map(({ line, waves }) => ({
          ...line,
          alsoIn: waves
            .filter((wave) => wave !== key)
            .map(Number)
            .sort((a, b) => a - b),
        })),
        steps: steps.get(key) ?? [],
        decisions: asked.get(key) ?? [],
        dns: dnsChanges({
          hosts: hosts.filter((host) => byHost.has(host) && !moved.has(host)),
          ingressesOf: (host) => (ingresses.get(host) ?? []).flatMap((name) => ingressByName.get(name) ?? []),
          hostsOf: (name) => places.hostsOfIngress.get(name) ?? [],
          gatewaysOf: (host) => gatewaysByHost.get(host) ?? [],
        }),
        differences: differences.get(number) ?? [],
        gateways: gatewaysOf({
          ...conversion,
          model: { ...conversion.model, servers: hosts.flatMap((host) => serversByHost.get(host) ?? []) },
        }),
        sticky: hosts.some((host) => sticky.has(host)),
      };
    }),
  };
}

function nameOf({ namespace, name }: { readonly namespace: string; readonly name: string }) {
  return { namespace, name };
}

function hostsOfQuestion({ findings, outcomes, ingresses }: Question, places: HostPlaces): string[] {
  const placed = [
    ...findings.flatMap((finding) => places.ofFinding(finding) ?? []),
    ...outcomes.flatMap(({ subject }) => places.ofOrigin(subject.origin) ?? []),
  ];
  const hosts =
    placed.length > 0 ? placed : ingresses.flatMap((name) => places.hostsOfIngress.get(name) ?? []);
  return [...new Set(hosts)];
}

function elsewhere(hosts: readonly string[], here: number, waveOf: ReadonlyMap<string, number>): Wave[] {
  return wavesOf(
    hosts.flatMap((host): [string, number][] => {
      const number = waveOf.get(host);
      return number === undefined || number === here ? [] : [[host, number]];
    }),
  );
}

/** What the findings of each wave say that can differ, those of most hosts first. */
function differencesByWave(
  findings: Overview['findings'],
  places: HostPlaces,
  waveOf: ReadonlyMap<string, number>,
): ReadonlyMap<number, readonly ListedDifference[]> {
  const byWave = new Map<
    number,
    Map<string, { readonly first: Finding['type']; readonly hosts: Set<string> }>
  >();
  for (const finding of findings) {
    const { type } = finding;
    if (type.gateway !== undefined || type.fields.length === 0) continue;
    for (const host of places.ofFinding(finding) ?? []) {
      const wave = waveOf.get(host);
      if (wave === undefined) continue;
      const codes = byWave.get(wave) ?? new Map();
      byWave.set(wave, codes);
      const known = codes.get(type.code) ?? { first: type, hosts: new Set<string>() };
      codes.set(type.code, known);
      known.hosts.add(host);
    }
  }
  return new Map(
    [...byWave].map(([wave, codes]) => [
      wave,
      [...codes.values()]
        .map(({ first: { code, summary, fields }, hosts }) => ({ code, summary, fields, hosts: hosts.size }))
        .sort((a, b) => b.hosts - a.hosts || (a.code < b.code ? -1 : 1)),
    ]),
  );
}

function stickyHosts({ conversion: { model } }: Overview): ReadonlySet<string> {
  return new Set(
    model.servers
      .filter(({ locations }) => locations.some(({ upstream }) => upstream?.affinity !== undefined))
      .map(({ host }) => host),
  );
}
