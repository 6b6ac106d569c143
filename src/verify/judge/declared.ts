import type { Conversion } from '../../conversion/conversion.ts';
import type { Finding, Scope } from '../../domain/findings.ts';
import { type ObjectRef, qualifiedName } from '../../domain/origin.ts';
import type { Location, Server } from '../../nginx/model.ts';
import type { Difference } from './judge.ts';
import { placesOf } from './location.ts';
import type { Result } from './observation.ts';
import type { ProbeRequest } from './probe.ts';
import { isOfClass } from './requests.ts';

/** The findings of a conversion that speak of the traffic which a probe stands for. */
export interface Coverage {
  readonly findings: readonly Finding[];
  /** Those which say that the location was closed on purpose. */
  readonly closing: readonly Finding[];
  /** Whether nginx refuses every request here: an annotation it could not read. */
  readonly denied: boolean;
}

/** Tells which findings speak of a request; `nginx` is what nginx answered: some gaps touch only requests that it refused or could not pass on. */
export type CoverageReader = (request: ProbeRequest, nginx: Result | undefined) => Coverage;

/** Findings are looked up by their scope, so that a request costs the same however many there are. */
export function coverageReader(conversion: Conversion): CoverageReader {
  const placeOf = placesOf(conversion.model);
  const closed = new Set(
    conversion.outcomes.filter(({ status }) => status === 'closed').flatMap((outcome) => outcome.findings),
  );
  const byScope = new Map<string, Finding[]>();
  const all = [...conversion.findings, ...conversion.outcomes.flatMap((outcome) => outcome.findings)];
  for (const finding of new Set(all)) {
    const key = keyOf(finding.scope);
    const known = byScope.get(key);
    if (known === undefined) byScope.set(key, [finding]);
    else known.push(finding);
  }
  const classes = [
    ...new Set(
      [...byScope.values()].flatMap(([one]) => (one?.scope.kind === 'requests' ? [one.scope.which] : [])),
    ),
  ];
  return (request, nginx) => {
    const { server, location } = placeOf(request.host, request.path);
    const isMeant = ({ scope, type }: Finding): boolean =>
      (scope.kind !== 'host' || scope.tls === undefined || request.scheme === 'https') &&
      (type.requests === undefined || isOfClass(type.requests, request, nginx, server));
    const ofClass = classes.filter((which) => isOfClass(which, request, nginx, server));
    const keys = [...ofClass.map((which) => `requests ${which}`), ...keysOf(server, location)];
    const findings = keys.flatMap((key) => byScope.get(key)?.filter(isMeant) ?? []);
    return {
      findings,
      closing: findings.filter(
        (finding) =>
          finding.scope.kind !== 'platform' &&
          finding.scope.kind !== 'requests' &&
          (finding.type.code.endsWith('/closed') || closed.has(finding)),
      ),
      denied: location?.denied !== undefined || server?.denied !== undefined,
    };
  };
}

/** Findings with the same key speak of the same place. */
function keyOf(scope: Scope): string {
  switch (scope.kind) {
    case 'none':
    case 'platform':
      return scope.kind;
    case 'requests':
      return `requests ${scope.which}`;
    case 'host':
      return `host ${scope.host}`;
    case 'ingress':
      return ingressKey(scope.ingress);
    case 'location':
      return `location ${scope.host} ${scope.match} ${scope.path}`;
  }
}

/** The keys of all scopes that hold a place. Two locations can have the same path, as with Exact and Prefix `/foo`: the kind of match tells them apart. */
function keysOf(server: Server | undefined, location: Location | undefined): ReadonlySet<string> {
  const owners = [location?.owner, location?.canary?.ingress].filter((ingress) => ingress !== undefined);
  return new Set([
    'platform',
    ...(server === undefined ? [] : [`host ${server.host}`]),
    ...owners.map(({ ingress }) => ingressKey(ingress.ref)),
    ...(location?.matches ?? []).map(
      ({ kind }) => `location ${location?.server.host} ${kind} ${location?.path}`,
    ),
  ]);
}

function ingressKey(ref: ObjectRef): string {
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
