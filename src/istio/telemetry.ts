import { type Finding, finding, findingType } from '../domain/findings.ts';
import { type Options, suffixOf } from '../domain/options.ts';
import { objectName } from '../istio-api/names.ts';
import type { IstioObject } from '../istio-api/objects.ts';
import type { Effect, TelemetryEffect } from '../plan/effect.ts';
import type { LocationPlan, ServerPlan } from '../plan/server-plan.ts';
import { canonical } from '../text/json.ts';
import type { HostSpecs } from './host-specs.ts';

const tooMany = findingType<{ hosts: number }>({
  code: 'logging/too-many',
  severity: 'warning',
  fields: [],
  summary: 'The log of some hosts stays on, because the filter would be too long.',
  message: ({ hosts }) =>
    `Envoy allows a filter of at most ${longestExpression} characters for the access log. The filter of ${hosts} host(s) is longer, so all their requests are logged.`,
  remedy: () => 'Switch the log off for whole hosts, which is shorter, or filter where the log is collected.',
});

export const telemetryFindingTypes = [tooMany];

/** Envoy's parser of expressions takes 100 000. */
const longestExpression = 60_000;

/** A host whose locations are partly left out of the log. */
export interface HostTelemetry {
  readonly hosts: readonly string[];
  /** Routes that are left out; undefined: all of the host. */
  readonly routes: readonly string[] | undefined;
}

export function telemetryOf(plan: ServerPlan, specs: HostSpecs): HostTelemetry[] {
  const silent = new Set(plan.locations.filter(isSilent).map(({ location }) => location));
  if (silent.size === 0) return [];
  const routes = specs.routes
    .filter(({ location }) => silent.has(location))
    .flatMap((named) => named.routes.map(({ route }) => route.name));
  const all = plan.locations.every(({ location }) => silent.has(location));
  return [{ hosts: specs.virtualService.hosts, routes: all ? undefined : routes.sort() }];
}

function isSilent({ effects }: LocationPlan): boolean {
  return effects.some((effect) => effect.kind === 'telemetry' && effect.log === 'not-here');
}

/** One Telemetry for the gateway: Istio takes one for a workload. */
export function telemetryObject(
  silent: readonly HostTelemetry[],
  effects: readonly Effect[],
  options: Options,
): { objects: IstioObject[]; findings: Finding[] } {
  const requested = [...new Set(effects.filter((effect) => effect.kind === 'telemetry'))];
  const { logging, left } = accessLogging(silent, requested, options);
  const tracing = new Map(
    requested.flatMap((effect) => (effect.tracing ? [[canonical(effect.tracing), effect.tracing]] : [])),
  );
  const findings = left === 0 ? [] : [finding(tooMany, { hosts: left })];
  if (logging === undefined && tracing.size === 0) return { objects: [], findings };
  return {
    objects: [
      {
        apiVersion: 'telemetry.istio.io/v1',
        kind: 'Telemetry',
        metadata: { name: objectName('ingress', ...suffixOf(options)), namespace: options.gateway.namespace },
        spec: {
          selector: { matchLabels: options.gateway.selector },
          ...(logging && { accessLogging: [logging] }),
          ...(tracing.size > 0 && { tracing: [...tracing.values()] }),
        },
      },
    ],
    findings,
  };
}

function accessLogging(
  silent: readonly HostTelemetry[],
  requested: readonly TelemetryEffect[],
  options: Options,
): { logging: object | undefined; left: number } {
  if (requested.some(({ log }) => log === 'nowhere')) return { logging: { disabled: true }, left: 0 };
  const paths = requested.flatMap(({ log }) => (typeof log === 'object' ? log.notFor : []));
  const parts = paths.length === 0 ? [] : [`request.path in ${list([...new Set(paths)].sort())}`];
  let length = parts.join('').length;
  let left = 0;
  for (const [routes, hosts] of byRoutes(silent)) {
    const names = hosts.flatMap((host) =>
      [options.gateway.httpPort, options.gateway.httpsPort].map((port) => `${host}:${port}`),
    );
    const part = `xds.virtual_host_name in ${list(names)}${routes === '' ? '' : ` && xds.route_name in ${routes}`}`;
    if (length + part.length > longestExpression) {
      left += hosts.length;
      continue;
    }
    length += part.length + ' || '.length;
    parts.push(part);
  }
  if (parts.length === 0) return { logging: undefined, left };
  // A request without a route has no route name to compare; it stays in the log.
  const expression = `!has(xds.route_name) || !(${parts.map((part) => `(${part})`).join(' || ')})`;
  return { logging: { providers: [{ name: 'envoy' }], filter: { expression } }, left };
}

/** Hosts that leave the same routes out, together; in the order of their text. */
function byRoutes(silent: readonly HostTelemetry[]): [routes: string, hosts: string[]][] {
  const groups = new Map<string, string[]>();
  for (const { hosts, routes } of silent) {
    const key = routes === undefined ? '' : list(routes);
    groups.set(key, [...(groups.get(key) ?? []), ...hosts]);
  }
  return [...groups]
    .map(([routes, hosts]): [string, string[]] => [routes, [...new Set(hosts)].sort()])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function list(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(', ')}]`;
}
