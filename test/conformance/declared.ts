import type { Conversion } from '../../src/conversion/conversion.ts';
import type { Finding, Scope } from '../../src/domain/findings.ts';
import { type ObjectRef, qualifiedName } from '../../src/domain/origin.ts';
import type { Location, Server } from '../../src/nginx/model.ts';
import type { Difference } from './judge.ts';
import { locationOf, serverOf } from './location.ts';
import type { Result } from './observation.ts';
import { isOfClass } from './requests.ts';
import type { Probe, ProbeRequest } from './scenario.ts';

/** A probe: the request, and what of nginx's model answers it. */
interface Place {
  readonly request: ProbeRequest;
  readonly nginx: Result | undefined;
  readonly server: Server | undefined;
  readonly location: Location | undefined;
}

/** The findings of a conversion that speak of the traffic which a probe stands for. */
export interface Coverage {
  readonly findings: readonly Finding[];
  /** Those which say that the location was closed on purpose. */
  readonly closing: readonly Finding[];
  /** Whether nginx refuses every request here: an annotation it could not read. */
  readonly denied: boolean;
}

/** `nginx` is what nginx answered: some gaps touch only requests that it refused or could not pass on. */
export function coverageOf(conversion: Conversion, probe: Probe, nginx: Result | undefined): Coverage {
  const { request } = probe;
  const { model } = conversion;
  const server = serverOf(model, request.host);
  const place: Place = { request, nginx, server, location: locationOf(model, request.host, request.path) };
  const closed = conversion.outcomes.filter(({ status }) => status === 'closed').flatMap((o) => o.findings);
  const all = [...new Set([...conversion.findings, ...conversion.outcomes.flatMap((o) => o.findings)])];
  const findings = all.filter((finding) => covers(finding.scope, place));
  return {
    findings,
    closing: findings.filter(
      (finding) =>
        finding.scope.kind !== 'platform' &&
        finding.scope.kind !== 'requests' &&
        (finding.type.code.endsWith('/closed') || closed.includes(finding)),
    ),
    denied: place.location?.denied !== undefined || server?.denied !== undefined,
  };
}

function covers(scope: Scope, { request, nginx, server, location }: Place): boolean {
  switch (scope.kind) {
    case 'none':
      return false;
    case 'platform':
      return true;
    case 'requests':
      return isOfClass(scope.which, request, nginx, server);
    case 'host':
      return server?.host === scope.host && (scope.tls === undefined || request.scheme === 'https');
    case 'ingress':
      return ingressesOf(location).includes(key(scope.ingress));
    case 'location':
      return location !== undefined && isLocation(location, scope);
  }
}

/** Two locations can have the same path, as with Exact and Prefix `/foo`: the kind of match tells them apart. */
function isLocation(location: Location, scope: Scope & { readonly kind: 'location' }): boolean {
  const { server, path, matches } = location;
  return (
    server.host === scope.host && path === scope.path && matches.some(({ kind }) => kind === scope.match)
  );
}

function ingressesOf(location: Location | undefined): string[] {
  const owners = [location?.owner, location?.canary?.ingress].filter((ingress) => ingress !== undefined);
  return owners.map(({ ingress }) => key(ingress.ref));
}

function key(ref: ObjectRef): string {
  return `${ref.kind} ${qualifiedName(ref)}`;
}

/** A difference, and the codes of the findings that declare it. */
export interface DeclaredDifference extends Difference {
  readonly declaredBy: readonly string[];
}

/** For each difference the codes that say so: a code has to list the very field. */
export function declare(differences: readonly Difference[], coverage: Coverage): DeclaredDifference[] {
  return differences.map((difference) => {
    const codes = coverage.findings
      .filter(
        ({ type }) => type.fields.includes(difference.field) || isUnderscored(type.fields, difference.field),
      )
      .map(({ type }) => type.code);
    return { ...difference, declaredBy: [...new Set(codes)].sort() };
  });
}

/** `request-header:(underscore)` stands for every request header with an underscore in its name, and for no other. */
function isUnderscored(fields: readonly string[], field: string): boolean {
  return fields.includes('request-header:(underscore)') && /^request-header:[^:]*_/.test(field);
}
