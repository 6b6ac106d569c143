import type { Options } from '../domain/options.ts';
import { qualifiedName } from '../domain/origin.ts';
import type { HostNamer } from '../istio-api/names.ts';
import type { GatewayServer } from '../istio-api/types.ts';
import { reasonsOf } from '../plan/because.ts';
import type { Emitted, Part } from '../plan/emitted.ts';
import type { ServerPlan } from '../plan/server-plan.ts';
import { routeFilters } from './filters.ts';
import type { HostSpecs } from './host-specs.ts';
import type { PolicyPlan } from './policies.ts';

/** An object, and why parts of it are there. */
export type Explanation = Pick<Emitted, 'object' | 'parts'>;

/** The objects of one host: its Gateway and VirtualService, its policies, and filters of its routes. */
export function hostObjects(
  plan: ServerPlan,
  specs: HostSpecs,
  policies: readonly PolicyPlan[],
  { name, namespace, namer }: { name: string; namespace: string; namer: HostNamer },
  options: Options,
): Explanation[] {
  const apiVersion = `networking.istio.io/${options.apiVersion}`;
  const metadata = { name, namespace };
  const objects: Explanation[] = [];
  if (specs.gateway !== undefined) {
    const own = { ...metadata, ...gatewayAnnotations(plan) };
    const gateway = { apiVersion, kind: 'Gateway', metadata: own, spec: specs.gateway };
    objects.push({ object: gateway, parts: serverParts(plan, specs.gateway.servers) });
  }
  const object = { apiVersion, kind: 'VirtualService', metadata, spec: specs.virtualService };
  objects.push({ object, parts: routeParts(specs) });
  const counts = new Map<string, number>();
  for (const policy of policies) {
    const count = (counts.get(policy.purpose) ?? 0) + 1;
    counts.set(policy.purpose, count);
    const policyObject = {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: {
        name: namer(plan.server.host, count === 1 ? policy.purpose : `${policy.purpose}-${count}`),
        namespace: options.gateway.namespace,
      },
      spec: {
        selector: { matchLabels: options.gateway.selector },
        action: policy.action,
        ...(policy.provider !== undefined && { provider: { name: policy.provider } }),
        rules: policy.rules,
      },
    };
    const because = reasonsOf(policy.asked.map(({ effect }) => effect));
    const comment = because.map(({ text }) => text);
    objects.push({
      object: policyObject,
      parts: [{ path: '', comment, origins: because.map(({ origin }) => origin) }],
    });
  }
  for (const filter of routeFilters(plan, specs, namer, options)) objects.push({ object: filter });
  return objects;
}

/** Each route with the path and the settings that it comes from; the path is named where the host has several Ingresses. */
function routeParts({ routes }: HostSpecs): Part[] {
  const owners = new Set(routes.map(({ location }) => location.owner));
  return routes
    .flatMap(({ location, routes: own }) => own.map(({ because }) => ({ location, because })))
    .map(({ location, because }, index) => {
      const rule = owners.size > 1 ? [`${location.path} (${qualifiedName(location.owner.ingress.ref)})`] : [];
      return {
        path: `spec.http.${index}`,
        comment: [...rule, ...because.map(({ text }) => text)],
        origins: [location.origin, ...because.map(({ origin }) => origin)],
      };
    });
}

/** The servers of a host: one for its rules, and one for the `tls` entry that has its certificate. */
function serverParts(
  { server: { host, tls, ingresses } }: ServerPlan,
  servers: readonly GatewayServer[],
): Part[] {
  const rules = ingresses.flatMap(({ ingress }) => ingress.rules.filter((rule) => rule.host === host));
  const ofRules = rules.map(({ origin }) => origin);
  return servers.map((one, index) => ({
    path: `spec.servers.${index}`,
    comment: [],
    origins: one.tls === undefined || tls === undefined ? ofRules : [tls.origin],
  }));
}

function gatewayAnnotations({ effects }: ServerPlan): { annotations?: Readonly<Record<string, string>> } {
  const requested = effects.flatMap((effect) =>
    effect.kind === 'gateway-annotations' ? [effect.annotations] : [],
  );
  return requested.length === 0 ? {} : { annotations: Object.assign({}, ...requested) };
}
