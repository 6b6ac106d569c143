import { type Finding, finding, findingType } from '../domain/findings.ts';
import type { Options } from '../domain/options.ts';
import { type Origin, qualifiedName } from '../domain/origin.ts';
import { fileNameOf, type HostNamer, hostNamer } from '../istio-api/names.ts';
import type { IstioObject } from '../istio-api/objects.ts';
import type { Location, NginxModel } from '../nginx/model.ts';
import type { Converted } from '../plan/converted.ts';
import type { Effect, ExternalHost } from '../plan/effect.ts';
import type { Emitted } from '../plan/emitted.ts';
import type { ServerPlan } from '../plan/server-plan.ts';
import type { Step } from '../plan/step.ts';
import { policiesAsFilters } from './access-filters.ts';
import { type Destinations, gatherDestinations } from './destinations.ts';
import { filterObjects } from './filters.ts';
import { type Explanation, hostObjects } from './host-objects.ts';
import { hostSpecs } from './hosts.ts';
import { meshConfig } from './mesh.ts';
import type { Surroundings } from './policies.ts';
import { protectHost, protectionFindingTypes, scopeOf, surroundingsOf } from './protection.ts';
import { withReplyHeaders } from './reply-headers.ts';
import { statusHeadersAsFilters } from './status-headers.ts';
import { type HostTelemetry, telemetryFindingTypes, telemetryObject, telemetryOf } from './telemetry.ts';

const regexNotRe2 = findingType<{ path: string; reason: string }>({
  code: 'route/pattern-not-re2',
  severity: 'error',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'location'],
  summary: 'A path pattern cannot be written for Envoy.',
  message: ({ path, reason }) =>
    `The pattern ${path} has no counterpart in Envoy: ${reason}. The location was left out, and its requests meet the other locations of the host.`,
  remedy: () =>
    'Write the path without look-around, back-references and possessive quantifiers, for example as several paths.',
  url: 'https://github.com/google/re2/wiki/Syntax',
});

const singleLabel = findingType<{ host: string }>({
  code: 'host/single-label',
  severity: 'error',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'location', 'connection'],
  summary: 'Istio does not serve a host without a dot.',
  message: ({ host }) =>
    `Istio reads the host ${host} as the short name of a Service and refuses it in a Gateway, so nothing is written for it.`,
  remedy: () => 'Use a name with a dot, or match the name in a VirtualService for all hosts.',
});

export const assemblyFindingTypes = [
  ...protectionFindingTypes,
  ...telemetryFindingTypes,
  regexNotRe2,
  singleLabel,
];

export interface Assembly {
  readonly objects: readonly Emitted[];
  readonly steps: readonly Step[];
  readonly findings: readonly Finding[];
  /** Locations that answer 503 because their protection could not be written. */
  readonly closed: ReadonlySet<Location>;
  /** Locations without a route, because Istio cannot match their host or Envoy their pattern. */
  readonly unmatched: ReadonlySet<Location>;
}

/**
 * Merges what the features ask for into objects: one Gateway and VirtualService a host, and what belongs to them. Hosts are
 * taken one at a time; only what concerns the gateway as a whole is kept until the end.
 */
export function assemble(
  { servers, plans }: Pick<Converted, 'servers' | 'plans'>,
  { tcpServices }: NginxModel,
  options: Options,
): Assembly {
  const tcpPorts = [...tcpServices.map(({ port }) => port).filter((port) => port > 0), betweenClusters];
  const around = surroundingsOf(servers, tcpPorts);
  const namer = hostNamer(
    servers.map(({ server }) => server.host),
    options.gateway.suffix,
  );
  const destinations = gatherDestinations(options);
  const objects: Emitted[] = [];
  const findings: Finding[] = [];
  const closed = new Set<Location>();
  const unmatched = new Set<Location>();
  const silent: HostTelemetry[] = [];
  const lasting: Effect[] = [];
  const externals: { readonly host: ExternalHost; readonly from: string }[] = [];
  for (const requested of plans) {
    const plan = withReplyHeaders(statusHeadersAsFilters(policiesAsFilters(requested, options)));
    const { server } = plan;
    const host = assembleHost(plan, namer, destinations, around(plan), options);
    findings.push(...host.findings);
    silent.push(...host.silent);
    for (const location of host.closed) closed.add(location);
    for (const location of host.unmatched) unmatched.add(location);
    const from = [...new Set(server.ingresses.map(({ ingress }) => qualifiedName(ingress.ref)))].sort();
    const file = fileNameOf(server.host);
    for (const { object, parts } of host.objects)
      objects.push({ object: withOrigin(object, from), file, from, parts });
    for (const effect of plan.effects) if (isOfGateway(effect)) lasting.push(effect);
    for (const { location, effects } of plan.locations) {
      for (const effect of effects) {
        if (isOfGateway(effect)) lasting.push(effect);
        else if (effect.kind === 'external')
          externals.push({ host: effect.host, from: qualifiedName(location.owner.ingress.ref) });
      }
    }
  }
  for (const { host, from } of externals) destinations.external(host, from);
  for (const emitted of destinations.objects())
    objects.push({ ...emitted, object: withOrigin(emitted.object, emitted.from) });
  for (const effect of lasting) {
    if (effect.kind === 'object')
      objects.push({ object: effect.object, file: effect.file ?? 'shared', from: [] });
  }
  for (const { object, file } of filterObjects(lasting, options)) objects.push({ object, file, from: [] });
  const telemetry = telemetryObject(silent, lasting, options);
  for (const object of telemetry.objects) objects.push({ object, file: 'shared', from: [] });
  const mesh = meshConfig(
    lasting.filter((effect) => effect.kind === 'mesh'),
    options,
  );
  return {
    objects: [...unique(objects), ...mesh.objects],
    steps: [...uniqueSteps(lasting), ...mesh.steps],
    findings: [...findings, ...telemetry.findings, ...mesh.findings],
    closed,
    unmatched,
  };
}

const gatewayKinds: ReadonlySet<Effect['kind']> = new Set([
  'object',
  'http-filter',
  'connection-manager',
  'telemetry',
  'mesh',
  'step',
]);

/** Effects of which the gateway has one each, whoever asks for them. */
function isOfGateway({ kind }: Effect): boolean {
  return gatewayKinds.has(kind);
}

/** Gateways pass TLS between clusters on through this port (Istio, AUTO_PASSTHROUGH). */
const betweenClusters = 15443;

interface AssembledHost {
  readonly objects: readonly Explanation[];
  readonly findings: readonly Finding[];
  readonly closed: readonly Location[];
  readonly unmatched: readonly Location[];
  readonly silent: readonly HostTelemetry[];
}

function assembleHost(
  plan: ServerPlan,
  namer: HostNamer,
  destinations: Destinations,
  around: Surroundings,
  options: Options,
): AssembledHost {
  const { server } = plan;
  const findings: Finding[] = [];
  const name = namer(server.host);
  const namespace = options.namespace ?? server.owner.ingress.ref.namespace;
  if (server.host !== '' && !server.host.includes('.')) {
    const scope = { kind: 'host' as const, host: server.host };
    const reported = finding(
      singleLabel,
      { host: server.host },
      { origin: server.owner.ingress.rules[0]?.origin, scope },
    );
    return { objects: [], findings: [reported], closed: [], unmatched: server.locations, silent: [] };
  }
  const {
    plan: guarded,
    policies,
    evasions,
    closed,
    findings: reported,
  } = protectHost(plan, around, options);
  findings.push(...reported);
  const specs = hostSpecs(
    guarded,
    name,
    options.gateway.existing ?? `${namespace}/${name}`,
    destinations,
    options,
    { byPolicy: policies.length > 0, evasions },
  );
  if (specs === undefined) return { objects: [], findings, closed, unmatched: [], silent: [] };
  for (const { location, reason } of specs.unmatched) {
    findings.push(
      finding(
        regexNotRe2,
        { path: location.path, reason },
        { origin: location.origin, scope: scopeOf(location) },
      ),
    );
  }
  return {
    objects: hostObjects(guarded, specs, policies, { name, namespace, namer }, options),
    findings,
    closed,
    unmatched: specs.unmatched.map(({ location }) => location),
    silent: telemetryOf(guarded, specs),
  };
}

/** The label under which an object names its Ingresses; long lists are cut, the report has them all. */
function withOrigin(object: IstioObject, from: readonly string[]): IstioObject {
  const shown = from.length > 20 ? [...from.slice(0, 20), `and ${from.length - 20} more`] : from;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      annotations: { ...object.metadata.annotations, 'ingress2istio/from': shown.join(', ') },
    },
  };
}

/** Equal objects are one; objects of one identity and different content stay two, and a check tells of them. */
function unique(objects: readonly Emitted[]): Emitted[] {
  const seen = new Set<string>();
  return objects.filter(({ object, file }) => {
    if (file !== 'shared' && !file.startsWith('envoy-filters/')) return true;
    const key = JSON.stringify(object);
    return !seen.has(key) && seen.add(key);
  });
}

function uniqueSteps(effects: readonly Effect[]): Step[] {
  const steps = new Map<string, { readonly step: Step; readonly origins: Origin[] }>();
  for (const effect of effects) {
    if (effect.kind !== 'step') continue;
    const { step } = effect;
    const known = steps.get(step.key);
    if (known === undefined) steps.set(step.key, { step, origins: [...step.origins] });
    else known.origins.push(...step.origins);
  }
  return [...steps.values()]
    .map(({ step, origins }) => ({ ...step, origins }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}
