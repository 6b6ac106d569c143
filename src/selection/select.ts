import type { Conversion } from '../conversion/conversion.ts';
import { type Finding, finding } from '../domain/findings.ts';
import { originOf, qualifiedName } from '../domain/origin.ts';
import type { Emitted } from '../plan/emitted.ts';
import type { Chosen } from './chosen.ts';
import { gatewayObjects, sharedObjects, splitHost, splitIngress } from './findings.ts';
import type { HostPlaces } from './places.ts';

/**
 * The part of a conversion that belongs to the chosen hosts: objects, outcomes, findings and steps as the whole input makes them,
 * with what belongs to the gateway as a whole. What cannot be separated is reported.
 * @param named whether an Ingress was named by a term; others with a path on a chosen host come along, and that is reported
 */
export function selected(
  conversion: Conversion,
  chosen: Chosen,
  places: HostPlaces,
  named: (ingress: string) => boolean = () => true,
): Conversion {
  const part = restricted(conversion, chosen, places);
  return { ...part, findings: [...part.findings, ...separationFindings(conversion, chosen, places, named)] };
}

function restricted(conversion: Conversion, chosen: Chosen, places: HostPlaces): Conversion {
  const { cluster, model, outcomes, findings, steps, objects, extras, controllers } = conversion;
  const isChosen = (hosts: readonly string[]): boolean => hosts.some((host) => chosen.hosts.has(host));
  const ingressIsChosen = (name: string): boolean =>
    chosen.ingresses.has(name) || isChosen(places.hostsOfIngress.get(name) ?? []);
  const keeps = (one: Finding): boolean => {
    const ref = one.origin?.source.ref ?? (one.scope.kind === 'ingress' ? one.scope.ingress : undefined);
    if (ref?.kind === 'Ingress' && chosen.ingresses.has(qualifiedName(ref))) return true;
    const hosts = places.ofFinding(one);
    return hosts === undefined || isChosen(hosts);
  };
  const keepsObject = (emitted: Emitted): boolean => {
    const hosts = places.ofObject(emitted);
    return hosts === undefined || isChosen(hosts);
  };
  const kept = steps.filter((step) => {
    const hosts = places.ofStep(step);
    return hosts === undefined || isChosen(hosts);
  });
  return {
    ...conversion,
    cluster: {
      ...cluster,
      ingresses: cluster.ingresses.filter(({ ref }) => ingressIsChosen(qualifiedName(ref))),
      findings: cluster.findings.filter(keeps),
    },
    model: {
      ...model,
      ingresses: model.ingresses.filter(({ ingress }) => ingressIsChosen(qualifiedName(ingress.ref))),
      servers: model.servers.filter(({ host }) => chosen.hosts.has(host)),
    },
    objects: objects.filter(keepsObject),
    ...(extras !== undefined && { extras: extras.filter(keepsObject) }),
    outcomes: outcomes
      .filter(({ subject: { origin } }) => {
        const hosts = places.ofOrigin(origin);
        return (
          hosts === undefined ||
          isChosen(hosts) ||
          (ingressIsChosen(qualifiedName(origin.source.ref)) && hosts.length === 0)
        );
      })
      .map((outcome) =>
        outcome.findings.every(keeps) ? outcome : { ...outcome, findings: outcome.findings.filter(keeps) },
      ),
    findings: findings.filter(keeps),
    steps: kept,
    secretCopies: kept.flatMap(({ secret }) => (secret === undefined ? [] : [secret])),
    ...(controllers !== undefined && {
      controllers: controllers.map((part) => ({
        ...part,
        ingresses: part.ingresses.filter(ingressIsChosen),
        conversion: part.conversion && restricted(part.conversion, chosen, places),
      })),
    }),
  };
}

function separationFindings(
  { model, objects }: Conversion,
  { hosts: chosen }: Chosen,
  { hostsOfIngress, ofObject }: HostPlaces,
  named: (ingress: string) => boolean,
): Finding[] {
  const found: Finding[] = [];
  for (const { ingress } of model.ingresses) {
    const name = qualifiedName(ingress.ref);
    const hosts = hostsOfIngress.get(name) ?? [];
    const others = hosts.filter((host) => !chosen.has(host));
    if (others.length === 0 || others.length === hosts.length) continue;
    const own = hosts.filter((host) => chosen.has(host));
    const args = { ingress: name, selected: own, others };
    found.push(
      finding(splitIngress, args, {
        origin: originOf(ingress.source, 'spec', 'rules'),
        scope: { kind: 'host', host: own[0]! },
      }),
    );
  }
  for (const { host, ingresses } of model.servers) {
    if (!chosen.has(host)) continue;
    const others = [...new Set(ingresses.map(({ ingress }) => qualifiedName(ingress.ref)))]
      .filter((name) => !named(name))
      .sort();
    if (others.length > 0)
      found.push(finding(splitHost, { host, others }, { scope: { kind: 'host', host } }));
  }
  const shared: Emitted[] = [];
  const users = new Set<string>();
  const general: Emitted[] = [];
  for (const emitted of objects) {
    const hosts = ofObject(emitted);
    if (hosts === undefined) general.push(emitted);
    else if (hosts.some((host) => chosen.has(host)) && hosts.some((host) => !chosen.has(host))) {
      shared.push(emitted);
      for (const host of hosts) if (!chosen.has(host)) users.add(host);
    }
  }
  if (shared.length > 0)
    found.push(finding(sharedObjects, { objects: shared.map(nameOf), others: [...users].sort() }));
  if (general.length > 0) found.push(finding(gatewayObjects, { objects: general.map(nameOf) }));
  return found;
}

function nameOf({ object: { kind, metadata } }: Emitted): string {
  return metadata.name === '' ? kind : `${kind} ${qualifiedName({ kind, ...metadata })}`;
}
